import path from 'node:path'
import { z } from 'zod'
import { GeminiImageError, joinErrors, mapAll, oursOrThrow } from '../kernel/errors/error.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import { projectPath, type Place } from '../kernel/place.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import { LAYER_COLOR } from '../pixels/layers/colour.ts'
import { layerFileNotFound } from '../pixels/layers/missing-file.ts'
import type { Layer, TextLayer } from '../pixels/layers/layer.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import type { OwnSettings, Settings } from './settings.ts'
import { VARIABLE, variablesIn } from './variables.ts'

/** Where a layer stands. Lengths are percentages of the picture's shorter side. */
interface PlacedSetting {
  /**
   * A corner, an edge or the middle: `bottom left`, `top`, `center`. `start` and `end` in the place of `left` and `right` go by
   * the direction in which the first text is read. Or where the centre of the layer lies, from the left and from the top:
   * `30% 60%`. Layers at one place stand below each other.
   * @default 'bottom start'
   */
  readonly at?: string | undefined
  /** How far it stays away from the edges. @default 7 */
  readonly margin?: number | undefined
  /** How far it stays away from the layer above it at the same place. @default 5 */
  readonly gap?: number | undefined
}

/** Words over a picture. Lengths are percentages of the picture's shorter side. */
interface TextLayerSetting extends PlacedSetting {
  /** The words; `{{name}}` is replaced by a variable, or by a text of the page that shows the picture. */
  readonly text: string
  /** Paths of TrueType, OpenType or WOFF files. The first that has a character draws it. */
  readonly font: string | readonly string[]
  /** The size of the letters. @default 8 */
  readonly size?: number | undefined
  /** The least that long text is shrunk to. @default half of the size */
  readonly minSize?: number | undefined
  /** The most lines that it may have. @default 3 */
  readonly lines?: number | undefined
  /** The most that it is wide, in percent of the picture's width. @default 100 */
  readonly width?: number | undefined
  /** From baseline to baseline, as a multiple of the size. @default 1.15 */
  readonly lineHeight?: number | undefined
  /** Between letters, as a multiple of the size. @default 0 */
  readonly letterSpacing?: number | undefined
  /** `white`, `black`, or hexadecimal with 3, 4, 6 or 8 digits. @default 'white' */
  readonly color?: string | undefined
  /** How lines stand to each other. @default the side at which the layer stands */
  readonly align?: 'start' | 'center' | 'end' | 'left' | 'right' | undefined
  /** The colour of a box behind the words. @default none */
  readonly background?: string | undefined
  /** Between the words and the edge of their box. @default two fifths of the size with a background, otherwise 0 */
  readonly padding?: number | undefined
  /** Of the corners of the box. @default 1 */
  readonly radius?: number | undefined
}

/** An image of the project over a picture, such as a logo. */
interface ImageLayerSetting extends PlacedSetting {
  /** The path of an SVG, PNG, WebP or JPEG file of the project. */
  readonly image: string
  /** In percent of the picture's width. @default 12 */
  readonly width?: number | undefined
}

/** A plain shape over a picture. */
interface ShapeLayerSetting extends PlacedSetting {
  readonly shape: 'rect' | 'ellipse'
  /** In percent of the picture's width. */
  readonly width: number
  /** In percent of the picture's height. */
  readonly height: number
  /** @default 'white' */
  readonly color?: string | undefined
  /** Of the corners. @default 0 */
  readonly radius?: number | undefined
}

/** A shade over a picture that words stand out from. */
interface ScrimLayerSetting {
  /** The edge where it is darkest; `all` for an even one. */
  readonly scrim: 'top' | 'bottom' | 'left' | 'right' | 'all'
  /** @default 'black' */
  readonly color?: string | undefined
  /** At its darkest, from 0 to 1. @default 0.65 */
  readonly opacity?: number | undefined
  /** How far it reaches, in percent of the picture. @default 85 */
  readonly reach?: number | undefined
}

/** A layer as written. */
export type LayerSetting =
  | TextLayerSetting
  | ImageLayerSetting
  | ShapeLayerSetting
  | ScrimLayerSetting

