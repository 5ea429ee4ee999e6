/** A part of a text, and what is to stand in its place. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** A text with parts of it replaced; nothing else is touched. */
export function spliced(text: string, ...splices: readonly Splice[]): string {
  const inOrder = splices.toSorted((a, b) => a.start - b.start)
  let result = ''
  let at = 0
  for (const { start, end, text: part } of inOrder) {
    result += text.slice(at, start) + part
    at = end
  }
  return result + text.slice(at)
}

/** The line ending of a text. */
export function newlineOf(text: string): string {
  return /\r\n|\r|\n/.exec(text)?.[0] ?? '\n'
}

/** The offset of the line that an offset is in. */
export function lineStart(text: string, at: number): number {
  return Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1
}

/** The offset of the line ending of the line that an offset is in. */
export function lineEnd(text: string, at: number): number {
  const found = text.slice(at).search(/\r|\n/)
  return found === -1 ? text.length : at + found
}

/** The offset of the next line. */
export function nextLine(text: string, at: number): number {
  const end = lineEnd(text, at)
  return end + (/^(?:\r\n|\r|\n)/.exec(text.slice(end, end + 2))?.[0].length ?? 0)
}

/** A place in a list or an object, between commas. */
export interface Item {
  readonly start: number
  readonly end: number
}

/** The white space before an item, which sets it apart from the one before. */
export function gapBefore(text: string, { start }: Item): string {
  return /\s*$/.exec(text.slice(0, start))?.[0] ?? ''
}

const COMMA = /^\s*,\s*$/

/** Takes an item out of a list of at least two, with the comma that it no longer needs. */
export function cutItem(text: string, items: readonly Item[], index: number): string | undefined {
  const [before, item, next] = [items[index - 1], items[index], items[index + 1]]
  if (!item) return undefined
  if (before && COMMA.test(text.slice(before.end, item.start))) {
    return spliced(text, { start: before.end, end: item.end, text: '' })
  }
  if (next && COMMA.test(text.slice(item.end, next.start))) {
    return spliced(text, { start: item.start, end: next.start, text: '' })
  }
  // A comment stands beside it, and stays.
  const comma = /^\s*,[ \t]*/.exec(text.slice(item.end))?.[0].length
  return comma === undefined
    ? undefined
    : spliced(text, { start: item.start, end: item.end + comma, text: '' })
}
