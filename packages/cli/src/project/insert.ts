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
  /^export\s+default\s+(?:defineConfig\s*\(\s*)?(?:(?:async\s*)?\([^()]*\)\s*=>\s*\(\s*)?\{/m

/** A plugin, as a configuration takes it. */
export interface ConfiguredPlugin {
  /** What it is imported as, and called. */
  readonly name: string
  /** What it is imported from. */
  readonly from: string
  /** The list that it belongs to. */
  readonly list: 'plugins' | 'integrations'
}

/**
 * A configuration with a plugin more, in the style of the file; `undefined` where its list is not
 * written out in the object that it exports: that is a person's to change.
 */
export function insertPlugin(text: string, plugin: ConfiguredPlugin): string | undefined {
  const { name, from } = plugin
  const exported = EXPORTED_OBJECT.exec(text)
  if (!exported) return undefined
  const list = findList(plugin.list, text, exported.index + exported[0].length)
  if (list === undefined) return undefined
  const [space = ''] = /^\s*/.exec(text.slice(list)) ?? []
  const isEmpty = text[list + space.length] === ']'
  const call = `${name}()${isEmpty ? '' : ','}`
  const gap = isEmpty || space.includes('\n') ? '' : ' '
  const added = space.includes('\n') && !isEmpty ? space + call : call + gap
  const line = importLine(text, name, from)
  const before = text.search(/^import\b/m)
  const at = before === -1 ? exported.index : before
  return text.slice(0, at) + line + text.slice(at, list) + added + text.slice(list)
}

function importLine(text: string, name: string, from: string): string {
  const [, quote = "'", end = ''] = /^import\b[^'"]*(['"])[^'"]*['"](;?)/m.exec(text) ?? []
  const line = `import ${name} from ${quote}${from}${quote}${end}${newlineOf(text)}`
  return /^import\b/m.test(text) ? line : line + newlineOf(text)
}

/** What stands in code without being it: comments, texts, and expressions. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//g

/** Behind the bracket of `plugins: [`, where that is a property of the object that begins at `start`. */
function findList(name: string, text: string, start: number): number | undefined {
  const property = new RegExp(`^${name}\\s*:\\s*\\[`)
  const code = text.replaceAll(OPAQUE, (part) => ' '.repeat(part.length))
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