const AT =
  /^(?:(?:top|center|bottom) (?:left|right|start|end)|top|bottom|left|right|start|end|center|(?:\d{1,2}|100)% (?:\d{1,2}|100)%)$/
const color = z.string().regex(LAYER_COLOR)
const percent = z.number().min(0).max(100)
const length = z.number().gt(0).max(100)
const placed = {
  at: z.string().regex(AT).default('bottom start'),
  margin: z.number().min(0).max(45).default(7),
  gap: percent.default(5),
}
const path_ = z.string().trim().min(1)

const SCHEMAS = {
  text: z.strictObject({
    text: z.union([z.string(), z.number()]).transform(String),
    font: z
      .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(path_).min(1))
      .meta({ takesAlso: { type: 'string', minLength: 1 } }),
    size: length.default(8),
    minSize: length.optional(),
    lines: z.int().min(1).max(100).default(3),
    width: length.default(100),
    lineHeight: z.number().min(0.5).max(4).default(1.15),
    letterSpacing: z.number().min(-0.5).max(2).default(0),
    color: color.default('white'),
    align: z.enum(['start', 'center', 'end', 'left', 'right']).optional(),
    background: color.optional(),
    padding: percent.optional(),
    radius: percent.default(1),
    ...placed,
  }),
  image: z.strictObject({ image: path_, width: length.default(12), ...placed }),
  shape: z.strictObject({
    shape: z.enum(['rect', 'ellipse']),
    width: length,
    height: length,
    color: color.default('white'),
    radius: percent.default(0),
    ...placed,
  }),
  scrim: z.strictObject({
    scrim: z.enum(['top', 'bottom', 'left', 'right', 'all']),
    color: color.default('black'),
    opacity: z.number().min(0).max(1).default(0.65),
    reach: length.default(85),
  }),
} as const

/** A layer as written, for whoever writes down what it takes; `declaredAs` is the type that documents it. */
export const LAYER_SCHEMA: z.ZodType = z.union([
  SCHEMAS.text.meta({ declaredAs: 'TextLayerSetting' }),
  SCHEMAS.image.meta({ declaredAs: 'ImageLayerSetting' }),
  SCHEMAS.shape.meta({ declaredAs: 'ShapeLayerSetting' }),
  SCHEMAS.scrim.meta({ declaredAs: 'ScrimLayerSetting' }),
])

type Kind = keyof typeof SCHEMAS

const KINDS = Object.keys(SCHEMAS) as readonly Kind[]

const COLOURS = '"white", "black" or a colour such as "#12343b"'

/** What a key of a layer takes, in the words of a message. */
const EXPECTED: Readonly<Record<string, string>> = {
  at: 'a place such as bottom left, top, center or 30% 60%',
  font: 'the path of a font file, or a list of them',
  image: 'the path of an image',
  shape: 'rect or ellipse',
  scrim: 'top, bottom, left, right or all',
  align: 'start, center, end, left or right',
  color: COLOURS,
  background: COLOURS,
  opacity: 'a number from 0 to 1',
  lines: 'a whole number from 1 to 100',
  lineHeight: 'a number from 0.5 to 4',
  letterSpacing: 'a number from -0.5 to 2',
  margin: 'a number from 0 to 45, in percent',
  text: 'text',
}

/** What layers are read with, besides the declaration. */
export interface LayerSources {
  readonly root?: string | undefined
  readonly files?: ProjectFiles | undefined
  readonly vars?: Readonly<Record<string, string>> | undefined
  /** Name → layers that `layers: name` stands for; their paths are from the root. */
  readonly layers?: Readonly<Record<string, readonly unknown[]>> | undefined
}

/** A layer as written, and where. */
interface Written {
  readonly value: unknown
  readonly place: (path: readonly PropertyKey[]) => Place
  /** The folder that its paths begin at. */
  readonly folder: string
}

