import { sharedEnds } from '@gemini-image/core/internal'

/** A piece of a text of which there are two versions. */
export interface ChangedWords {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}

/** Beyond these, whatever lies between what both begin and end with counts as written anew. */
const MOST_PAIRS = 4_000_000

/** In which words two texts differ; empty where they are the same. */
export function changedWords(before: string, after: string): readonly ChangedWords[] {
  if (before === after) return []
  const [a, b] = [wordsOf(before), wordsOf(after)]
  const { start, end } = sharedEnds(a, b)
  const parts = between(a.slice(start, a.length - end), b.slice(start, b.length - end))
  const same = (words: readonly string[]): ChangedWords => ({ kind: 'same', text: words.join('') })
  return joined([same(a.slice(0, start)), ...parts, same(a.slice(a.length - end))])
}

/** Words with the space behind them. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\S+\s*|\s+/g) ?? []
}

/** By the longest sequence of words that both have. */
function between(a: readonly string[], b: readonly string[]): readonly ChangedWords[] {
  if (a.length * b.length > MOST_PAIRS) {
    return [
      { kind: 'removed', text: a.join('') },
      { kind: 'added', text: b.join('') },
    ]
  }
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = lengths[i]
      if (row) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const parts: ChangedWords[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) {
      parts.push({ kind: 'same', text: b[j] ?? '' })
      i++
      j++
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      parts.push({ kind: 'removed', text: a[i++] ?? '' })
    } else parts.push({ kind: 'added', text: b[j++] ?? '' })
  }
  return parts
}

/** Neighbours of one kind together; of a change, what was taken out first. */
function joined(parts: readonly ChangedWords[]): readonly ChangedWords[] {
  const all: ChangedWords[] = []
  const change = { removed: '', added: '' }
  const flush = (): void => {
    for (const kind of ['removed', 'added'] as const) {
      if (change[kind] !== '') all.push({ kind, text: change[kind] })
      change[kind] = ''
    }
  }
  for (const { kind, text } of parts) {
    if (text === '') continue
    if (kind === 'same') {
      flush()
      all.push({ kind, text: `${all.at(-1)?.kind === 'same' ? all.pop()?.text : ''}${text}` })
    } else change[kind] += text
  }
  flush()
  return all
}
