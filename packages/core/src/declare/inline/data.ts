import type { Document, Scalar, YAMLMap } from 'yaml'
import { oursOrThrow, type GeminiImageError } from '../../kernel/errors/error.ts'
import type { Declaration, Setting } from '../declaration.ts'
import type { Place } from '../../kernel/place.ts'
import { SETTING_NAMES } from '../settings.ts'
import { PROMPT_FILE_EXTENSION } from '../prompt-file-name.ts'
import { settingsOfMap } from '../yaml-settings.ts'
import { isAlias, isMap, isScalar, isSeq, parseDocument } from '../yaml.ts'
import { toInlineDeclaration } from './inline-declaration.ts'
import { readPlainData, type PlainBlock } from './plain-data.ts'
import type { Source } from './source.ts'

/** Which fields hold pictures: those of these names, or any that looks like a picture's settings. */
export type PictureFields = Pick<ReadonlySet<string>, 'has'> | 'any'

/** Fields of any name, whatever stands beside the prompt: for whoever knows what to look for. */
export const EVERY_FIELD: PictureFields = { has: () => true }

/** A prompt file that content names. */
export interface NamedFile {
  /** Its path, as written. */
  readonly specifier: string
  readonly place: Place
}

/** What frontmatter or a data file asks for. */
export interface DataAsks {
  readonly files: readonly NamedFile[]
  readonly declarations: readonly (Declaration | GeminiImageError)[]
}

const NOTHING: DataAsks = { files: [], declarations: [] }
const FRONTMATTER = /^\uFEFF?\s*---[ \t]*\r?\n([^]*?)^---[ \t]*\r?$/m
const IS_DATA_FILE = /\.(?:ya?ml|json)$/
const KNOWN = new Set(['prompt', ...SETTING_NAMES])

/**
 * Finds the pictures that frontmatter, a YAML or a JSON file declares. A text that cannot be read is
 * passed over: whoever needs the file says what is wrong with it.
 */
export function findInData(source: Source, fields: PictureFields): DataAsks {
  const yaml = yamlOf(source)
  if (!yaml || !/prompt|template/.test(yaml.text)) return NOTHING
  return findInPlain(yaml, source, fields) ?? findInYaml(yaml, source, fields)
}

/** The part of a source file that is YAML. */
interface YamlPart {
  readonly text: string
  /** Where it begins. */
  readonly offset: number
}

function findInPlain(yaml: YamlPart, source: Source, fields: PictureFields): DataAsks | undefined {
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
    if (typeof value !== 'string' || !value.endsWith(PROMPT_FILE_EXTENSION)) return []
    const path = Array.isArray(setting.value) ? [index] : []
    return [{ specifier: value, place: setting.valuePlace(path) }]
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

/** The same, for frontmatter of any kind. */
export function findInYaml(yaml: YamlPart, source: Source, fields: PictureFields): DataAsks {
  const document = parseDocument(yaml.text, { prettyErrors: false })
  if (document.errors.length > 0) return NOTHING
  const placeAt = (offset: number): Place => source.placeAt(yaml.offset + offset)
  const walk = new Walk(document, fields, source, placeAt)
  walk.node(document.contents, undefined)
  return walk
}

export function yamlOf({ text, file }: Source): YamlPart | undefined {
  if (IS_DATA_FILE.test(file)) return { text, offset: 0 }
  const match = FRONTMATTER.exec(text)
  if (!match || match.index > 0) return undefined
  const [whole, yaml = ''] = match
  return { text: yaml, offset: whole.indexOf('\n', whole.indexOf('---')) + 1 }
}

/** Walks through a document and gathers what it declares. */
class Walk implements DataAsks {
  readonly files: NamedFile[] = []
  readonly declarations: (Declaration | GeminiImageError)[] = []
  readonly #document: Document.Parsed
  readonly #fields: PictureFields
  readonly #source: Source
  readonly #placeAt: (offset: number) => Place

  constructor(
    document: Document.Parsed,
    fields: PictureFields,
    source: Source,
    placeAt: (offset: number) => Place,
  ) {
    this.#document = document
    this.#fields = fields
    this.#source = source
    this.#placeAt = placeAt
  }

  /** @param field The nearest key above it. */
  node(written: unknown, field: string | undefined): void {
    const node = isAlias(written) ? written.resolve(this.#document) : written
    if (isSeq(node)) for (const item of node.items) this.node(item, field)
    if (isMap(node)) this.#map(node, field)
    if (isScalar(node) && this.#isPicture(field)) this.#scalar(node)
  }

  #map(map: YAMLMap, field: string | undefined): void {
    if (field !== undefined && this.#isPicture(field) && this.#isSettings(map)) {
      this.#declare(map, field)
      return
    }
    for (const { key, value } of map.items) {
      this.node(value, String(isScalar(key) ? key.value : key))
    }
  }

  #scalar({ value, range }: Scalar): void {
    if (typeof value !== 'string' || !value.endsWith(PROMPT_FILE_EXTENSION)) return
    this.files.push({ specifier: value, place: this.#placeAt(range?.[0] ?? 0) })
  }

  #declare(map: YAMLMap, field: string): void {
    try {
      const settings = settingsOfMap(map, this.#document, this.#placeAt)
      const place = this.#placeAt(map.range?.[0] ?? 0)
      this.declarations.push(toInlineDeclaration({ settings, place, field }, this.#source))
    } catch (error) {
      this.declarations.push(oursOrThrow(error))
    }
  }

  #isPicture(field: string | undefined): boolean {
    return this.#fields === 'any' || (field !== undefined && this.#fields.has(field))
  }

  /** Where any field may be a picture, a single key that is none of ours says that it is not. */
  #isSettings(map: YAMLMap): boolean {
    const keys = map.items.map(({ key }) => String(isScalar(key) ? key.value : key))
    const declares = keys.includes('prompt') || keys.includes('template')
    return declares && (this.#fields !== 'any' || keys.every((key) => KNOWN.has(key)))
  }
}
