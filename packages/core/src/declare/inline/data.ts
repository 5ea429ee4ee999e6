import type { Document, Scalar, YAMLMap } from 'yaml'
import { GeminiImageError, oursOrThrow } from '../../kernel/errors/error.ts'
import type { Declaration, Setting } from '../declaration.ts'
import type { Place } from '../../kernel/place.ts'
import { SETTING_NAMES } from '../settings.ts'
import { isMarkdown } from './content.ts'
import { promptPathOf } from '../selection.ts'
import { parseToml } from '../toml.ts'
import { settingsOfMap } from '../yaml-settings.ts'
import {
  keyText,
  LONGEST_TEXT,
  YamlValues,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
} from '../yaml.ts'
import { toInlineDeclaration } from './inline-declaration.ts'
import { findInJson } from './json.ts'
import type { Source } from './source.ts'
import { readPlainSettings } from '../plain-settings.ts'

/** Which fields hold pictures: those of these names, or any that looks like a picture's settings. */
export type PictureFields = Pick<ReadonlySet<string>, 'has'> | 'any'

/** Fields of any name, whatever stands beside the prompt: for whoever knows what to look for. */
export const EVERY_FIELD: PictureFields = { has: () => true }

/** A prompt file that content names. */
export interface NamedFile {
  /** Its path as written, with what selects one of several pictures as ids have it. */
  readonly specifier: string
  readonly place: Place
}

interface DataAsks {
  readonly files: readonly NamedFile[]
  readonly declarations: readonly (Declaration | GeminiImageError)[]
}

const NOTHING: DataAsks = { files: [], declarations: [] }
/** YAML between dashes, or TOML between plus signs. */
const FRONTMATTER = /^\uFEFF?\s*(-{3}|\+{3})[ \t]*\r?\n([^]*?)^\1[ \t]*\r?$/m
const IS_DATA_FILE = /\.(?:ya?ml|json)$/
const KNOWN = new Set(['prompt', ...SETTING_NAMES])

/**
 * Finds the pictures that frontmatter, a YAML, TOML or JSON file declares. A text that cannot be read is
 * passed over: whoever needs the file says what is wrong with it.
 */
export function findInData(source: Source, fields: PictureFields): DataAsks {
  const data = dataOf(source)
  if (!data || !MAY_DECLARE.test(data.text)) return NOTHING
  if (data.isToml) return findInToml(data, source, fields)
  const parts = source.file.endsWith('.json') ? partsOfJson(data.text, fields) : undefined
  if (!parts) return findInPlain(data, source, fields) ?? findInYaml(data, source, fields)
  const found = parts.map((part) => findInYaml(part, source, fields))
  return {
    files: found.flatMap(({ files }) => files),
    declarations: found.flatMap(({ declarations }) => declarations),
  }
}

const MAY_DECLARE = /(?:prompt|template)["']?\s*[:=]|\.prompt\.md/

interface DataPart {
  readonly text: string
  readonly offset: number
  /** The nearest key above it. */
  readonly field?: string | undefined
  readonly isToml?: boolean
}

function partsOfJson(text: string, fields: PictureFields): readonly DataPart[] | undefined {
  const parts = findInJson(text, {
    isPicture: (field, keys) => field !== undefined && declares(field, keys, fields),
    isName: (field, written) =>
      promptPathOf(written.slice(1, -1)) !== undefined && isPicture(field, fields),
  })
  return parts?.map(({ start, end, field }) => ({
    text: text.slice(start, end),
    offset: start,
    field,
  }))
}

function findInPlain(yaml: DataPart, source: Source, fields: PictureFields): DataAsks | undefined {
  const start = source.placeAt(yaml.offset)
  const data = readPlainData(yaml.text, fields, (line, column) => ({
    ...start,
    line: start.line + line - 1,
    column,
  }))
  if (!data || fields === 'any') return undefined
  // Whatever is no picture of its own may hold one deeper inside.
  if (!data.blocks.every(({ settings }) => settings.has('prompt') || settings.has('template'))) {
    return undefined
  }
  const files = [...data.scalars].flatMap(([field, setting]) =>
    fields.has(field) ? filesOf(setting) : [],
  )
  return { files, declarations: data.blocks.map((block) => declareBlock(block, start, source)) }
}

function filesOf(setting: Setting): NamedFile[] {
  return [setting.value].flat().flatMap((value, index) => {
    const specifier = typeof value === 'string' ? promptPathOf(value) : undefined
    if (specifier === undefined) return []
    const path = Array.isArray(setting.value) ? [index] : []
    return [{ specifier, place: setting.valuePlace(path) }]
  })
}

function declareBlock(
  { field, settings }: PlainBlock,
  place: Place,
  source: Source,
): Declaration | GeminiImageError {
  try {
    return toInlineDeclaration({ settings, place, field }, source)
  } catch (error) {
    return oursOrThrow(error)
  }
}

/** The same, for YAML of any kind. */
export function findInYaml(yaml: DataPart, source: Source, fields: PictureFields): DataAsks {
  const document = parseDocument(yaml.text)
  const [error] = document.errors
  // Others can read what is too much for us, and nobody else would say so.
  if (error?.code === 'RESOURCE_EXHAUSTION') {
    return { ...NOTHING, declarations: [tooMuch(error.message, source.placeAt(yaml.offset))] }
  }
  return error ? NOTHING : findInDocument(document, yaml, source, fields)
}

function findInToml(toml: DataPart, source: Source, fields: PictureFields): DataAsks {
  if (toml.text.length > LONGEST_TEXT) {
    const what = `It has more than ${LONGEST_TEXT} characters.`
    return { ...NOTHING, declarations: [tooMuch(what, source.placeAt(toml.offset))] }
  }
  const document = parseToml(toml.text)
  return document ? findInDocument(document, toml, source, fields) : NOTHING
}

/** The texts, numbers and days at the top of frontmatter, by name. */
export function textsBeside(source: Source): Readonly<Record<string, string>> {
  const data = isMarkdown(source.file) ? dataOf(source) : undefined
  const document = data && (data.isToml ? parseToml(data.text) : parseDocument(data.text))
  const items = isMap(document?.contents) ? document.contents.items : []
  const texts = items.flatMap((pair): (readonly [string, string])[] => {
    const name = keyText(pair)
    const value = isScalar(pair.value) ? pair.value.value : undefined
    const isText = typeof value === 'string' || typeof value === 'number'
    return name !== undefined && isText ? [[name, String(value)]] : []
  })
  return Object.fromEntries(texts)
}

function findInDocument(
  document: Document.Parsed,
  { offset, field }: DataPart,
  source: Source,
  fields: PictureFields,
): DataAsks {
  const walk = new Walk(document, fields, source, (inside) => source.placeAt(offset + inside))
  walk.from(document.contents, field)
  return walk
}

function tooMuch(what: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'MALFORMED_YAML',
    what,
    fix: 'split the file, or name it in the option "exclude" if its pictures are not ours.',
    place,
  })
}

