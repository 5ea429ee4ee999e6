import { outsideBrackets, plain } from './code-text.ts'

/** What a configuration exports. */
export interface Exported {
  /** Where the statement begins. */
  readonly statement: number
  /** Where the expression begins, and where it ends. */
  readonly start: number
  readonly end: number
  /** Whether it is `module.exports`. */
  readonly isCommonJs: boolean
}

const EXPORT = /^(?:export\s+default\s+|module\.exports\s*=\s*)/gm
/** An expression of one piece: a name, a call, an object. Functions go on behind their parameters. */
const EXPRESSION = /^(?:[\w$.]+\s*)?[({]|^[\w$]+/

/** Finds what a configuration exports; `undefined` where that is no expression of one piece, or several. */
export function findExported(text: string): Exported | undefined {
  const code = plain(text)
  const [found, ...others] = [...code.matchAll(EXPORT)]
  if (!found || others.length > 0) return undefined
  const statement = found.index
  const start = statement + found[0].length
  const [head] = EXPRESSION.exec(code.slice(start)) ?? []
  if (head === undefined || /^(?:async|function|class|new)\b/.test(head)) return undefined
  const end = endOf(code, start + head.length, /[({]$/.test(head))
  const isCommonJs = found[0].startsWith('module')
  return /^\s*?(?:;|\n|$)/.test(code.slice(end)) ? { statement, start, end, isCommonJs } : undefined
}

function endOf(code: string, behindHead: number, isOpen: boolean): number {
  if (!isOpen) return behindHead
  return ([...outsideBrackets(code, behindHead)].at(-1) ?? behindHead - 1) + 2
}

const EXPORTED_OBJECT =
  /^(?:export\s+default\s+|module\.exports\s*=\s*)(?:define\w*Config\s*\(\s*)?(?:(?:async\s*)?\([^()]*\)\s*=>\s*\(\s*)?\{/m
const EXPORTED_NAME =
  /^(?:export\s+default\s+|module\.exports\s*=\s*)(?<name>[\w$]+)\s*(?:;|$|\bsatisfies\b|\bas\b)/m

/** Behind the brace of the object that a configuration exports, itself or by a name; `undefined` elsewhere. */
export function findExportedObject(text: string): number | undefined {
  const written = EXPORTED_OBJECT.exec(text)
  if (written) return written.index + written[0].length
  const name = EXPORTED_NAME.exec(text)?.groups?.['name']
  if (name === undefined) return undefined
  const declared = new RegExp(
    String.raw`^(?:const|let|var)\s+${name.replaceAll('$', String.raw`\$`)}\b[^=\n]*=\s*(?:define\w*Config\s*\(\s*)?\{`,
    'm',
  ).exec(text)
  return declared ? declared.index + declared[0].length : undefined
}

/** Behind the brace of the only object that is handed to a function, in a script of any shape. */
export function findHanded(text: string, to: RegExp): number | undefined {
  const [found, ...others] = [...plain(text).matchAll(new RegExp(to, 'g'))]
  return found && others.length === 0 ? found.index + found[0].length : undefined
}
