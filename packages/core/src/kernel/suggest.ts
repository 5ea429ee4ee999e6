import { distance } from 'fastest-levenshtein'

/** `Did you mean "x"? `, or nothing where no candidate is close. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const wanted = word.toLowerCase()
  let best: string | undefined
  // A third of the word may differ: one letter in "alt", four in "aspect_ratio".
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const d = distance(wanted, candidate.toLowerCase())
    if (d < bestDistance) {
      best = candidate
      bestDistance = d
    }
  }
  return best === undefined ? '' : `Did you mean "${best}"? `
}

/** `1:1, 16:9 and 4:3`. */
export function listWords(words: readonly string[]): string {
  if (words.length < 2) return words.join('')
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
