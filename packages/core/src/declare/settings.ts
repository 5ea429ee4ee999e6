import { z } from 'zod'
import { isKeyColor } from '../pixels/cut-out/key-colour.ts'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import type { ThinkingLevel } from '../providers/models/model.ts'
import {
  PROVIDER_SETTINGS,
  type ImageOutputOptions,
  type ImageRequest,
  type OutputKind,
  type PersonGeneration,
  type PictureFormat,
  type ProminentPeople,
  type ProviderOptions,
  type ProviderSetting,
  type ReferenceRole,
  type Safety,
  type SafetyCategory,
  type SafetyThreshold,
  type TransportName,
} from '../providers/request.ts'
import { FOCUS } from '../pixels/renditions/settings-schema.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import type { LayerSetting } from './layers.ts'
import type { ModelName } from '../providers/built-in.ts'
import { SCENE_KEYS, scenesSchema, type SceneSetting } from './scene-settings.ts'
import { setValue, sheetSchema, type SheetItem } from './sheet-settings.ts'
import type { ImageSpec } from './spec.ts'
import type { TemplateName } from './templates/templates.ts'

/** The settings of a declaration, each checked for itself; `undefined` where not written. */
export interface Settings {
  /** As declared: an id or an alias. */
  readonly model: string
  readonly aspectRatio: string
  readonly size: string
  /** Alternative text, or one for each language; empty for a decorative picture. */
  readonly alt?: string | Readonly<Record<string, string>> | undefined
  /** A draft of it that nobody has confirmed, and that no page shows. */
  readonly altDraft?: string | undefined
  readonly references?: readonly ReferenceSetting[] | undefined
  readonly turns?: readonly TurnSetting[] | undefined
  readonly template?: string | undefined
  readonly slots?: Readonly<Record<string, unknown>> | undefined
  readonly style?: readonly string[] | undefined
  /** Name → text, or one for each language. */
  readonly vars?: Readonly<Record<string, string | Readonly<Record<string, string>>>> | undefined
  /** Variable → its values: a picture for each of them. */
  readonly each?: Readonly<Record<string, readonly string[]>> | undefined
  /** Pictures of one series, each in the likeness of the first. */
  readonly sheet?: readonly SheetItem[] | undefined
  /** Name → a picture that is shown in the place of this one, where its condition holds. */
  readonly scenes?: Readonly<Record<string, SceneSetting>> | undefined
  /** The path of the declaration whose conversation this one goes on from. */
  readonly after?: string | undefined
  readonly system?: string | undefined
  readonly seed?: number | undefined
  readonly temperature?: number | undefined
  readonly safety?: Safety | undefined
  readonly thinking?: ThinkingLevel | undefined
  readonly keepThoughts: boolean
  readonly grounding?: GroundingSetting | undefined
  /** The age at which the picture is stale, in milliseconds; left out for never. */
  readonly fresh?: number | undefined
  readonly variants: number
  /** The variant that was chosen, from 1. */
  readonly pick?: number | undefined
  readonly output?: OutputKind | undefined
  readonly format?: PictureFormat | undefined
  readonly personGeneration?: PersonGeneration | undefined
  readonly prominentPeople?: ProminentPeople | undefined
  readonly imageOutputOptions?: ImageOutputOptions | undefined
  readonly providerOptions?: ProviderOptions | undefined
  readonly transport?: TransportName | undefined
  readonly focus?: string | undefined
  readonly transparent?: TransparentSetting | undefined
  /** What is drawn over the picture: layers, and names of layers in the options. */
  readonly layers?: readonly (string | object)[] | undefined
}

/** Settings as they are for one picture: what they say by language is in the language of the picture. */
export interface OwnSettings extends Omit<Settings, 'vars'> {
  readonly vars?: Readonly<Record<string, string>> | undefined
}

/** How a subject is to be cut out. */
interface TransparentSetting {
  /** The colour to draw behind it: `#00ff00`. @default one of which the prompt does not speak */
  readonly key?: string | undefined
}

