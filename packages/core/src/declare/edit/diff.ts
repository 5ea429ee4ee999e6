import { sharedEnds } from '../../kernel/differing.ts'

/** Lines that are shown above and below what differs. */
const CONTEXT = 2

/** What differs between two versions of a file, as a unified diff with one hunk; empty where nothing does. */
export function diffOf(path: string, before: string, after: string): string {
  const [a, b] = [linesOf(before), linesOf(after)]
  const { start, end } = sharedEnds(a, b)
  if (start === a.length && start === b.length) return ''
  const from = Math.max(0, start - CONTEXT)
  const below = a.slice(a.length - end, a.length - end + CONTEXT)
  const removed = a.slice(start, a.length - end)
  const added = b.slice(start, b.length - end)
  const above = a.slice(from, start)
  const size = (lines: readonly string[]): number => above.length + lines.length + below.length
  return [
    `--- a/${path}`,
    `+++ b/${path}`,
    `@@ -${from + 1},${size(removed)} +${from + 1},${size(added)} @@`,
    ...above.map((line) => ` ${line}`),
    ...removed.map((line) => `-${line}`),
    ...added.map((line) => `+${line}`),
    ...below.map((line) => ` ${line}`),
  ].join('\n')
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/)
}
