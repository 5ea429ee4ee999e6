import { z } from 'zod'
import { joinTexts, type Citation } from '../provider.ts'

/** A place in an answer's text as Google tells it: in bytes. */
export interface CitedBytes {
  /** Which of the answer's texts. */
  readonly text: number
  readonly start: number | undefined
  readonly end: number | undefined
  /** What stands there, where the answer says that as well. */
  readonly quote?: string | undefined
  /** Numbers of sources. */
  readonly sources: readonly number[]
}

/** The places of an answer's citations, in the text that comes of it. One that fits nowhere is left out. */
export function toCitations(
  texts: readonly string[],
  cited: readonly CitedBytes[],
): readonly Citation[] {
  const found = new Map<string, Citation>()
  for (const one of cited) {
    const place = one.sources.length > 0 ? findPlace(texts, one) : undefined
    if (!place) continue
    const key = `${place.start}-${place.end}`
    const sources = new Set([...(found.get(key)?.sources ?? []), ...one.sources])
    found.set(key, { ...place, sources: [...sources] })
  }
  return [...found.values()].toSorted((one, other) => one.start - other.start)
}

function findPlace(
  texts: readonly string[],
  { text: number, start = 0, end, quote }: CitedBytes,
): Pick<Citation, 'start' | 'end'> | undefined {
  const text = texts[number] ?? ''
  const from = toIndex(text, start)
  const to = end === undefined ? undefined : toIndex(text, end)
  const isThere = from !== undefined && to !== undefined && from < to
  if (isThere && (!quote || text.slice(from, to) === quote)) {
    return within(texts, number, from, to)
  }
  // Texts may be numbered as if thoughts, or pictures, were none.
  const other = quote ? texts.findIndex((one) => one.includes(quote)) : -1
  if (!quote || other === -1) return undefined
  const at = texts[other]?.indexOf(quote) ?? 0
  return within(texts, other, at, at + quote.length)
}

function within(
  texts: readonly string[],
  number: number,
  from: number,
  to: number,
): Pick<Citation, 'start' | 'end'> {
  const before = joinTexts([...texts.slice(0, number), '']).length
  return { start: before + from, end: before + to }
}

const bytesOf = new TextEncoder()
const textOf = new TextDecoder()

/** The index in a text of a byte of its UTF-8; `undefined` where there is none, or one inside of a character. */
function toIndex(text: string, byte: number): number | undefined {
  const bytes = bytesOf.encode(text)
  if (byte > bytes.length) return undefined
  const before = textOf.decode(bytes.subarray(0, byte))
  return text.startsWith(before) ? before.length : undefined
}

/** A number of bytes, or of something in a list; JSON leaves out zeros. */
export const offset: z.ZodType<number | undefined> = z
  .int()
  .nonnegative()
  .optional()
  .catch(undefined)
