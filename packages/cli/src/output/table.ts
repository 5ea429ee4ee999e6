import process from 'node:process'
import { inertLine } from '@gemini-image/core/internal'
import { paint } from './colours.ts'
import { shorten, widthOf } from './width.ts'

type Row = readonly (string | undefined)[]

/** A path that is shorter than this tells nobody which file it is. */
const NARROWEST = 20

/**
 * Text in columns, under a dimmed head. Colours follow the terminal and `NO_COLOR`.
 * @param flexible The column of paths, from 0: in a terminal that is too narrow, it gives way.
 */
export function table(head: readonly string[], rows: readonly Row[], flexible?: number): string {
  if (rows.length === 0) return ''
  const cells = rows.map((row) => row.map((cell) => cell && inertLine(cell)))
  const all: readonly Row[] = [head.map((word) => paint('dim', word)), ...cells]
  const widths = head.map((_, column) =>
    all.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0),
  )
  const whole = widths.reduce((sum, width) => sum + width, 0) + 2 * (widths.length - 1)
  const excess = whole - terminalColumns()
  if (flexible !== undefined && excess > 0) {
    const width = widths[flexible] ?? 0
    widths[flexible] = Math.min(width, Math.max(NARROWEST, width - excess))
  }
  return all.map((row) => formatRow(row, widths)).join('\n')
}

function formatRow(row: Row, widths: readonly number[]): string {
  const cells = widths.map((width, column) => {
    const text = shorten(row[column] ?? '', width)
    return text + ' '.repeat(Math.max(0, width - widthOf(text)))
  })
  return cells.join('  ').trimEnd()
}

function terminalColumns(): number {
  const { isTTY, columns } = process.stdout
  return isTTY && columns > 0 ? columns : Number.POSITIVE_INFINITY
}

/** Paragraphs with a blank line between them; empty ones are left out. */
export function paragraphs(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`
}

/** `1 picture`, `3 pictures`. */
export function count(number: number, noun: string, plural: string = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`
}
