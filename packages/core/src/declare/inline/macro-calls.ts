import { GeminiImageError, oursOrThrow } from '../../kernel/errors/error.ts'
import { findOurImports, type OurImport } from './imports.ts'
import { writeRenditionQuery } from '../../pixels/renditions/query.ts'
import type { Declaration, Setting } from '../declaration.ts'
import { toInlineDeclaration } from './inline-declaration.ts'
import { readLiteral, settingsOf } from './literal.ts'
import type { Source } from './source.ts'

/** The names of the macros, where they are exported, and what their calls become. */
const MACROS: ReadonlyMap<string, 'object' | 'picture'> = new Map([
  ['geminiImage', 'object'],
  ['geminiPicture', 'picture'],
])
/** The setting that says which renditions are wanted; it is no part of the declaration. */
const RENDITION = 'rendition'

/** A call of a macro: `geminiImage({ prompt: '…' })`. */
export interface MacroCall {
  /** What it declares, or what is wrong with it. */
  readonly declaration: Declaration | GeminiImageError
  /** What the call becomes, and the rendition settings for it: `?widths=400`, or empty. */
  readonly form: 'object' | 'picture'
  readonly query: string
  readonly start: number
  readonly end: number
}

interface Macros {
  readonly imports: readonly OurImport[]
  readonly calls: readonly MacroCall[]
}

export function findMacros(source: Source): Macros {
  const imports = findOurImports(source, 'macro')
  const calls = imports.flatMap(({ names }) =>
    [...names].flatMap(([name, there]) => {
      const form = MACROS.get(there)
      return form === undefined ? [] : findCalls(name, form, source)
    }),
  )
  return { imports, calls: calls.toSorted((one, other) => one.start - other.start) }
}

function findCalls(name: string, form: MacroCall['form'], source: Source): MacroCall[] {
  // Behind one dot stands a property, behind three a call that is spread.
  const free = String.raw`(?<![\w$])(?<!(?<!\.\.)\.)`
  const call = new RegExp(`${free}${name.replaceAll('$', '\\$')}\\s*\\(\\s*`, 'g')
  return [...source.text.matchAll(call)].flatMap((match) => {
    if (source.isInert(match.index)) return []
    const start = match.index
    return readCall({ start, argument: start + match[0].length, form }, source)
  })
}

interface CallSite extends Pick<MacroCall, 'start' | 'form'> {
  readonly argument: number
}

function readCall({ start, argument, form }: CallSite, source: Source): MacroCall {
  const { text, placeAt } = source
  try {
    const { node } = readLiteral(text, argument, placeAt)
    const settings = new Map(settingsOf(node, placeAt))
    const query = form === 'picture' ? takeRendition(settings) : ''
    const [closing] = /^\s*,?\s*\)/.exec(text.slice(node.end)) ?? []
    if (closing === undefined) throw notOneObject(source, node.end)
    const declaration = toInlineDeclaration({ settings, place: placeAt(argument) }, source)
    return { declaration, form, query, start, end: node.end + closing.length }
  } catch (error) {
    return { declaration: oursOrThrow(error), form, query: '', start, end: argument }
  }
}

/** Takes what says which renditions are wanted out of the settings of a picture. */
function takeRendition(settings: Map<string, Setting>): string {
  const written = settings.get(RENDITION)
  settings.delete(RENDITION)
  if (written === undefined) return ''
  try {
    return writeRenditionQuery(written.value)
  } catch (error) {
    throw oursOrThrow(error).at(written.valuePlace())
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
