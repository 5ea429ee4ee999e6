import { newlineOf, outsideBrackets, plain } from './code-text.ts'
import { findExported, findExportedObject, findHanded } from './exported.ts'

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

/** What a configuration imports. */
export interface Imported {
  /** What it is called; `{ name }` where it is no default export. */
  readonly name: string
  readonly from: string
}

/** A plugin, as a configuration takes it. */
export interface ConfiguredPlugin {
  /** What it is imported as, and called; `undefined` where the host loads it by what it comes from. */
  readonly name?: string
  /** What it is imported from. */
  readonly from: string
  /** The list that it belongs to, from the object: the last is the list, the others are objects. */
  readonly path: readonly string[]
  /** Matches up to the brace of the object, where that is handed to a function. @default what is exported */
  readonly handedTo?: RegExp
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
 * written out in the object: that is a person's to change.
 */
export function insertPlugin(text: string, plugin: ConfiguredPlugin): string | undefined {
  const { name, from, handedTo } = plugin
  const start = handedTo ? findHanded(text, handedTo) : findExportedObject(text)
  if (start === undefined) return undefined
  const added = additionTo(text, start, plugin)
  if (!added) return undefined
  const { at, written } = added
  const whole = text.slice(0, at) + written + text.slice(at)
  return name === undefined ? whole : withImport(whole, { name, from })
}

/** A configuration of which a function makes another; `undefined` where what it exports is no single expression. */
export function wrapExported(text: string, { name, from }: Imported): string | undefined {
  const exported = findExported(text)
  if (!exported) return undefined
  const { start, end } = exported
  const called = name.replaceAll(/[{} ]/g, '')
  const wrapped = `${text.slice(0, start)}${called}(${text.slice(start, end)})${text.slice(end)}`
  return withImport(wrapped, { name, from })
}

/** What an exported object is to hold; `undefined` where it may have a property of this name. */
export function insertProperty(
  text: string,
  written: string,
  imported: Imported,
): string | undefined {
  const start = findExportedObject(text)
  const [name = ''] = written.split(':', 1)
  if (start === undefined || mayHave(name, text, start)) return undefined
  const { at, written: added } = additionOf(written, '}', text, start)
  return withImport(text.slice(0, at) + added + text.slice(at), imported)
}

const EXPORTED_FUNCTION =
  /^(?:export\s+default\s+|module\.exports\s*=\s*)(?:async\s+)?(?:function\b\s*[\w$]*\s*\(\s*(?<named>[\w$]+)\s*\)|\(?\s*(?<arrow>[\w$]+)\s*\)?\s*=>)\s*\{(?=(?<newline>\r?\n)(?<indent>[ \t]*))/m

/**
 * An exported function that begins with a call of its parameter; `undefined` where none is written out.
 * @param call Behind the name of the parameter: `.addPlugin(geminiImage)`.
 */
export function insertCall(text: string, call: string, imported: Imported): string | undefined {
  const found = EXPORTED_FUNCTION.exec(text)
  if (!found) return undefined
  const { named, arrow, newline = '', indent = '' } = found.groups ?? {}
  const end = /;\s*$/m.test(text) ? ';' : ''
  const added = `${newline}${indent || '  '}${named ?? arrow}${call}${end}`
  const at = found.index + found[0].length
  return withImport(text.slice(0, at) + added + text.slice(at), imported)
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
  const { list } = writtenPlugin({ from, path, ...(name && { name }) })
  return mayHave(key, text, start) ? undefined : additionOf(list, '}', text, start)
}

/** Whether an object has a property, or may have: it may be put together elsewhere, or come with others. */
function mayHave(key: string, text: string, start: number): boolean {
  const code = plain(text)
  if (new RegExp(String.raw`\b${key}\b`).test(code.slice(start))) return true
  if (new RegExp(String.raw`['"]${key}['"]\s*:`).test(text)) return true
  return [...outsideBrackets(code, start)].some((at) => code.startsWith('...', at))
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

const IMPORT = /^import\b/m
const REQUIRE = /^(?:const|let|var)\b[^=\n]*=\s*require\(/m
const MODULE_EXPORTS = /^module\.exports\b/m

/** A module with an import more, in front of its others; where all is CommonJS, what is required. */
function withImport(text: string, { name, from }: Imported): string {
  const isCommonJs = !IMPORT.test(text) && MODULE_EXPORTS.test(plain(text))
  const others = isCommonJs ? REQUIRE : IMPORT
  const first = text.search(others)
  const head = first === -1 ? placeOfFirst(text) : first
  const [, quote = "'", end = /;\s*$/m.test(text) ? ';' : ''] =
    /^(?:import\b[^'"]*|.*=\s*require\()(['"])[^'"]*['"]\)?(;?)/m.exec(text) ?? []
  const newline = newlineOf(text)
  const specifier = quote + from + quote
  const line = isCommonJs
    ? `const ${name} = require(${specifier})${name.startsWith('{') ? '' : '.default'}${end}`
    : `import ${name} from ${specifier}${end}`
  const gap = first === -1 ? newline : ''
  return `${text.slice(0, head)}${line}${newline}${gap}${text.slice(head)}`
}

/** What is said of the statement that follows: comments right above it, but for those that TypeScript heeds in a file. */
const COMMENTS_ABOVE =
  /(?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n|(?<![^\n])\/\/(?!\s*@ts-)[^\n]*\n)*$/

/** In front of the first statement that begins a line, and of what is said of it. */
function placeOfFirst(text: string): number {
  const code = plain(text)
  const first = Math.max(0, code.search(/^(?!\s|$)(?!['"])[^\n]/m))
  const [above = ''] = COMMENTS_ABOVE.exec(text.slice(0, first)) ?? []
  return first - above.length
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
  for (const at of outsideBrackets(code, start)) {
    if (!/[{,\s]/.test(code[at - 1] ?? '')) continue
    const [found] = property.exec(code.slice(at, at + 200)) ?? []
    if (found !== undefined) return at + found.length
  }
  return undefined
}