export function dataOf({ text, file }: Source): DataPart | undefined {
  if (file.endsWith('.toml')) {
    const offset = text.startsWith('\uFEFF') ? 1 : 0
    return { text: text.slice(offset), offset, isToml: true }
  }
  if (IS_DATA_FILE.test(file)) return { text, offset: 0 }
  const match = FRONTMATTER.exec(text)
  if (!match || match.index > 0) return undefined
  const [whole, fence = '', data = ''] = match
  const offset = whole.indexOf('\n', whole.indexOf(fence)) + 1
  return { text: data, offset, isToml: fence === '+++' }
}

interface Visit {
  readonly node: unknown
  readonly field: string | undefined
}

class Walk implements DataAsks {
  readonly files: NamedFile[] = []
  readonly declarations: (Declaration | GeminiImageError)[] = []
  readonly #values: YamlValues
  readonly #fields: PictureFields
  readonly #source: Source
  readonly #placeAt: (offset: number) => Place

  constructor(
    document: Document.Parsed,
    fields: PictureFields,
    source: Source,
    placeAt: (offset: number) => Place,
  ) {
    this.#values = new YamlValues(document)
    this.#fields = fields
    this.#source = source
    this.#placeAt = placeAt
  }

  /** Looks at each node at most twice, in picture fields and in others: aliases may lead to one in many ways. */
  from(contents: unknown, field: string | undefined): void {
    const seen = { picture: new Set<unknown>(), other: new Set<unknown>() }
    const open: Visit[] = [{ node: contents, field }]
    for (let next = open.pop(); next; next = open.pop()) {
      const node = this.#values.resolve(next.node)
      const seenSo = seen[isPicture(next.field, this.#fields) ? 'picture' : 'other']
      if (seenSo.has(node)) continue
      seenSo.add(node)
      for (const inside of this.#look({ ...next, node }).toReversed()) open.push(inside)
    }
  }

  /** Gathers what a node declares itself, and gives what is inside of it otherwise. */
  #look({ node, field }: Visit): readonly Visit[] {
    if (isSeq(node)) return node.items.map((item) => ({ node: item, field }))
    if (isMap(node)) {
      const keys = new Set(node.items.map(keyText))
      if (field === undefined || !declares(field, keys, this.#fields)) {
        return node.items.map((pair) => ({ node: pair.value, field: keyText(pair) ?? '' }))
      }
      this.#declare(node, field)
    }
    if (isScalar(node) && isPicture(field, this.#fields)) this.#scalar(node)
    return []
  }

  #scalar({ value, range }: Scalar): void {
    const specifier = typeof value === 'string' ? promptPathOf(value) : undefined
    if (specifier === undefined) return
    this.files.push({ specifier, place: this.#placeAt(range?.[0] ?? 0) })
  }

  #declare(map: YAMLMap, field: string): void {
    try {
      const settings = settingsOfMap(map, this.#values, this.#placeAt)
      const place = this.#placeAt(map.range?.[0] ?? 0)
      this.declarations.push(toInlineDeclaration({ settings, place, field }, this.#source))
    } catch (error) {
      this.declarations.push(oursOrThrow(error))
    }
  }
}

function isPicture(field: string | undefined, fields: PictureFields): boolean {
  return fields === 'any' || (field !== undefined && fields.has(field))
}

/**
 * Whether a map of these keys declares a picture. Where any field may be one, a single key that is none of
 * ours says that it is not.
 */
function declares(
  field: string,
  keys: ReadonlySet<string | undefined>,
  fields: PictureFields,
): boolean {
  if (!isPicture(field, fields) || !(keys.has('prompt') || keys.has('template'))) return false
  return fields !== 'any' || [...keys].every((key) => key !== undefined && KNOWN.has(key))
}

interface PlainBlock {
  readonly field: string
  readonly settings: ReadonlyMap<string, Setting>
}

interface PlainData {
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
function readPlainData(
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
