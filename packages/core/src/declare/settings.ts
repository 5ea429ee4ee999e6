import { z } from 'zod'
import { isKeyColor } from '../pixels/cut-out/key-colour.ts'
import { GeminiImageError, joinErrors } from '../kernel/errors/error.ts'
import type { ThinkingLevel } from '../providers/models/model.ts'
import type {
  ReferenceRole,
  Safety,
  SafetyCategory,
  SafetyThreshold,
  TransportName,
} from '../providers/request.ts'
import { FOCUS } from '../pixels/renditions/settings-schema.ts'
import { settingPlace, type Declaration } from './declaration.ts'
import { didYouMean, listWords } from '../kernel/suggest.ts'
import type { ModelName } from '../providers/models/catalogue.ts'
import type { TemplateName } from './templates/templates.ts'

/** The settings of a declaration, each checked for itself; `undefined` where not written. */
export interface Settings {
  /** As declared: an id or an alias. */
  readonly model: string
  readonly aspectRatio: string
  readonly size: string
  /** Alternative text; empty for a decorative picture. */
  readonly alt?: string | undefined
  /** A draft of it that nobody has confirmed, and that no page shows. */
  readonly altDraft?: string | undefined
  readonly references?: readonly ReferenceSetting[] | undefined
  readonly turns?: readonly TurnSetting[] | undefined
  readonly template?: string | undefined
  readonly slots?: Readonly<Record<string, unknown>> | undefined
  readonly style?: readonly string[] | undefined
  readonly vars?: Readonly<Record<string, string>> | undefined
  readonly system?: string | undefined
  readonly seed?: number | undefined
  readonly temperature?: number | undefined
  readonly safety?: Safety | undefined
  readonly thinking?: ThinkingLevel | undefined
  readonly keepThoughts: boolean
  readonly grounding?:
    | { readonly web?: boolean | undefined; readonly images?: boolean | undefined }
    | undefined
  /** The age at which the picture is stale, in milliseconds; left out for never. */
  readonly fresh?: number | undefined
  readonly variants: number
  /** The variant that was chosen, from 1. */
  readonly pick?: number | undefined
  readonly output?: 'image' | 'text-and-image' | undefined
  readonly transport?: TransportName | undefined
  readonly focus?: string | undefined
  readonly transparent?: TransparentSetting | undefined
}

/** How a subject is to be cut out. */
interface TransparentSetting {
  /** The colour to draw behind it: `#00ff00`. @default one of which the prompt does not speak */
  readonly key?: string | undefined
}

/** A reference image as written. */
interface ReferenceSetting {
  readonly image: string
  readonly as?: ReferenceRole | undefined
  readonly label?: string | undefined
}

/** A further instruction as written. */
export interface TurnSetting {
  readonly prompt: string
  readonly aspectRatio?: string | undefined
  readonly size?: string | undefined
}

const text = z.string().trim().min(1)
const size = z.union([z.string(), z.number()]).transform(String)
const words = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .transform((record) =>
    Object.fromEntries(Object.entries(record).map(([key, value]) => [key, String(value)])),
  )

