import { GeminiImageError, oursOrThrow } from '../../errors/error.ts'
import type { Declaration } from '../declaration.ts'
import { findOurImports, type OurImport } from './imports.ts'
import { toInlineDeclaration } from './inline-declaration.ts'
import { readLiteral, settingsOf } from './literal.ts'
import type { Source } from './source.ts'

/** The name of the macro, where it is exported. */
const MACRO = 'geminiImage'

/** A call of the macro: `geminiImage({ prompt: '…' })`. */
export interface MacroCall {
  /** What it declares, or what is wrong with it. */
  readonly declaration: Declaration | GeminiImageError
  /** Offsets of the call. */
  readonly start: number
  readonly end: number
}

/** The macro in a source file. */
export interface Macros {
  readonly imports: readonly OurImport[]
  readonly calls: readonly MacroCall[]
}

/** Finds the calls of the macro in source code of any kind. */
export function findMacros(source: Source): Macros {
  const imports = findOurImports(source, 'macro')
  const names = imports.flatMap(({ names }) => [...names].filter(([, there]) => there === MACRO))
  const calls = names.flatMap(([name]) => findCalls(name, source))
  return { imports, calls: calls.toSorted((one, other) => one.start - other.start) }
}

function findCalls(name: string, source: Source): MacroCall[] {
  // Behind one dot stands a property, behind three a call that is spread.
  const free = String.raw`(?<![\w$])(?<!(?<!\.\.)\.)`
  const call = new RegExp(`${free}${name.replaceAll('$', '\\$')}\\s*\\(\\s*`, 'g')
  return [...source.text.matchAll(call)].flatMap((match) => {
    if (source.isInert(match.index)) return []
    const start = match.index
    return readCall(start, start + match[0].length, source)
  })
}

function readCall(start: number, argument: number, source: Source): MacroCall {
  const { text, placeAt } = source
  try {
    const { node } = readLiteral(text, argument, placeAt)
    const settings = settingsOf(node, placeAt)
    const [closing] = /^\s*,?\s*\)/.exec(text.slice(node.end)) ?? []
    if (closing === undefined) throw notOneObject(source, node.end)
    const declaration = toInlineDeclaration({ settings, place: placeAt(argument) }, source)
    return { declaration, start, end: node.end + closing.length }
  } catch (error) {
    return { declaration: oursOrThrow(error), start, end: argument }
  }
}

function notOneObject({ placeAt }: Source, offset: number): GeminiImageError {
  return new GeminiImageError({
    code: 'NOT_STATIC',
    what: 'The macro takes one object, and nothing behind it.',
    fix: "write geminiImage({ prompt: '…', alt: '…' }).",
    place: placeAt(offset),
  })
}
