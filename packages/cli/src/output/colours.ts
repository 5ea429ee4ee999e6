import { styleText } from 'node:util'

/** The formats in use. */
const FORMATS = ['dim', 'green', 'cyan', 'yellow', 'blue', 'gray', 'red'] as const

/** A format of text. */
export type Format = (typeof FORMATS)[number]

/** Private-use signs: one for each format, and one for its end. */
const FIRST = 0xf0000
const END = '\u{F00FF}'
const PAINTED = /([\u{F0000}-\u{F0006}])([^\u{F0000}-\u{F00FF}]*)\u{F00FF}/gu
const MARKS = /[\u{F0000}-\u{F0006}\u{F00FF}]/gu

/**
 * Text in one of our formats. Until it is printed, private-use signs stand for the colours: every escape sequence
 * in a text is then data, and is not obeyed.
 */
export function paint(format: Format, text: string): string {
  return `${String.fromCodePoint(FIRST + FORMATS.indexOf(format))}${text}${END}`
}

/** Text with its colours as a stream takes them. */
export function withColours(text: string, stream: NodeJS.WritableStream): string {
  return text
    .replaceAll(PAINTED, (_, mark: string, inside: string) => {
      const format = FORMATS[(mark.codePointAt(0) ?? 0) - FIRST] ?? 'dim'
      return styleText(format, inside, { stream })
    })
    .replaceAll(MARKS, '')
}

/** Text without its colours. */
export function withoutColours(text: string): string {
  return text.replaceAll(MARKS, '')
}
