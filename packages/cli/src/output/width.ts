import { withoutColours } from './colours.ts'

/**
 * Characters that take two columns: East Asian wide ones and emoji.
 * @see https://www.unicode.org/reports/tr11/
 */
const WIDE =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u

/** Nearly all text: characters of one column each, which combine with no other. */
const PLAIN = /^[\u0020-\u007E\u00A0-\u02FF\u2010-\u2027]*$/
/** The same with Greek, Cyrillic, Chinese, Japanese and Korean: a character is what people take for one. */
const SIMPLE =
  /^[\u0020-\u007E\u00A0-\u02FF\u0370-\u0482\u048A-\u052F\u2010-\u2027\u3000-\u3029\u3041-\u3096\u30A1-\u30FF\u3400-\u4DBF\u4E00-\u9FFF\uAC00-\uD7A3\uFF01-\uFF60]*$/

/** The columns that a text takes in a terminal. */
export function widthOf(text: string): number {
  const plain = withoutColours(text)
  if (PLAIN.test(plain)) return plain.length
  return [...clusters(plain)].reduce((width, cluster) => width + (WIDE.test(cluster) ? 2 : 1), 0)
}

/** The end of a text, behind an ellipsis, where it takes more columns than there are. */
export function shorten(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  const kept: string[] = []
  let left = columns - 1
  for (const cluster of [...clusters(text)].toReversed()) {
    left -= widthOf(cluster)
    if (left < 0) break
    kept.unshift(cluster)
  }
  return `…${kept.join('')}`
}

/** What people take for one character each. Making a segmenter takes longer than a table's row. */
function* clusters(text: string): Generator<string> {
  if (SIMPLE.test(text)) yield* text
  else for (const { segment } of new Intl.Segmenter().segment(text)) yield segment
}
