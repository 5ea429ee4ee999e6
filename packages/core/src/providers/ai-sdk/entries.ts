import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { ModelRow, PriceRow } from '../models/model.ts'
import { COMPANIES } from './companies.ts'
import { KEY_VARIABLES } from './credentials.ts'
import type { ProviderOptions } from '../request.ts'
import type { AiSdkImageModel } from './image-model.ts'
import { KNOWN_MODELS, SOURCE, type KnownModels } from './known-models.ts'
import type { AiSdkEntry, AiSdkModel, AiSdkSizes } from './options.ts'

/** A model as a project works with it. */
export interface Entry {
  readonly row: ModelRow
  /** The company and the model: `openai/gpt-image-1`. */
  readonly name: string
  /** The company as the AI SDK calls it: `openai`. */
  readonly providerName: string
  /** The company as messages call it. */
  readonly company: string
  readonly source: AiSdkModel
  readonly shape: 'size' | 'aspectRatio'
  readonly takesSeed: boolean
  /** Whether anybody has said what it draws. */
  readonly knowsSizes: boolean
  readonly providerOptions: ProviderOptions
  /** The variables that may hold its key; empty where it needs none. */
  readonly variables: readonly string[]
  readonly page: string | undefined
}

/** The most that a picture is taken to cost where nobody says, in US dollars: one of OpenAI's best, large. */
const CEILING = 0.25

/** What any model draws, as far as anybody knows. */
const SQUARE: AiSdkSizes = { '1K': { '1:1': '1024x1024' } }

/** What the AI SDK speaks, from the version on that sends images along. */
const SPOKEN: ReadonlySet<string> = new Set(['v3', 'v4'])

/**
 * Reads an entry of a configuration.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function readEntry(given: AiSdkModel | AiSdkEntry): Entry {
  const options: AiSdkEntry = isModel(given) ? { model: given } : given
  const { model } = options
  if (!isModel(model)) throw noModel(model)
  if (typeof model !== 'function') assertSpoken(model)
  const name = options.id ?? nameOf(model)
  const [, providerName = ''] = /^([^/\s]+)\/\S/.exec(name) ?? []
  if (providerName === '') throw invalid(`"${name}" names no company and model.`, ID)
  const known = COMPANIES.get(providerName)
  const facts = KNOWN_MODELS.find(({ names }) => names.test(name))
  return {
    row: toRow(name, options, facts),
    name,
    providerName,
    company: options.company ?? known?.name ?? providerName,
    source: model,
    shape: options.shape ?? 'size',
    takesSeed: options.seed ?? false,
    knowsSizes: (options.sizes ?? facts?.sizes) !== undefined,
    providerOptions: options.providerOptions ?? {},
    variables: keysOf(options, providerName),
    page: options.key === false ? undefined : known?.page,
  }
}

/** The company and the model, as both call themselves: `openai/gpt-image-1`. */
export function nameOf(model: AiSdkModel): string {
  if (typeof model === 'function') {
    throw invalid('A function gives a model, and nothing says which.', ID)
  }
  const [provider = ''] = model.provider.split('.')
  return `${provider}/${model.modelId}`
}

/** @throws {GeminiImageError} `INVALID_OPTION` for a model of a version of the AI SDK that is not known. */
export function assertSpoken({ specificationVersion, provider }: AiSdkImageModel): void {
  if (SPOKEN.has(specificationVersion)) return
  throw invalid(
    `The model of ${provider} is one of version ${specificationVersion}, which is not known.`,
    'install a version of its package that is made for the AI SDK 6 or 7.',
  )
}

const ID = "write its id in aiSdk(…, { id: 'openai/gpt-image-1' })."

function isModel(value: unknown): value is AiSdkModel {
  const { doGenerate } = Object(value) as Partial<AiSdkImageModel>
  return typeof value === 'function' || typeof doGenerate === 'function'
}

function noModel(value: unknown): GeminiImageError {
  const what =
    typeof value === 'string' ? `"${value}" is a name, and no model.` : 'There is no model.'
  return invalid(what, "give aiSdk() what openai.image('gpt-image-1') gives, or a function.")
}

function toRow(name: string, options: AiSdkEntry, facts: KnownModels | undefined): ModelRow {
  const total = options.references ?? facts?.references ?? mayLook(options.model)
  assertCount(total)
  return {
    id: name,
    name,
    family: 'ai-sdk',
    sizes: toSizes(options.sizes ?? facts?.sizes ?? SQUARE),
    takesSize: true,
    references: { total, objects: total, characters: total, tokens: 0 },
    thinks: false,
    thinking: [],
    grounding: [],
    price: toPrice(options.price ?? { ceiling: CEILING }),
    ...SOURCE,
  }
}

function mayLook(model: AiSdkModel): number {
  return typeof model !== 'function' && model.supportsFileInputs === true ? 1 : 0
}

function assertCount(total: number): void {
  if (Number.isSafeInteger(total) && total >= 0) return
  throw invalid(`A model cannot look at ${total} images.`, 'write a whole number: references: 4.')
}

function toPrice(price: NonNullable<AiSdkEntry['price']>): PriceRow {
  const dollars = 'perImage' in price ? price.perImage : price.ceiling
  // A ceiling of nothing would let a run spend anything.
  const least = 'perImage' in price ? 0 : Number.MIN_VALUE
  if (!(dollars >= least && Number.isFinite(dollars))) {
    throw invalid(
      `A price of ${dollars} is none.`,
      'write US dollars: price: { perImage: 0.04 }, or price: { ceiling: 0.25 }.',
    )
  }
  const tokens = { textIn: 0, textOut: 0, imageOut: 0 }
  return { ...tokens, ...('ceiling' in price ? { ceiling: dollars } : { picture: dollars }) }
}

function toSizes(sizes: AiSdkSizes): ModelRow['sizes'] {
  const entries = Object.entries(sizes).map(([size, ratios]) => {
    const pixels = Object.entries(ratios).map(([ratio, text]) => [ratio, toPixels(text)] as const)
    return [size, { pixels: Object.fromEntries(pixels), tokens: 0 }] as const
  })
  if (entries.some(([, { pixels }]) => Object.keys(pixels).length > 0)) {
    return Object.fromEntries(entries)
  }
  throw invalid('A model with no sizes draws nothing.', SIZES)
}

const SIZES = "write sizes: { '1K': { '1:1': '1024x1024' } }."

function toPixels(text: string): readonly [width: number, height: number] {
  const [, width, height] = /^([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(text) ?? []
  if (width === undefined || height === undefined) throw invalid(`"${text}" is no size.`, SIZES)
  return [Number(width), Number(height)]
}

function keysOf({ key }: AiSdkEntry, providerName: string): readonly string[] {
  if (key === false) return []
  if (key !== undefined && !/^[A-Za-z_]\w*$/.test(key)) {
    // It may be a key: nobody repeats it.
    throw invalid(
      '"key" holds no name of a variable.',
      "write key: 'OPENAI_API_KEY', or key: false.",
    )
  }
  return key === undefined ? (KEY_VARIABLES.get(providerName) ?? []) : [key]
}

/** @param fix What to write instead. */
export function invalid(what: string, fix: string): GeminiImageError {
  return new GeminiImageError({ code: 'INVALID_OPTION', what, fix })
}
