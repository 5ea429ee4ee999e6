import { formatPlace, type Place } from '../place.ts'
import type { ErrorCode } from './codes.ts'
import { inert, inertLine } from './inert.ts'

/** @see https://nodejs.org/api/util.html#utilinspectcustom */
const inspectCustom: symbol = Symbol.for('nodejs.util.inspect.custom')

export interface ErrorParts {
  readonly code: ErrorCode
  /** What happened, in a sentence. */
  readonly what: string
  /** Why, where that is not plain from `what`. */
  readonly why?: string | undefined
  /** What the reader can do next. */
  readonly fix: string
  /** Where in the source, if the source is the cause. */
  readonly place?: Place | undefined
  readonly cause?: unknown
  /** The single failures behind a `SEVERAL_PROBLEMS`. */
  readonly errors?: readonly GeminiImageError[] | undefined
}

/**
 * Every failure that gemini-image reports. `code` is stable; the wording is not.
 *
 * `loc` and `id` follow Rollup's error fields, so that bundlers point at the declaration.
 * @see https://rollupjs.org/plugin-development/#this-error
 */
export class GeminiImageError extends Error {
  override readonly name: string = 'GeminiImageError'
  readonly code: ErrorCode
  readonly what: string
  readonly why: string | undefined
  readonly fix: string
  readonly place: Place | undefined
  /**
   * The single failures behind a `SEVERAL_PROBLEMS`. Not called `errors`: hosts take an error with such a
   * list for one of esbuild's, and report what is in the list instead (or fail where it is empty).
   */
  readonly problems: readonly GeminiImageError[]
  readonly loc: { file: string; line: number; column: number } | undefined
  readonly id: string | undefined

  constructor(given: ErrorParts) {
    const parts = withInertText(given)
    super(formatMessage(parts), parts.cause === undefined ? undefined : { cause: parts.cause })
    // Every failure of ours is foreseen; where in our code it was raised helps nobody.
    this.stack = `${this.name}: ${this.message}`
    // Hosts print errors with util.inspect, which would add every field in braces.
    Object.defineProperty(this, inspectCustom, { value: () => this.stack })
    this.code = parts.code
    this.what = parts.what
    this.why = parts.why
    this.fix = parts.fix
    this.place = parts.place
    this.problems = parts.errors ?? []
    // Hosts print the name of the file as it is.
    const shown = placeToShow(parts)
    this.id = shown?.file
    // Rollup counts columns from 0.
    this.loc = shown && { file: shown.file, line: shown.line, column: shown.column - 1 }
  }

  /** The same failure, blamed on a place; one that has a place keeps it. */
  at(place: Place): GeminiImageError {
    if (this.place) return this
    const { code, what, why, fix, cause, problems } = this
    const errors = problems.length > 0 ? problems : undefined
    return new GeminiImageError({ code, what, why, fix, place, cause, errors })
  }
}

/** The same failure in other words. */
export function reworded(
  { code, what, why, fix, place, cause }: GeminiImageError,
  words: Partial<ErrorParts>,
): GeminiImageError {
  return new GeminiImageError({ code, what, why, fix, place, cause, ...words })
}

/** Whether `value` is an error of ours, also across two copies of this package. */
export function isGeminiImageError(value: unknown): value is GeminiImageError {
  return value instanceof Error && value.name === 'GeminiImageError'
}

/** For a `catch`: an error of ours is given back, anything else is thrown on. */
export function oursOrThrow(error: unknown): GeminiImageError {
  if (isGeminiImageError(error)) return error
  throw error
}

/** What all of them gave; where several failed with errors of ours, they are told together. */
export function valuesOf<Value>(outcomes: readonly PromiseSettledResult<Value>[]): Value[] {
  const failed = outcomes.filter((one) => one.status === 'rejected').map(({ reason }) => reason)
  if (failed.length > 0) throw joinErrors(failed.map(oursOrThrow))
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}

/** What a function gives for each; where it fails with errors of ours, they are told together. */
export function mapAll<Item, Value>(
  items: readonly Item[],
  map: (item: Item, index: number) => Value,
): Value[] {
  return valuesOf(
    items.map((item, index): PromiseSettledResult<Value> => {
      try {
        return { status: 'fulfilled', value: map(item, index) }
      } catch (reason) {
        return { status: 'rejected', reason }
      }
    }),
  )
}

/** The single failures behind errors, each once: several of them may be caused by the same. */
export function eachProblem(errors: readonly GeminiImageError[]): readonly GeminiImageError[] {
  return [
    ...new Set(errors.flatMap((error) => (error.problems.length > 0 ? error.problems : error))),
  ]
}

/** One error for a list: the only one as it is, several as `SEVERAL_PROBLEMS`. */
export function joinErrors(joined: readonly GeminiImageError[]): GeminiImageError {
  const errors = eachProblem(joined)
  const [first] = errors
  if (first && errors.length === 1) return first
  return new GeminiImageError({
    code: 'SEVERAL_PROBLEMS',
    what: `${errors.length} problems:`,
    why: errors.map((error) => `\n${error.message}`).join('\n'),
    fix: 'fix each of them.',
    place: first?.place,
    errors,
  })
}

/** Names, keys and what servers say reach terminals and CI logs in messages, and must do nothing there. */
function withInertText(parts: ErrorParts): ErrorParts {
  const { what, why, fix } = parts
  return { ...parts, what: inert(what), why: why === undefined ? why : inert(why), fix: inert(fix) }
}

function placeToShow({ place }: ErrorParts): Place | undefined {
  return place && inertLine(place.file) === place.file ? place : undefined
}

function formatMessage({ code, place, what, why, fix, errors }: ErrorParts): string {
  const at = place && !errors ? ` at ${inertLine(formatPlace(place))}` : ''
  const lines = [`${code}${at}`, indent(what)]
  if (why) lines.push(indent(why))
  lines.push(indent(`What to do: ${fix}`))
  return lines.join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
