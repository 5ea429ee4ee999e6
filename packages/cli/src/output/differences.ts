/** Lines in which two texts differ. */
export interface Difference {
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** What is left of two texts without the lines with which both begin and end. */
export function differenceOf(before: string, after: string): Difference {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const most = Math.min(a.length, b.length)
  let start = 0
  while (start < most && a[start] === b[start]) start += 1
  let end = 0
  while (end < most - start && a.at(-1 - end) === b.at(-1 - end)) end += 1
  return { before: a.slice(start, a.length - end), after: b.slice(start, b.length - end) }
}
