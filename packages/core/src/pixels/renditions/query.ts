import { didYouMean, listWords } from '../../kernel/suggest.ts'
import { GeminiImageError, joinErrors } from '../../kernel/errors/error.ts'
import type { CustomForms } from './forms/custom-form.ts'
import { isDrawnOn, isOpen, type AskedSettings, type Form } from './forms/form.ts'
import { formOf } from './forms/forms.ts'
import { PRESET, TEXT, type FormName, type RenditionParameter } from './forms/names.ts'
import { EXPECTED_OF_RENDITION, LARGEST, renditionSchema } from './settings-schema.ts'
import { RENDITION_SETTINGS, type RenditionSettings } from './settings.ts'

/** Name → settings that `preset=name` stands for. */
export type RenditionPresets = Readonly<Record<string, RenditionSettings>>

/** What a project says of renditions. */
export interface RenditionOptions {
  readonly presets: RenditionPresets
  readonly forms: CustomForms
}

const SIZE = 'size'

/**
 * The settings in a query: those of its preset, or of the preset `default`, with its own over them.
 * @throws {GeminiImageError} `INVALID_RENDITION`, without a place; `SEVERAL_PROBLEMS` lists more.
 */
export function readRenditionQuery(
  query: string,
  form: FormName,
  { presets, forms }: RenditionOptions,
): AskedSettings {
  const parameters = new URLSearchParams(query)
  const row = formOf(form, forms)
  assertTaken(parameters, form, row)
  const own = readSettings(parameters)
  if (!isOpen(row)) return own
  const settings = merge(presetOf(parameters.get(PRESET), presets), own)
  assertTogether(settings)
  return settings
}

/** The texts of a page in a query, by name. */
export function textsIn(query: string): Readonly<Record<string, string>> {
  const texts = [...new URLSearchParams(query)].filter(([name]) => name.startsWith(TEXT))
  return Object.fromEntries(texts.map(([name, text]) => [name.slice(TEXT.length), text]))
}

function assertTaken(parameters: URLSearchParams, form: FormName, row: Form): void {
  const taken: readonly string[] = [...(isOpen(row) ? [PRESET] : []), ...row.takes]
  const isText = (name: string): boolean => isDrawnOn(row) && name.startsWith(TEXT)
  const other = [...parameters.keys()].find((name) => !taken.includes(name) && !isText(name))
  if (other === undefined) return
  throw new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: `"as=${form}" does not take "${other}".`,
    fix: `leave it out; it takes ${taken.length > 0 ? listWords(taken) : 'no settings'}.`,
  })
}

function readSettings(parameters: URLSearchParams): AskedSettings {
  const written: Record<string, unknown> = {}
  for (const name of RENDITION_SETTINGS) {
    const text = parameters.get(name)
    if (text !== null) written[name] = READERS[name](text.trim())
  }
  const parsed = renditionSchema.safeParse(written)
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path: [name] }) => name))
    throw joinErrors([...names].map((name) => invalid(name as keyof RenditionSettings, parameters)))
  }
  const size = parameters.get(SIZE)
  if (size === null) return parsed.data
  if (!/^[1-9]\d{0,4}$/.test(size) || Number(size) > LARGEST) throw invalid(SIZE, parameters)
  return { ...parsed.data, size: Number(size) }
}

/**
 * Rendition settings as a query: `?widths=400;800`, or empty.
 * @param settings An object of them, which may name a preset as well.
 * @throws {GeminiImageError} `INVALID_RENDITION`, without a place.
 */
export function writeRenditionQuery(settings: unknown): string {
  const { preset, ...own } = Object(settings) as Record<string, unknown>
  const parsed = renditionSchema.safeParse(own)
  if (!parsed.success || (preset !== undefined && typeof preset !== 'string')) {
    const name = parsed.error?.issues[0]?.path[0] as keyof RenditionSettings | undefined
    throw new GeminiImageError({
      code: 'INVALID_RENDITION',
      what: `${name === undefined ? 'The setting of the rendition' : `"${name}"`} cannot be used.`,
      fix: `${name === undefined ? `its settings are ${listWords([PRESET, ...RENDITION_SETTINGS])}` : `write ${EXPECTED_OF_RENDITION[name]}`}.`,
    })
  }
  const parameters = new URLSearchParams()
  if (preset !== undefined) parameters.set(PRESET, preset)
  for (const [name, value] of Object.entries(parsed.data)) {
    if (value !== undefined) parameters.set(name, toText(value))
  }
  return parameters.size === 0 ? '' : `?${parameters.toString()}`
}

function toText(value: unknown): string {
  if (Array.isArray(value)) return value.join(';')
  if (typeof value !== 'object') return String(value)
  return Object.entries(value ?? {})
    .map((pair) => pair.join(':'))
    .join(';')
}

/** Nothing that is said is passed over in silence. */
function assertTogether({ widths, width, height, density }: RenditionSettings): void {
  const isFixed = width !== undefined || height !== undefined
  if (!widths ? isFixed || !density : !isFixed && !density) return
  throw new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: widths
      ? '"widths" does not go together with "width", "height" or "density".'
      : '"density" needs the "width" that it multiplies.',
    fix: 'write widths=400;800 for a picture that is as wide as its place, or width=400&density=1;2 for one of a fixed width.',
  })
}

const SIZES = ['widths', 'width', 'height', 'density'] as const

/** Widths and a width exclude each other: the nearer word counts. */
function merge(preset: RenditionSettings, own: RenditionSettings): RenditionSettings {
  const isSized = SIZES.some((name) => own[name] !== undefined)
  const unsized = Object.entries(preset).filter(([name]) => !SIZES.some((size) => size === name))
  return { ...(isSized ? Object.fromEntries(unsized) : preset), ...own }
}

function presetOf(name: string | null, presets: RenditionPresets): RenditionSettings {
  const preset = Object.hasOwn(presets, name ?? 'default') ? presets[name ?? 'default'] : undefined
  if (preset || name === null) return preset ?? {}
  const names = Object.keys(presets)
  throw new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: `There is no preset "${name}".`,
    fix: `${didYouMean(name, names)}${names.length > 0 ? `The presets are ${listWords(names)}.` : 'The option "presets" has none.'}`,
  })
}

type Reader = (text: string) => unknown

const asText: Reader = (text) => text
const asNumber: Reader = (text) => (text === '' ? text : Number(text))
const asList = (text: string): string[] => text.split(/[;,]/).map((item) => item.trim())
const asNumbers: Reader = (text) => asList(text).map(asNumber)

const READERS: Readonly<Record<keyof RenditionSettings, Reader>> = {
  widths: asNumbers,
  width: asNumber,
  height: asNumber,
  density: (text) => asList(text).map((item) => asNumber(item.replace(/x$/, ''))),
  ratio: asText,
  fit: asText,
  focus: asText,
  background: asText,
  formats: asList,
  quality: (text) =>
    text.includes(':') ? Object.fromEntries(asList(text).map(namedNumber)) : asNumber(text),
  sizes: asText,
  upscale: (text) => (text === '' || text === 'true' ? true : text === 'false' ? false : text),
}

function namedNumber(item: string): [name: string, value: unknown] {
  const [name = '', value = ''] = item.split(':')
  return [name.trim(), asNumber(value.trim())]
}

function invalid(name: RenditionParameter, parameters: URLSearchParams): GeminiImageError {
  const expected = name === SIZE ? EXPECTED_OF_RENDITION.width : EXPECTED_OF_RENDITION[name]
  return new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: `"${name}" cannot be "${parameters.get(name)}".`,
    fix: `write ${expected}.`,
  })
}
