import { stripVTControlCharacters, styleText } from 'node:util'

/** Text in columns, under a dimmed head. Colours follow the terminal and `NO_COLOR`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | undefined)[])[],
): string {
  if (rows.length === 0) return ''
  const all = [head.map((word) => styleText('dim', word)), ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => visible(row[column]))))
  return all
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Paragraphs with a blank line between them; empty ones are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** `1 picture`, `3 pictures`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function visible(text = ''): number {
  return stripVTControlCharacters(text).length
}

function pad(text = '', width: number): string {
  return text + ' '.repeat(Math.max(0, width - visible(text)))
}