const reference = z.strictObject({
  image: text,
  as: z.enum(['object', 'character', 'style']).optional(),
  label: text.optional(),
})
const turn = z.strictObject({
  prompt: text,
  aspectRatio: z.string().optional(),
  size: size.optional(),
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

const transparent = z.strictObject({
  key: z
    .string()
    .refine(isKeyColor)
    .transform((colour) => colour.toLowerCase())
    .optional(),
})

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

/** A plain text stands for the object with that text in one place. */
function orText<Value>(key: string, schema: z.ZodType<Value>): z.ZodType<Value> {
  return z.preprocess((value) => (typeof value === 'string' ? { [key]: value } : value), schema)
}

/**
 * The defaults of `aspectRatio` and `size` are Google's own, and belong to fingerprint format 1:
 * they never change.
 */
const DEFAULTS = { aspectRatio: '1:1', size: '1K', keepThoughts: false, variants: 1 } as const

const settingsSchema: z.ZodType<Settings> = z.strictObject({
  model: z.string(),
  aspectRatio: z.string().default(DEFAULTS.aspectRatio),
  size: size.default(DEFAULTS.size),
  alt: z.string().optional(),
  altDraft: z.string().optional(),
  references: z.array(orText('image', reference)).min(1).optional(),
  turns: z.array(orText('prompt', turn)).min(1).optional(),
  template: z.string().optional(),
  slots: z.record(z.string(), z.unknown()).optional(),
  style: z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(text).optional(),
  ),
  vars: words.optional(),
  system: text.optional(),
  seed: z.int32().optional(),
  temperature: z.number().min(0).max(2).optional(),
  safety: z.strictObject(safetyShape).optional(),
  thinking: z.enum(['minimal', 'low', 'medium', 'high']).optional(),
  keepThoughts: z.boolean().default(DEFAULTS.keepThoughts),
  grounding: grounding.optional(),
  fresh: duration.optional(),
  variants: z.int().min(1).max(16).default(DEFAULTS.variants),
  pick: z.int().min(1).optional(),
  output: z.enum(['image', 'text-and-image']).optional(),
  transport: z.enum(['generate-content', 'interactions']).optional(),
  focus: z.string().regex(FOCUS).optional(),
  transparent: z.preprocess(
    (value) => (value === true ? {} : value === false ? undefined : value),
    transparent.optional(),
  ),
})

/** What each setting takes, in the words of a message. */
const EXPECTED: Readonly<Record<keyof Settings, string>> = {
  model: 'the name of a model, as text',
  aspectRatio: 'a ratio such as 16:9',
  size: 'a size such as 1K',
  alt: 'text (empty for a decorative picture)',
  altDraft: 'text, as "npx gemini-image alt" writes it',
  references:
    'a list of paths, or of "image: …" with "as: object", "character" or "style" and "label: …"',
  turns: 'a list of instructions, or of "prompt: …" with "aspectRatio: …" and "size: …"',
  template: 'the name of a template',
  slots: 'the slots of the template, one "slot: text" a line',
  style: 'the name of a style, the path of a style file, or a list of them',
  vars: 'variables, one "name: text" a line',
  system: 'the system instruction, as text',
  seed: 'a whole number of 32 bits',
  temperature: 'a number from 0 to 2',
  safety: `categories (${listWords(Object.keys(safetyShape))}), each with one of ${listWords(thresholds)}`,
  thinking: 'minimal, low, medium or high',
  keepThoughts: 'true or false',
  grounding: '{ web: true }, { images: true } or both',
  fresh: 'an age such as 30m, 12h, 1d or 2w',
  variants: 'a whole number from 1 to 16',
  pick: 'the number of a variant, from 1',
  output: 'image or text-and-image',
  transport: 'generate-content or interactions',
  focus: 'attention, entropy, center, or a place such as 30% 60%',
  transparent: 'true, false, or "key: …" with a strong colour such as "#00ff00"',
}

export const SETTING_NAMES: readonly string[] = Object.keys(EXPECTED)

/** The keys that are known inside a setting. */
const KNOWN_INSIDE: Readonly<Record<string, readonly string[]>> = {
  references: Object.keys(reference.shape),
  turns: Object.keys(turn.shape),
  safety: Object.keys(safetyShape),
  grounding: Object.keys(grounding.shape),
  transparent: Object.keys(transparent.shape),
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
  const parsed = settingsSchema.safeParse(Object.fromEntries(written))
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
  const known = setting === undefined ? SETTING_NAMES : (KNOWN_INSIDE[String(setting)] ?? [])
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
    fix: `write ${EXPECTED[setting as keyof Settings] ?? 'another value'}; put quotes around text that YAML takes for a number, a list or a map.`,
    place: settingPlace(declaration, setting, path),
  })
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
  /** @default '1:1' */
  readonly aspectRatio?: string | undefined
  /** `512`, `1K`, `2K` or `4K`. @default '1K' */
  readonly size?: string | number | undefined
  /** Images that the model is to look at: paths, prompt files, or https addresses. */
  readonly references?: readonly (string | ReferenceSetting)[] | undefined
  /** Further instructions, each of which changes the picture of the one before. */
  readonly turns?: readonly (string | TurnSetting)[] | undefined
  readonly template?: TemplateName | undefined
  /** What the template is filled in with. */
  readonly slots?: Readonly<Record<string, unknown>> | undefined
  /** Names of styles in the options, or paths of style files. */
  readonly style?: string | readonly string[] | undefined
  /** Name → text that replaces `{{name}}`. */
  readonly vars?: Readonly<Record<string, string | number | boolean>> | undefined
  /** The system instruction. */
  readonly system?: string | undefined
  /** A whole number of 32 bits. */
  readonly seed?: number | undefined
  /** 0 to 2. */
  readonly temperature?: number | undefined
  readonly safety?: Safety | undefined
  readonly thinking?: ThinkingLevel | undefined
  /** Whether interim pictures and texts are stored for looking at. @default false */
  readonly keepThoughts?: boolean | undefined
  /** What the model may look up. */
  readonly grounding?: { readonly web?: boolean; readonly images?: boolean } | undefined
  /** The age at which the picture is stale: `30m`, `12h`, `1d`, `2w`. @default never */
  readonly fresh?: string | undefined
  /** How many pictures are generated to choose from. @default 1 */
  readonly variants?: number | undefined
  /** The variant that was chosen, from 1. */
  readonly pick?: number | undefined
  readonly output?: 'image' | 'text-and-image' | undefined
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
}