/**
 * The layers of a declaration, with their variables replaced; those of the page stay open. The files are there.
 * @param values The variables of this one of several pictures.
 * @throws {GeminiImageError} `INVALID_VALUE`, `UNKNOWN_KEY`, `UNKNOWN_LAYERS`, `LAYER_FILE_NOT_FOUND`, or why a file may
 *   not be read.
 */
export function readLayers(
  declaration: Declaration,
  { layers, vars }: Pick<OwnSettings, 'layers' | 'vars'>,
  sources: LayerSources,
  values: Readonly<Record<string, string>>,
): readonly Layer[] | undefined {
  if (!layers) return undefined
  const { root = '', files = openFiles(root) } = sources
  const known = { ...sources.vars, ...declaration.fields, ...vars, ...values }
  const read = mapAll(layers, (one, index) =>
    writtenOf(one, index, declaration, sources).map((written) =>
      fillKnown(readLayer(written, files), known),
    ),
  )
  return read.flat()
}

function writtenOf(
  one: unknown,
  index: number,
  declaration: Declaration,
  { root = '', layers = {} }: LayerSources,
): readonly Written[] {
  const isOne = !Array.isArray(declaration.settings.get('layers')?.value)
  const at = (inside: readonly PropertyKey[]): Place =>
    settingPlace(declaration, 'layers', isOne ? inside : [index, ...inside])
  if (typeof one !== 'string') {
    return [{ value: one, place: at, folder: path.dirname(declaration.file) }]
  }
  const named = Object.hasOwn(layers, one) ? layers[one] : undefined
  if (named) return named.map((value) => ({ value, place: () => at([]), folder: root }))
  const names = Object.keys(layers)
  throw new GeminiImageError({
    code: 'UNKNOWN_LAYERS',
    what: `There are no layers "${one}".`,
    fix: `${didYouMean(one, names)}${names.length > 0 ? `The option "layers" has ${listWords(names)}.` : 'Add them to the option "layers", or write them here, a list of layers.'}`,
    place: at([]),
  })
}

function readLayer(written: Written, files: ProjectFiles): Layer {
  const { value, place } = written
  const keys = Object.keys(Object(value))
  const kind = KINDS.find((one) => keys.includes(one))
  if (!kind) {
    throw new GeminiImageError({
      code: 'INVALID_VALUE',
      what: 'A layer does not say what it is.',
      fix: `write one of ${listWords(KINDS)} in it.`,
      place: place([]),
    })
  }
  const said = Object.fromEntries(
    Object.entries(Object(value) as object).filter(([, one]) => one !== null),
  )
  const parsed = SCHEMAS[kind].safeParse(said)
  if (!parsed.success) {
    throw joinErrors(parsed.error.issues.flatMap((issue) => problemsOf(issue, kind, written)))
  }
  return toLayer(parsed.data as Parsed, written, files)
}

type Parsed = { readonly [One in Kind]: z.infer<(typeof SCHEMAS)[One]> }[Kind]

function toLayer(parsed: Parsed, { place, folder }: Written, files: ProjectFiles): Layer {
  const locate = (kind: 'font' | 'layer', file: string, at: readonly PropertyKey[]): string =>
    findFile(kind, file, { folder, place: place(at) }, files)
  if ('scrim' in parsed) {
    const { scrim: side, ...rest } = parsed
    return { kind: 'scrim', side, ...rest, place: place(['scrim']) }
  }
  if ('shape' in parsed) return { kind: 'shape', ...parsed, place: place(['shape']) }
  if ('image' in parsed) {
    const { image, ...rest } = parsed
    return {
      kind: 'image',
      file: locate('layer', image, ['image']),
      ...rest,
      place: place(['image']),
    }
  }
  const { font, minSize, align, padding, background, ...rest } = parsed
  return {
    kind: 'text',
    fonts: font.map((one) => locate('font', one, ['font'])),
    minSize: Math.min(minSize ?? rest.size / 2, rest.size),
    align: align ?? alignmentAt(rest.at),
    background,
    padding: padding ?? (background === undefined ? 0 : rest.size * 0.4),
    ...rest,
    place: place(['text']),
  }
}

