/** What stands in code without being it: comments, texts, and expressions. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|(?<=[(,=:[!&|?{};]\s*)\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//g

/** Code of the same length, without what only stands in it. */
export function plain(text: string): string {
  return text.replaceAll(OPAQUE, (part) => ' '.repeat(part.length))
}

/** The offsets of `code` from `start` on that no bracket encloses, up to the one that closes what is around. */
export function* outsideBrackets(code: string, start: number): Generator<number> {
  let depth = 0
  for (let at = start; at < code.length; at += 1) {
    const character = code[at] ?? ''
    if ('}])'.includes(character)) depth -= 1
    if (depth < 0) return
    if (depth === 0) yield at
    if ('{[('.includes(character)) depth += 1
  }
}

/** The line ending that a text uses. */
export function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}
