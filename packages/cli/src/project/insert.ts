/** The line ending that a text uses. */
function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** A text with a line at its end; all that was there stays as it is. */
export function appendLine(text: string, line: string): string {
  const newline = newlineOf(text)
  const gap = text === '' || text.endsWith('\n') ? '' : newline
  return `${text}${gap}${line}${newline}`
}

/** A text with a line at its head, behind a byte order mark. */
export function prependLine(text: string, line: string): string {
  const [mark = ''] = /^\uFEFF?/.exec(text) ?? []
  return `${mark}${line}${newlineOf(text)}${text.slice(mark.length)}`
}

const EXPORTED_OBJECT =
  /^export\s+default\s+(?:define\w*Config\s*\(\s*)?(?:(?:async\s*)?\([^()]*\)\s*=>\s*\(\s*)?\{/m

/** A plugin, as a configuration takes it. */
export interface ConfiguredPlugin {
  /** What it is imported as, and called; `undefined` where the host loads it by what it comes from. */
  readonly name?: string
  /** What it is imported from. */
  readonly from: string
  /** The list that it belongs to, from the exported object: the last is the list, the others are objects. */
  readonly path: readonly string[]
}

/** A plugin in code: the line that imports it, where there is one, and the property that holds it. */
export function writtenPlugin({ name, from, path }: ConfiguredPlugin): {
  line: string | undefined
  list: string
} {
  const item = itemOf({ name, from })
  const list = path.reduceRight(
    (inner, key) => (inner === '' ? `${key}: [${item}]` : `${key}: { ${inner} }`),
    '',
  )
  return { line: name === undefined ? undefined : `import ${name} from '${from}'`, list }
}

function itemOf({
  name,
  from,
}: Pick<ConfiguredPlugin, 'from'> & { name: string | undefined }): string {
  return name === undefined ? `'${from}'` : `${name}()`
}

/**
 * A configuration with a plugin more, in the style of the file; `undefined` where its list is not
 * written out in the object that it exports: that is a person's to change.
 */
export function insertPlugin(text: string, plugin: ConfiguredPlugin): string | undefined {
  const exported = EXPORTED_OBJECT.exec(text)
  if (!exported) return undefined
  const added = additionTo(text, exported.index + exported[0].length, plugin)
  if (!added) return undefined
  const { at, written } = added
  const whole = text.slice(0, at) + written + text.slice(at)
  if (plugin.name === undefined) return whole
  const line = importLine(text, plugin.name, plugin.from)
  const before = text.search(/^import\b/m)
  const head = before === -1 ? exported.index : before
  return whole.slice(0, head) + line + whole.slice(head)
}

interface Addition {
  readonly at: number
  readonly written: string
}

/** What is written into the object that begins at `start`, and where. */
function additionTo(
  text: string,
  start: number,
  { name, from, path }: ConfiguredPlugin,
): Addition | undefined {
  const [key = '', ...rest] = path
  const isList = rest.length === 0
  const found = findProperty(key, isList ? '[' : '{', text, start)
  if (found !== undefined) {
    if (!isList) return additionTo(text, found, { from, path: rest, ...(name && { name }) })
    return additionOf(itemOf({ name, from }), ']', text, found)
  }
  // A list that is missing may be put together elsewhere, and so may an object.
  const isAbsent = !isList && !new RegExp(`\\b${key}\\b`).test(plain(text).slice(start))
  const { list } = writtenPlugin({ from, path, ...(name && { name }) })
  return isAbsent ? additionOf(list, '}', text, start) : undefined
}

/** Something more, as the first in brackets that begin at `at`. */
function additionOf(item: string, closing: string, text: string, at: number): Addition {
  const [space = ''] = /^\s*/.exec(text.slice(at)) ?? []
  const isEmpty = text[at + space.length] === closing
  const call = `${item}${isEmpty ? '' : ','}`
  const isOnLines = space.includes('\n')
  if (isOnLines && !isEmpty) return { at, written: space + call }
  const isBare = closing === '}' && isEmpty && !isOnLines
  if (isBare) return { at, written: ` ${call}${space === '' ? ' ' : ''}` }
  return { at, written: closing === '}' ? ` ${call}` : call + (isEmpty || isOnLines ? '' : ' ') }
}

function importLine(text: string, name: string, from: string): string {
  const [, quote = "'", end = ''] = /^import\b[^'"]*(['"])[^'"]*['"](;?)/m.exec(text) ?? []
  const line = `import ${name} from ${quote}${from}${quote}${end}${newlineOf(text)}`
  return /^import\b/m.test(text) ? line : line + newlineOf(text)
}

/** What stands in code without being it: comments, texts, and expressions. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//g

/** Code of the same length, without what only stands in it. */
function plain(text: string): string {
  return text.replaceAll(OPAQUE, (part) => ' '.repeat(part.length))
}

/** Behind the bracket of `plugins: [`, where that is a property of the object that begins at `start`. */
function findProperty(
  name: string,
  bracket: '[' | '{',
  text: string,
  start: number,
): number | undefined {
  const property = new RegExp(`^${name}\\s*:\\s*\\${bracket}`)
  const code = plain(text)
  let depth = 0
  for (let at = start; at < code.length && depth >= 0; at += 1) {
    const character = code[at] ?? ''
    if ('{[('.includes(character)) depth += 1
    if ('}])'.includes(character)) depth -= 1
    if (depth !== 0 || !/[{,\s]/.test(code[at - 1] ?? '')) continue
    const [found] = property.exec(code.slice(at, at + 200)) ?? []
    if (found !== undefined) return at + found.length
  }
  return undefined
}
