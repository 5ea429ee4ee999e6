import type { Setting } from '../declaration.ts'
import type { Place } from '../../kernel/place.ts'
import { readPlainSettings } from '../plain-settings.ts'
import type { PictureFields } from './data.ts'

/** A field of frontmatter that holds settings. */
export interface PlainBlock {
  readonly field: string
  readonly settings: ReadonlyMap<string, Setting>
}

/** Frontmatter, taken apart. */
export interface PlainData {
  /** Fields of the first level that hold pictures, as blocks of settings. */
  readonly blocks: readonly PlainBlock[]
  /** All other fields of the first level. */
  readonly scalars: ReadonlyMap<string, Setting>
}

const FIELD = /^([\w-]+):(.*)$/
const INDENTED = /^( +)\S/
/** A day, with or without a time: any text could stand there. */
const DATE = /(?<=^[\w-]+: +)\d{4}-\d\d-\d\d(?:[T ][\d:.]+Z?)?$/

/**
 * Reads frontmatter in which a picture is a block of plain settings below a field, and everything else
 * is plain as well: nearly all there is, and many times faster than a YAML parser. What is anything
 * else, or wrong, is left to that: `undefined`.
 * @param placeOf The place of a line and a column of the text, from 1.
 */
export function readPlainData(
  yaml: string,
  fields: PictureFields,
  placeOf: (line: number, column: number) => Place,
): PlainData | undefined {
  if (fields === 'any') return undefined
  const lines = yaml.split('\n')
  const blocks: PlainBlock[] = []
  // Blocks that are dealt with leave empty lines behind, so that numbers stay.
  const rest = lines.map((line) => line.replace(DATE, 'day'))
  for (const [index, line] of lines.entries()) {
    const [, field, value] = FIELD.exec(line) ?? []
    if (field === undefined || value !== '' || !fields.has(field)) continue
    const end = endOfBlock(lines, index + 1)
    const settings = readBlock(lines.slice(index + 1, end), index + 1, placeOf)
    if (!settings || blocks.some((block) => block.field === field)) return undefined
    blocks.push({ field, settings })
    rest.fill('', index, end)
  }
  const scalars = readPlainSettings(rest.join('\n'), placeOf)
  return scalars && !blocks.some(({ field }) => scalars.has(field))
    ? { blocks, scalars }
    : undefined
}

/** The first line behind a block that is not indented. */
function endOfBlock(lines: readonly string[], start: number): number {
  let end = start
  while (end < lines.length && (lines[end] === '' || INDENTED.test(lines[end] ?? ''))) end += 1
  return end
}

function readBlock(
  lines: readonly string[],
  start: number,
  placeOf: (line: number, column: number) => Place,
): ReadonlyMap<string, Setting> | undefined {
  const [, indent = ''] = INDENTED.exec(lines[0] ?? '') ?? []
  if (indent === '' || lines.some((line) => line !== '' && !line.startsWith(indent)))
    return undefined
  const text = lines.map((line) => line.slice(indent.length)).join('\n')
  return readPlainSettings(text, (line, column) => placeOf(start + line, column + indent.length))
}