function alignmentAt(at: string): TextLayer['align'] {
  const side = at.split(' ').at(-1) ?? ''
  if (side === 'right' || side === 'end') return side
  return side === 'left' || side === 'start' ? 'start' : 'center'
}

/** The absolute path of a file that is there and may be read. */
function findFile(
  kind: 'font' | 'layer',
  written: string,
  { folder, place }: { readonly folder: string; readonly place: Place },
  files: ProjectFiles,
): string {
  const file = path.join(written.startsWith('/') ? files.root : folder, written)
  try {
    if (files.locate(kind, file)) return file
  } catch (error) {
    throw oursOrThrow(error).at(place)
  }
  throw layerFileNotFound(projectPath(files.root, file), place)
}

function problemsOf(
  issue: z.core.$ZodIssue,
  kind: Kind,
  { place, value }: Written,
): readonly GeminiImageError[] {
  const known = Object.keys(SCHEMAS[kind].shape)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) =>
        new GeminiImageError({
          code: 'UNKNOWN_KEY',
          what: `"${key}" is not a setting of a layer with "${kind}".`,
          fix: `${didYouMean(key, known)}The settings are ${listWords(known)}.`,
          place: place([key]),
        }),
    )
  }
  const key = String(issue.path[0])
  const given = (Object(value) as Record<string, unknown>)[key]
  return [
    new GeminiImageError({
      code: 'INVALID_VALUE',
      what:
        given === undefined
          ? `A layer with "${kind}" needs "${key}".`
          : `"${key}" of a layer cannot be ${JSON.stringify(given).slice(0, 80)}.`,
      fix: `write ${EXPECTED[key] ?? 'a number above 0, up to 100, in percent'}; put quotes around text that YAML takes for something else.`,
      place: given === undefined ? place([kind]) : place([key]),
    }),
  ]
}

/** Layers without the texts that only a page gives. */
export function withoutOpen(layers: readonly Layer[]): readonly Layer[] {
  const isOpen = (layer: Layer): boolean =>
    layer.kind === 'text' &&
    [...layer.text.matchAll(VARIABLE)].some(([, backslash]) => backslash === '')
  return layers.filter((layer) => !isOpen(layer))
}

/** The variables that the layers of a declaration name, without looking at what else they say. */
export function variablesOfLayers({ layers = [] }: Pick<Settings, 'layers'>): readonly string[] {
  const texts = layers.flatMap((one) =>
    String((Object(one) as { readonly text?: unknown }).text ?? ''),
  )
  return texts.flatMap(variablesIn)
}

/**
 * Layers with the texts of a page.
 * @throws {GeminiImageError} `UNKNOWN_VARIABLE` for a text that the page does not give.
 */
export function fillLayers(
  layers: readonly Layer[],
  fields: Readonly<Record<string, string>>,
): readonly Layer[] {
  return layers.map((layer) =>
    fill(layer, (whole, backslash, name) => {
      if (backslash !== '') return whole.slice(1)
      const text = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (text !== undefined) return text
      throw new GeminiImageError({
        code: 'UNKNOWN_VARIABLE',
        what: `{{${name}}} has no value.`,
        why: 'Neither the declaration nor what shows the picture gives this text.',
        fix: `write it where the picture is used ("?text.${name}=…&as=og&gemini-image"), in the frontmatter that names the picture, or under "vars".`,
        place: layer.place,
      })
    }),
  )
}

/** A layer with the variables that are known; the others stay open, and so does what stands behind a backslash. */
function fillKnown(layer: Layer, values: Readonly<Record<string, string>>): Layer {
  return fill(layer, (whole, backslash, name) => {
    const text = backslash === '' && Object.hasOwn(values, name) ? values[name] : undefined
    // A text that has braces of its own is shown as it is.
    return text === undefined ? whole : text.replaceAll(VARIABLE, String.raw`\$&`)
  })
}

function fill(
  layer: Layer,
  textOf: (whole: string, backslash: string, name: string) => string,
): Layer {
  if (layer.kind !== 'text' || !layer.text.includes('{{')) return layer
  return { ...layer, text: layer.text.replaceAll(VARIABLE, textOf) }
}
