/**
 * How alike two prompts are, from 0 to 1: the share of words that they have in common. An inline declaration
 * has no name that outlives an edit, so its words must tell what it was before.
 * @see https://en.wikipedia.org/wiki/Dice-S%C3%B8rensen_coefficient
 */
export function likeness(one: string, other: string): number {
  const [ours, theirs] = [wordsOf(one), wordsOf(other)]
  const shared = [...ours].filter((word) => theirs.has(word)).length
  return ours.size + theirs.size === 0 ? 1 : (2 * shared) / (ours.size + theirs.size)
}

/** From here on two prompts are taken for versions of one: "A leaf" and "A tree" are at 0.5. */
export const ALIKE = 0.6

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu))
}
