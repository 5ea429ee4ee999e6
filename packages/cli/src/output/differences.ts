import { sharedEnds } from '@gemini-image/core/internal'

/** Lines in which two texts differ. */
export interface Difference {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** What is left of two texts without the lines with which both begin and end. */
export function differenceOf(before: string, after: string): Difference {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const { start, end } = sharedEnds(a, b)
  return { before: a.slice(start, a.length - end), after: b.slice(start, b.length - end) }
}
