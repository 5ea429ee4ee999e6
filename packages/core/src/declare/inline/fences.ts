/** The language of a fenced code block that declares a picture. */
export const FENCE_LANGUAGE = 'gemini-image'

/** A fenced code block of a Markdown text. */
export interface Fence {
  /** Offsets of the whole block. */
  readonly start: number
  readonly end: number
  /** What stands before its fence: in a list, it is indented. */
  readonly indent: string
  /** The first word behind its opening fence; empty where there is none. */
  readonly language: string
  /** The lines between its fences. */
  readonly content: string
  /** Where they begin. */
  readonly contentStart: number
}

const OPENING = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^\r\n]*?)[ \t]*(?:\r?\n|$)/gm

/**
 * The fenced code blocks of a Markdown text. What looks like one inside of another is a part of that.
 * @see https://spec.commonmark.org/0.31.2/#fenced-code-blocks
 */
export function* findFences(text: string): Generator<Fence> {
  const opening = new RegExp(OPENING)
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [whole, indent = '', fence = '', info = ''] = match
    // What has backticks in one line is code in that line.
    if (fence.startsWith('`') && info.includes('`')) continue
    const contentStart = match.index + whole.length
    const closing = new RegExp(`^[ \\t]*${fence}${fence.charAt(0)}*[ \\t]*\\r?$`, 'gm')
    closing.lastIndex = contentStart
    const closed = closing.exec(text)
    const content = text.slice(contentStart, closed?.index)
    const end = closed ? closed.index + closed[0].length : text.length
    const [language = ''] = info.split(/\s/, 1)
    yield { start: match.index, end, indent, language, content, contentStart }
    opening.lastIndex = end
  }
}