/** A reference image as written. */
interface ReferenceSetting {
  /** A path from the declaring file, or from the root with a leading slash; a prompt file; or an https address. */
  readonly image: string
  /** What the image shows that the picture is to keep. */
  readonly as?: ReferenceRole | undefined
  /** The name by which the prompt calls it: `{{image:Anna}}`. */
  readonly label?: string | undefined
}

/** The kinds of data that a call may look up. */
interface GroundingSetting {
  /** Pages of the web. @default false */
  readonly web?: boolean | undefined
  /** Pictures of the web. @default false */
  readonly images?: boolean | undefined
}

/** A further instruction as written. What it does not say of itself is as the declaration has it. */
export interface TurnSetting {
  /** What is to change. */
  readonly prompt: string
  /** A ratio such as `16:9`. @default the declaration's */
  readonly aspectRatio?: string | undefined
  /** `512`, `1K`, `2K` or `4K`. @default the declaration's */
  readonly size?: string | undefined
  /** Images that the model is to look at from this turn on. */
  readonly references?: readonly ReferenceSetting[] | undefined
  /** What the model may look up for this turn. */
  readonly grounding?: GroundingSetting | undefined
  /** How much the model thinks. @default the declaration's */
  readonly thinking?: ThinkingLevel | undefined
  /** What this turn gives. @default the declaration's, and a picture where that asks for text */
  readonly output?: OutputKind | undefined
}

// What the JSON Schema of the settings says beyond what zod can tell of a check or a transform.
const NOT_BLANK = { pattern: String.raw`\S` }
/** Values of another type that stand for one of the schema's. */
const TAKES_TEXT = { takesAlso: { type: 'string', ...NOT_BLANK } }
const TAKES_BOOLEAN = { takesAlso: { type: 'boolean' } }

const text = z.string().trim().min(1).meta(NOT_BLANK)
const size = z.union([z.string(), z.number()]).transform(String)
const word = z.union([z.string(), z.number(), z.boolean()]).transform(String)

/** Language → text. */
function byLanguage<Text>(text: z.ZodType<Text>): z.ZodType<Readonly<Record<string, Text>>> {
  return z
    .record(z.string().regex(/^[\p{L}\d]+(?:[-_ ][\p{L}\d]+)*$/u), text)
    .refine((texts) => Object.keys(texts).length > 0)
    .meta({ minProperties: 1 })
}

/** In the place of a list under `each`: the languages of the site, which whoever reads the file puts there. */
export const OF_SITE = 'site'

/** Of one file. */
export const MOST_PICTURES = 100
const each = z
  .record(
    z.string().regex(/^[\w.-]+$/),
    z
      .array(setValue)
      .min(1)
      .meta({ uniqueItems: true, takesAlso: { const: OF_SITE } }),
  )
  .refine((lists) => {
    const all = Object.values(lists).flat()
    const areDistinct = new Set(all).size === all.length
    return all.length > 0 && areDistinct && countPictures(lists) <= MOST_PICTURES
  })
  .meta({ minProperties: 1 })

/** How many pictures lists of values give: one for each combination. */
export function countPictures(lists: Readonly<Record<string, readonly string[]>>): number {
  return Object.values(lists).reduce((product, { length }) => product * length, 1)
}

/** The lists under `each`, where they are right. */
export function readEach({ settings }: Declaration): Settings['each'] {
  const written = settings.get('each')
  return written && each.safeParse(written.value).data
}

/** The pictures of a sheet, where they are right. */
export function readSheet({ settings }: Declaration): Settings['sheet'] {
  const written = settings.get('sheet')
  return written && sheetSchema.safeParse(written.value).data
}

/** The scenes, where they are right. */
export function readScenes({ settings }: Declaration): Settings['scenes'] {
  const written = settings.get('scenes')
  return written && scenesSchema.safeParse(written.value).data
}

