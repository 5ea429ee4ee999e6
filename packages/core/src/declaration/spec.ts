import { z } from 'zod'
import { GeminiImageError, joinErrors } from '../errors/error.ts'
import { findModel, modelNames, pixelsOf } from '../models/find-model.ts'
import type { ModelRow } from '../models/model.ts'
import type { Pixels } from '../models/pixels.ts'
import type { Declaration, Setting } from './declaration.ts'
import { didYouMean, listWords } from './suggest.ts'

/** A declaration, judged, with every default filled in. */
export interface ImageSpec {
  readonly prompt: string
  /** The model as declared: an id or an alias. */
  readonly model: string
  /** `16:9`; `1:1` by default. */
  readonly aspectRatio: string
  /** `512`, `1K`, `2K` or `4K`; `1K` by default. */
  readonly size: string
  /** Alternative text; empty for a decorative picture, `undefined` where none was declared. */
  readonly alt: string | undefined
}

/** A spec with what the catalogue says of it. */
export interface JudgedSpec {
  readonly spec: ImageSpec
  /** The model behind the alias today. */
  readonly model: ModelRow
  /** The pixel size that the catalogue promises. */
  readonly pixels: Pixels
}

/** Settings that a host or a user sets for all declarations. */
export interface SpecDefaults {
  readonly model: string
}

/**
 * The settings of a declaration. The defaults of `aspectRatio` and `size` are Google's own, and
 * belong to fingerprint format 1: they never change.
 */
const settingsSchema = z.strictObject({
  model: z.string(),
  aspectRatio: z.string().default('1:1'),
  size: z.union([z.string(), z.number()]).transform(String).default('1K'),
  alt: z.string().optional(),
})

type Settings = z.infer<typeof settingsSchema>

/** What each setting takes, in the words of a message. */
const EXPECTED: Readonly<Record<keyof Settings, string>> = {
  model: 'the name of a model, as text',
  aspectRatio: 'a ratio such as 16:9',
  size: 'a size such as 1K',
  alt: 'text (empty for a decorative picture)',
}

/**
 * Judges a declaration against the schema and the catalogue.
 * @throws {GeminiImageError} `UNKNOWN_KEY`, `INVALID_VALUE`, `UNKNOWN_MODEL`,
 *   `UNSUPPORTED_ASPECT_RATIO` or `UNSUPPORTED_SIZE`; `SEVERAL_PROBLEMS` lists more than one.
 */
export function judge(declaration: Declaration, defaults: SpecDefaults): JudgedSpec {
  const settings = parseSettings(declaration, defaults)
  const model = findModel(settings.model)
  if (!model) throw unknownModel(settings.model, declaration)
  const problems = [
    checkSize(settings, model, declaration),
    checkAspectRatio(settings, model, declaration),
  ].filter((problem) => problem !== undefined)
  const pixels = pixelsOf(model, settings.aspectRatio, settings.size)
  if (!pixels) throw joinErrors(problems)
  const { prompt } = declaration
  const { aspectRatio, size, alt } = settings
  return { spec: { prompt, model: settings.model, aspectRatio, size, alt }, model, pixels }
}

function parseSettings(declaration: Declaration, defaults: SpecDefaults): Settings {
  const written = Object.fromEntries(
    [...declaration.settings]
      // A key with nothing behind it ("alt:") reads as null in YAML.
      .filter(([, setting]) => setting.value !== null)
      .map(([key, setting]) => [key, setting.value]),
  )
  const parsed = settingsSchema.safeParse({ model: defaults.model, ...written })
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey(key, declaration))
      : [invalidValue(String(issue.path[0]), declaration)],
  )
  throw joinErrors(problems)
}

function settingPlace(
  declaration: Declaration,
  key: string,
  part: 'keyPlace' | 'valuePlace' = 'valuePlace',
): Setting['keyPlace'] {
  return declaration.settings.get(key)?.[part] ?? declaration.place
}

function unknownKey(key: string, declaration: Declaration): GeminiImageError {
  const known = Object.keys(EXPECTED)
  return new GeminiImageError({
    code: 'UNKNOWN_KEY',
    what: `"${key}" is not a setting of a picture.`,
    fix: `${didYouMean(key, known)}The settings are ${listWords(known)}.`,
    place: settingPlace(declaration, key, 'keyPlace'),
  })
}

function invalidValue(key: string, declaration: Declaration): GeminiImageError {
  const value = JSON.stringify(declaration.settings.get(key)?.value)
  return new GeminiImageError({
    code: 'INVALID_VALUE',
    what: `"${key}" cannot be ${value}.`,
    fix: `write ${EXPECTED[key as keyof Settings] ?? 'another value'}; put quotes around text that YAML takes for a number, a list or a map.`,
    place: settingPlace(declaration, key),
  })
}

function unknownModel(name: string, declaration: Declaration): GeminiImageError {
  return new GeminiImageError({
    code: 'UNKNOWN_MODEL',
    what: `"${name}" is not a model in the catalogue.`,
    fix: `${didYouMean(name, modelNames())}The models are ${listWords(modelNames())}.`,
    place: settingPlace(declaration, 'model'),
  })
}

function checkSize(
  { size }: Settings,
  model: ModelRow,
  declaration: Declaration,
): GeminiImageError | undefined {
  const sizes = Object.keys(model.sizes)
  if (sizes.includes(size)) return undefined
  const upper = size.toUpperCase()
  const hint = sizes.includes(upper) ? `Write it with a capital K: ${upper}. ` : ''
  return new GeminiImageError({
    code: 'UNSUPPORTED_SIZE',
    what: `${model.id} does not offer the size "${size}".`,
    fix: `${hint}Its sizes are ${listWords(sizes)}.`,
    place: settingPlace(declaration, 'size'),
  })
}

function checkAspectRatio(
  { aspectRatio }: Settings,
  model: ModelRow,
  declaration: Declaration,
): GeminiImageError | undefined {
  const ratios = Object.keys(Object.values(model.sizes)[0]?.pixels ?? {})
  if (ratios.includes(aspectRatio)) return undefined
  return new GeminiImageError({
    code: 'UNSUPPORTED_ASPECT_RATIO',
    what: `${model.id} does not offer the aspect ratio "${aspectRatio}".`,
    fix: `Its ratios are ${listWords(ratios)}.`,
    place: settingPlace(declaration, 'aspectRatio'),
  })
}
