/** How much two lists share at both ends. */
export interface Shared {
  /** So many items that both begin with. */
  readonly start: number
  /** So many items that both end with, beyond those. */
  readonly end: number
}

/** What two lists begin and end with alike. */
export function sharedEnds(one: readonly unknown[], other: readonly unknown[]): Shared {
  const most = Math.min(one.length, other.length)
  let start = 0
  while (start < most && one[start] === other[start]) start += 1
  let end = 0
  while (end < most - start && one.at(-1 - end) === other.at(-1 - end)) end += 1
  return { start, end }
}