const reference = z.strictObject({
  image: text,
  as: z.enum(['object', 'character', 'style']).optional(),
  label: text.optional(),
})
const thresholds: readonly SafetyThreshold[] = [
  'low-and-above',
  'medium-and-above',
  'only-high',
  'none',
  'off',
]
const threshold = z.enum(thresholds).optional()
const safetyShape = {
  harassment: threshold,
  'hate-speech': threshold,
  'sexually-explicit': threshold,
  'dangerous-content': threshold,
  'civic-integrity': threshold,
} satisfies { readonly [Category in SafetyCategory]: unknown }
const grounding = z.strictObject({ web: z.boolean().optional(), images: z.boolean().optional() })
const thinking = z.enum(['minimal', 'low', 'medium', 'high']).optional()
const output = z.enum(['image', 'images', 'text-and-image', 'text']).optional()
const isTrue = (kind: string): object => ({
  properties: { [kind]: { const: true } },
  required: [kind],
})
const references = z.array(orText('image', reference)).min(1).optional()
const turn = z.strictObject({
  prompt: text,
  aspectRatio: z.string().optional(),
  size: size.optional(),
  references,
  // What is looked up for the picture stays looked up.
  grounding: grounding
    .refine(({ web, images }) => web === true || images === true)
    .meta({ anyOf: ['web', 'images'].map(isTrue) })
    .optional(),
  thinking,
  output,
})

const imageOutputOptions = z
  .strictObject({
    mimeType: z.enum(['image/png', 'image/jpeg']).optional(),
    compressionQuality: z.int().min(0).max(100).optional(),
  })
  .refine(({ mimeType, compressionQuality: quality }) => {
    return quality === undefined ? mimeType !== undefined : mimeType !== 'image/png'
  })
  .meta({
    if: { required: ['compressionQuality'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema.
    then: { properties: { mimeType: { const: 'image/jpeg' } } },
    else: { required: ['mimeType'] },
  }) as z.ZodType<ImageOutputOptions>

const providerOptions = z.record(z.string(), z.record(z.string(), z.json()))

const transparent = z.strictObject({
  key: z
    .string()
    .refine(isKeyColor)
    .meta({ pattern: '^#[0-9a-fA-F]{6}$' })
    .transform((colour) => colour.toLowerCase())
    .optional(),
})

/** What it takes says `LAYER_SCHEMA`. */
const IS_LAYER = { isLayer: true }

const layers = z
  .preprocess(
    (value) => (typeof value === 'string' || isOneLayer(value) ? [value] : value),
    z.array(z.union([text, z.custom<object>(isOneLayer).meta(IS_LAYER)])).min(1),
  )
  .meta({ ...TAKES_TEXT, takesLayer: true })

/** Each is read by itself, once it is known what it may say. */
function isOneLayer(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const MINUTE = 60_000
const UNITS: Readonly<Record<string, number>> = {
  m: MINUTE,
  h: 60 * MINUTE,
  d: 24 * 60 * MINUTE,
  w: 7 * 24 * 60 * MINUTE,
}
const duration = z
  .string()
  .regex(/^[1-9]\d{0,3}[mhdw]$/)
  .transform((value) => Number.parseInt(value, 10) * (UNITS[value.slice(-1)] ?? 0))

/** The milliseconds of an age such as `30m`, `12h`, `1d` or `2w`; `undefined` for any other text. */
export function readAge(written: string): number | undefined {
  return duration.safeParse(written).data
}

/** In the place of a ratio: that of the first reference. */
export const AUTO = 'auto'

/** A plain text stands for the object with that text in one place. */
function orText<Value>(key: string, schema: z.ZodType<Value>): z.ZodType<Value> {
  return z
    .preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), schema)
    .meta(TAKES_TEXT)
}

/**
 * The defaults of `aspectRatio` and `size` are the models' own, and belong to fingerprint format 1:
 * they never change.
 */
const DEFAULTS = { aspectRatio: '1:1', size: '1K', keepThoughts: false, variants: 1 } as const

/** All that is said of a setting, but for the words that each transport has for it. */
interface SettingRow<Name extends keyof Settings> {
  readonly schema: z.ZodType<Settings[Name]>
  /** What it takes, in the words of a message. */
  readonly expected: string
  /** The keys that are known inside of it. @default none */
  readonly keys?: readonly string[]
  /**
   * How a request says it, and so the fingerprint: `undefined` where it does not.
   * @default it is no part of what is asked of the model
   */
  readonly request?: (spec: ImageSpec) => unknown
  /** Whether a spec asks for more than a model of prompts alone takes. @default it never does */
  readonly isBeyondPrompt?: (spec: ImageSpec) => boolean
  /**
   * Whether a declaration that goes on from another (`after`) has one of its own.
   * @default it is that of the whole conversation
   */
  readonly isOfTurn?: true
}

type AnyRow = Omit<SettingRow<keyof Settings>, 'schema'> & { readonly schema: z.ZodType }

/** A setting that goes to the model as it is written. */
function sent(
  name: keyof Settings & keyof ImageSpec & keyof ImageRequest,
): Required<Pick<AnyRow, 'request' | 'isBeyondPrompt'>> {
  return {
    request: (spec) => spec[name],
    isBeyondPrompt: (spec) => spec[name] !== undefined,
  }
}

/** The settings of a declaration: a new one is a row here, a word of each transport, and a test. */
const ROWS: { readonly [Name in keyof Settings]-?: SettingRow<Name> } = {
  model: { schema: z.string(), expected: 'the name of a model, as text' },
  aspectRatio: {
    isOfTurn: true,
    schema: z.string().default(DEFAULTS.aspectRatio),
    expected: 'a ratio such as 16:9, or auto for that of the first reference',
  },
  size: { isOfTurn: true, schema: size.default(DEFAULTS.size), expected: 'a size such as 1K' },
  alt: {
    isOfTurn: true,
    schema: z.union([z.string(), byLanguage(z.string())]).optional(),
    expected:
      'text (empty for a decorative picture), or one for each language, such as "alt: { en: A boat, de: Ein Boot }"',
  },
  altDraft: {
    isOfTurn: true,
    schema: z.string().optional(),
    expected: 'text, as "npx gemini-image alt" writes it',
  },
  references: {
    isOfTurn: true,
    schema: references,
    expected:
      'a list of paths, or of "image: …" with "as: object", "character" or "style" and "label: …"',
    keys: Object.keys(reference.shape),
    isBeyondPrompt: (spec) => spec.references.length > 0,
  },
  turns: {
    isOfTurn: true,
    schema: z.array(orText('prompt', turn)).min(1).optional(),
    expected:
      'a list of instructions, or of "prompt: …" with settings of its own (aspectRatio, size, references, grounding, thinking, output)',
    keys: Object.keys(turn.shape),
    isBeyondPrompt: (spec) => spec.turns.length > 0,
  },
  template: { isOfTurn: true, schema: z.string().optional(), expected: 'the name of a template' },
  slots: {
    isOfTurn: true,
    schema: z.record(z.string(), z.unknown()).optional(),
    expected: 'the slots of the template, one "slot: text" a line',
  },
  style: {
    isOfTurn: true,
    schema: z
      .preprocess(
        (value) => (typeof value === 'string' ? [value] : value),
        z.array(text).optional(),
      )
      .meta(TAKES_TEXT),
    expected: 'the name of a style, the path of a style file, or a list of them',
  },
  vars: {
    isOfTurn: true,
    schema: z.record(z.string(), z.union([word, byLanguage(word)])).optional(),
    expected: 'variables, one "name: text" a line, or "name: { en: text, de: text }"',
  },
  each: {
    isOfTurn: true,
    schema: each.optional(),
    expected: `variables with lists of values, such as "language: [English, Spanish]" or "language: ${OF_SITE}": each value once, without semicolons, for at most ${MOST_PICTURES} pictures`,
  },
  sheet: {
    isOfTurn: true,
    schema: sheetSchema.optional(),
    expected:
      'a list of names, such as "[idle, walk, jump]", or one "name: words" a line: each name once, without semicolons',
  },
  scenes: {
    isOfTurn: true,
    schema: scenesSchema.optional(),
    expected:
      'names (letters, digits, - and _; not "crop") of at most 20 scenes, such as "phone: { aspectRatio: 9:16, media: \'(max-width: 600px)\' }" or "dark: { prompt: At night, scheme: dark }"; scheme is dark, light, { dark: .dark } or { light: .light }',
    keys: SCENE_KEYS,
  },
  after: {
    isOfTurn: true,
    schema: text.optional(),
    expected: 'the path of the prompt file to go on from, such as ./room.prompt.md',
  },
  system: {
    schema: text.optional(),
    expected: 'the system instruction, as text',
    ...sent('system'),
  },
  seed: {
    schema: z.int32().optional(),
    expected: 'a whole number of 32 bits',
    ...sent('seed'),
  },
  temperature: {
    schema: z.number().min(0).max(2).optional(),
    expected: 'a number from 0 to 2',
    ...sent('temperature'),
  },
  safety: {
    schema: z.strictObject(safetyShape).optional(),
    expected: `categories (${listWords(Object.keys(safetyShape))}), each with one of ${listWords(thresholds)}`,
    keys: Object.keys(safetyShape),
    ...sent('safety'),
  },
  thinking: {
    isOfTurn: true,
    schema: thinking,
    expected: 'minimal, low, medium or high',
    ...sent('thinking'),
  },
  keepThoughts: {
    schema: z.boolean().default(DEFAULTS.keepThoughts),
    expected: 'true or false',
    isBeyondPrompt: (spec) => spec.keepThoughts,
  },
  grounding: {
    isOfTurn: true,
    schema: grounding.optional(),
    expected: '{ web: true }, { images: true } or both',
    keys: Object.keys(grounding.shape),
    ...sent('grounding'),
  },
  fresh: {
    isOfTurn: true,
    schema: duration.optional(),
    expected: 'an age such as 30m, 12h, 1d or 2w',
  },
  variants: {
    schema: z.int().min(1).max(16).default(DEFAULTS.variants),
    expected: 'a whole number from 1 to 16',
  },
  pick: { schema: z.int().min(1).optional(), expected: 'the number of a variant, from 1' },
  output: {
    isOfTurn: true,
    schema: output,
    expected: 'image, images, text-and-image, or text for words that a turn draws from',
    request: (spec) => (spec.output === 'image' ? undefined : spec.output),
    // A grounded answer holds text because it must.
    isBeyondPrompt: (spec) => spec.output !== 'image' && !spec.grounding,
  },
  format: {
    schema: z.enum(['png', 'jpeg']).optional(),
    expected: 'png or jpeg',
    ...sent('format'),
  },
  personGeneration: {
    schema: z.enum(['none', 'adult', 'all']).optional(),
    expected: 'none, adult or all',
    ...sent('personGeneration'),
  },
  prominentPeople: {
    schema: z.enum(['allow', 'block']).optional(),
    expected: 'allow or block',
    ...sent('prominentPeople'),
  },
  imageOutputOptions: {
    schema: imageOutputOptions.optional(),
    expected:
      '"mimeType: image/png" or "image/jpeg", and for JPEG "compressionQuality: …" with a whole number from 0 to 100',
    keys: ['mimeType', 'compressionQuality'],
    ...sent('imageOutputOptions'),
  },
  providerOptions: {
    schema: providerOptions.optional(),
    expected: 'options by the name of their service, such as "openai: { quality: high }"',
    ...sent('providerOptions'),
  },
  transport: {
    schema: text.optional(),
    expected: 'the name of an API',
    isBeyondPrompt: (spec) => spec.transport !== undefined,
  },
  focus: {
    isOfTurn: true,
    schema: z.string().regex(FOCUS).optional(),
    expected: 'attention, entropy, center, or a place such as 30% 60%',
  },
  transparent: {
    schema: z
      .preprocess(
        (value) => (value === true ? {} : value === false ? undefined : value),
        transparent.optional(),
      )
      .meta(TAKES_BOOLEAN),
    expected: 'true, false, or "key: …" with a strong colour such as "#00ff00"',
    keys: Object.keys(transparent.shape),
    request: (spec) => spec.transparent && { key: spec.transparent.key },
  },
  layers: {
    isOfTurn: true,
    schema: layers.optional(),
    expected: 'a list of layers, or the name of layers in the options',
  },
}

export const SETTING_NAMES: readonly string[] = Object.keys(ROWS)

const ROWS_BY_NAME = new Map<string, AnyRow>(Object.entries(ROWS))

/** All settings of a declaration but the prompt. */
export const SETTINGS_SCHEMA: z.ZodType<Settings> = z.strictObject(
  Object.fromEntries([...ROWS_BY_NAME].map(([name, { schema }]) => [name, schema])),
) as unknown as z.ZodType<Settings>

/** What a setting takes, in the words of a message: `16:9` and its kin for a ratio. */
export function expectedOf(name: string): string | undefined {
  return ROWS_BY_NAME.get(name)?.expected
}

const REQUESTED = [...ROWS_BY_NAME].flatMap(([name, { request }]) =>
  request ? [{ name, request }] : [],
)

/** The settings that a request says besides prompt, ratio and size. Undeclared ones are absent. */
export function requestedBy(spec: ImageSpec): Partial<ImageRequest> {
  const requested: Record<string, unknown> = {}
  for (const { name, request } of REQUESTED) {
    const value = request(spec)
    if (value !== undefined) requested[name] = value
  }
  return requested
}

/** The settings that a declaration which goes on from another has of its own. */
export const SETTINGS_OF_TURN: readonly string[] = [...ROWS_BY_NAME].flatMap(
  ([name, { isOfTurn }]) => (isOfTurn ? name : []),
)

/** The settings of a spec that only some providers take. */
export function ofProvider(spec: ImageSpec): readonly ProviderSetting[] {
  return PROVIDER_SETTINGS.filter((name) => spec[name] !== undefined)
}

/** The settings by which a spec asks for more than a model of prompts alone takes. */
export function beyondPrompt(spec: ImageSpec): readonly string[] {
  return [...ROWS_BY_NAME].flatMap(([name, row]) => (row.isBeyondPrompt?.(spec) ? name : []))
}

/**
 * Checks the settings of a declaration one by one.
 * @throws {GeminiImageError} `UNKNOWN_KEY` or `INVALID_VALUE`; `SEVERAL_PROBLEMS` lists more.
 */
export function parseSettings(declaration: Declaration, defaultModel: string): Settings {
  return plainSettings(declaration, defaultModel) ?? checkSettings(declaration, defaultModel)
}

/**
 * The settings of a declaration that has none but these, as most do, each plain text or a list of it:
 * what {@link checkSettings} makes of them, in a tenth of the time. Otherwise `undefined`.
 */
export function plainSettings(
  { settings }: Declaration,
  defaultModel: string,
): Settings | undefined {
  const plain: { -readonly [Key in keyof Settings]: Settings[Key] } = {
    ...DEFAULTS,
    model: defaultModel,
    alt: undefined,
    altDraft: undefined,
    references: undefined,
    turns: undefined,
  }
  for (const [key, { value }] of settings) {
    if (key === 'references' || key === 'turns') {
      const texts = plainTexts(value)
      if (!texts) return undefined
      if (key === 'turns') plain.turns = texts.map((prompt) => ({ prompt }))
      else plain.references = texts.map((image) => ({ image }))
    } else if (typeof value === 'string' && isPlainKey(key)) plain[key] = value
    else return undefined
  }
  return plain
}

function isPlainKey(key: string): key is 'model' | 'aspectRatio' | 'size' | 'alt' | 'altDraft' {
  return (
    key === 'aspectRatio' ||
    key === 'size' ||
    key === 'alt' ||
    key === 'model' ||
    key === 'altDraft'
  )
}

/** The items of a list of texts, none of them blank. */
function plainTexts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined
  const texts: string[] = []
  for (const item of value) {
    const text = typeof item === 'string' ? item.trim() : ''
    if (text === '') return undefined
    texts.push(text)
  }
  return texts
}

/** The settings of any declaration. @throws {GeminiImageError} as {@link parseSettings}. */
export function checkSettings(declaration: Declaration, defaultModel: string): Settings {
  const written: [string, unknown][] = [['model', defaultModel]]
  for (const [key, { value }] of declaration.settings) {
    // zod passes over this one without a word.
    if (key === '__proto__') throw unknownKey(key, undefined, [], declaration)
    // A key with nothing behind it ("alt:") reads as null in YAML.
    if (value !== null) written.push([key, value])
  }
  const parsed = SETTINGS_SCHEMA.safeParse(Object.fromEntries(written))
  if (parsed.success) return parsed.data
  throw joinErrors(parsed.error.issues.flatMap((issue) => toErrors(issue, declaration)))
}

function toErrors(issue: z.core.$ZodIssue, declaration: Declaration): GeminiImageError[] {
  const [setting, ...path] = issue.path
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey(key, setting, path, declaration))
  }
  return [invalidValue(String(setting), path, declaration)]
}

function unknownKey(
  key: string,
  setting: PropertyKey | undefined,
  path: readonly PropertyKey[],
  declaration: Declaration,
): GeminiImageError {
  const inside = ROWS_BY_NAME.get(String(setting))?.keys ?? []
  const known = setting === undefined ? SETTING_NAMES : inside
  return new GeminiImageError({
    code: 'UNKNOWN_KEY',
    what: `"${key}" is not a setting of ${setting === undefined ? 'a picture' : `"${String(setting)}"`}.`,
    fix: `${didYouMean(key, known)}The settings are ${listWords(known)}.`,
    place:
      setting === undefined
        ? (declaration.settings.get(key)?.keyPlace() ?? declaration.place)
        : (declaration.settings.get(String(setting))?.keyPlace([...path, key]) ??
          declaration.place),
  })
}

function invalidValue(
  setting: string,
  path: readonly PropertyKey[],
  declaration: Declaration,
): GeminiImageError {
  const value = path.reduce<unknown>(
    (inside, key) => (inside as Record<PropertyKey, unknown> | undefined)?.[key],
    declaration.settings.get(setting)?.value,
  )
  const name = [setting, ...path].map(String).join('.')
  const what =
    value === undefined
      ? `"${name}" is missing.`
      : `"${name}" cannot be ${JSON.stringify(value).slice(0, 80)}.`
  return new GeminiImageError({
    code: 'INVALID_VALUE',
    what,
    fix: `write ${expectedOf(setting) ?? 'another value'}; put quotes around text that YAML takes for a number, a list or a map.`,
    place: settingPlace(declaration, setting, path),
  })
}

/** A turn as an object, in which a path stands for a reference. */
type WrittenTurn = Omit<TurnSetting, 'references'> & {
  /** Images that the model is to look at from this turn on. */
  readonly references?: readonly (string | ReferenceSetting)[] | undefined
}

/** A declaration as an object: in a macro, a component or frontmatter. */
export interface PictureSettings {
  /** What is to be generated. A template can take its place. */
  readonly prompt?: string | undefined
  /**
   * Alternative text; empty for a decorative picture. A build demands it (`MISSING_ALT`). It is no part of
   * what is asked of the model.
   */
  readonly alt?: string | undefined
  /** A draft of it, which is never shown: rename it to `alt` once it was read. */
  readonly altDraft?: string | undefined
  /** An id or an alias of the catalogue. @default the option `model` */
  readonly model?: ModelName | undefined
  /** A ratio such as `16:9`; `auto` for the one that is nearest to the first reference. @default '1:1' */
  readonly aspectRatio?: string | undefined
  /** `512`, `1K`, `2K` or `4K`. @default '1K' */
  readonly size?: string | number | undefined
  /** Images that the model is to look at: paths, prompt files, or https addresses. */
  readonly references?: readonly (string | ReferenceSetting)[] | undefined
  /** Further instructions, each of which changes the picture of the one before. */
  readonly turns?: readonly (string | WrittenTurn)[] | undefined
  /** A template that makes the prompt, or the beginning of it. */
  readonly template?: TemplateName | undefined
  /** What the template is filled in with. */
  readonly slots?: Readonly<Record<string, unknown>> | undefined
  /** Names of styles in the options, or paths of style files. */
  readonly style?: string | readonly string[] | undefined
  /** Name → text that replaces `{{name}}`. */
  readonly vars?: Readonly<Record<string, string | number | boolean>> | undefined
  /**
   * The path of a prompt file whose conversation this one goes on from: the prompt becomes its next turn. Model, seed and
   * whatever else holds for a conversation are those of that file.
   * @default none
   */
  readonly after?: string | undefined
  /** The system instruction. */
  readonly system?: string | undefined
  /** A whole number of 32 bits: where a model begins, so that a picture can be asked for again. */
  readonly seed?: number | undefined
  /** How freely the model chooses: 0 to 2. @default the model's own */
  readonly temperature?: number | undefined
  /** From what probability on a filter blocks, by category. @default the model's own */
  readonly safety?: Safety | undefined
  /** How much the model thinks before it draws, as far as it offers that. @default the model's own */
  readonly thinking?: ThinkingLevel | undefined
  /** Whether interim pictures and texts are stored for looking at. @default false */
  readonly keepThoughts?: boolean | undefined
  /** What the model may look up. */
  readonly grounding?: GroundingSetting | undefined
  /** The age at which the picture is stale: `30m`, `12h`, `1d`, `2w`. @default never */
  readonly fresh?: string | undefined
  /** How many pictures are generated to choose from. @default 1 */
  readonly variants?: number | undefined
  /** The variant that was chosen, from 1. */
  readonly pick?: number | undefined
  /**
   * `images` keeps all pictures of an answer, `text-and-image` its text as well. `text` asks for words first: a turn
   * draws from them.
   * @default 'image'
   */
  readonly output?: OutputKind | undefined
  /**
   * The format to ask the model for, without a promise that it is kept. An API that takes none is not asked. @default the model's own, which is JPEG for most
   */
  readonly format?: PictureFormat | undefined
  /** Whether people may be in the picture. `vertex()` takes it, the default provider does not. @default the model's own */
  readonly personGeneration?: PersonGeneration | undefined
  /** Whether well-known people may be in the picture. `vertex()` takes it, the default provider does not. @default 'allow' */
  readonly prominentPeople?: ProminentPeople | undefined
  /** How the picture is encoded. `vertex()` takes it, the default provider does not. @default the model's own */
  readonly imageOutputOptions?: ImageOutputOptions | undefined
  /** Options of one service each, by its name. `aiSdk()` takes it, other providers do not. @default none */
  readonly providerOptions?: ProviderOptions | undefined
  /** The API to ask. @default the option `transport` */
  readonly transport?: TransportName | undefined
  /**
   * What to keep where renditions cut the picture: `attention`, `entropy`, `center`, or a place such as
   * `30% 60%`, from the left and from the top. It is no part of what is asked of the model.
   * @default 'attention'
   */
  readonly focus?: string | undefined
  /**
   * Whether the subject is cut out, so that the picture has a transparent background. `key` is the colour that is
   * drawn behind it and removed: `#00ff00`.
   * @default false
   */
  readonly transparent?: boolean | TransparentSetting | undefined
  /**
   * What is drawn over the picture on this machine: texts, images, shapes, shades, or names of layers in the options. It is no
   * part of what is asked of the model.
   * @default none
   */
  readonly layers?: string | readonly (string | LayerSetting)[] | undefined
}
