import type {
  AliasRow,
  BatchLimits,
  ModelRow,
  PixelTable,
  PriceRow,
  ReferenceLimits,
} from '../models/model.ts'

/**
 * Comments such as `003:2283` name a version of this page and a line of its text; `000` is the newest of five.
 * The figures of all five stand in `test/support/guide-figures.ts`, which a test holds against these rows.
 */
const DOCS = 'https://ai.google.dev/gemini-api/docs/image-generation'
const PRICING = 'https://ai.google.dev/gemini-api/docs/pricing'
const IMAGEN_DOCS = 'https://ai.google.dev/gemini-api/docs/imagen'
const AS_OF = '2026-11-21'

// $14 for 1,000 queries; the free ones of each month are not counted on.
const SEARCH = 0.014
const BATCH = 0.5

export type ModelId =
  | 'gemini-nano-banana-2.1'
  | 'gemini-3-pro-image'
  | 'gemini-3.1-flash-lite-image'
  | 'gemini-3.1-flash-image'
  | 'gemini-2.5-flash-image'
  | 'gemini-3-pro-image-preview'
  | 'gemini-3.1-flash-image-preview'
  | 'gemini-2.5-flash-image-preview'
  | 'imagen-4.0-fast-generate-001'
  | 'imagen-4.0-generate-001'
  | 'imagen-4.0-ultra-generate-001'

export type ModelAlias = 'nano-banana' | 'nano-banana-2' | 'nano-banana-pro' | 'nano-banana-lite'

/** A model as an option may name it; a project may have names of its own. */
export type ModelName = ModelAlias | ModelId | (string & {})

type CatalogueRow = ModelRow & { readonly id: ModelId; readonly successor?: ModelId }

/**
 * The ten ratios of every Gemini 3 image model, at 1K (000:2282).
 * @see https://ai.google.dev/gemini-api/docs/image-generation (aspect ratios and image size)
 */
const GEMINI_3: PixelTable = {
  '1:1': [1024, 1024],
  '2:3': [848, 1264],
  '3:2': [1264, 848],
  '3:4': [896, 1200],
  '4:3': [1200, 896],
  '4:5': [928, 1152],
  '5:4': [1152, 928],
  '9:16': [768, 1376],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
}

/** The four extreme ratios that the Flash models add (000:2264). */
const EXTREME: PixelTable = {
  '1:4': [512, 2048],
  '1:8': [384, 3072],
  '4:1': [2048, 512],
  '8:1': [3072, 384],
}

/** Gemini 2.5 Flash Image has a table of its own and one size (000:2296). */
const GEMINI_2_5: PixelTable = {
  '1:1': [1024, 1024],
  '2:3': [832, 1248],
  '3:2': [1248, 832],
  '3:4': [864, 1184],
  '4:3': [1184, 864],
  '4:5': [896, 1152],
  '5:4': [1152, 896],
  '9:16': [768, 1344],
  '16:9': [1344, 768],
  '21:9': [1536, 672],
}

/**
 * Imagen 4 at 1K.
 * @see https://ai.google.dev/gemini-api/docs/imagen
 */
const IMAGEN: PixelTable = {
  '1:1': [1024, 1024],
  '3:4': [896, 1280],
  '4:3': [1280, 896],
  '9:16': [768, 1408],
  '16:9': [1408, 768],
}

/** Imagen's five ratios, `factor` times their 1K size. */
function imagenRatios(factor: number): PixelTable {
  return scale(IMAGEN, factor)
}

/** The ten common ratios, `factor` times their 1K size (Google's 2K and 4K are exactly 2 and 4). */
function tenRatios(factor: number): PixelTable {
  return scale(GEMINI_3, factor)
}

/** All fourteen ratios, `factor` times their 1K size. */
function fourteenRatios(factor: number): PixelTable {
  return scale({ ...GEMINI_3, ...EXTREME }, factor)
}

function scale(table: PixelTable, factor: number): PixelTable {
  return Object.fromEntries(
    Object.entries(table).map(([ratio, [width, height]]) => [
      ratio,
      [width * factor, height * factor] as const,
    ]),
  )
}

const NO_REFERENCES: ReferenceLimits = { total: 0, objects: 0, characters: 0, tokens: 0 }

/** None of the five versions of the guide has it yet. */
const NANO_BANANA_2_1: CatalogueRow = {
  id: 'gemini-nano-banana-2.1',
  name: 'Nano Banana 2.1',
  family: 'gemini',
  sizes: {
    '1K': { pixels: fourteenRatios(1), tokens: 1120 },
    '2K': { pixels: fourteenRatios(2), tokens: 1680 },
    '4K': { pixels: fourteenRatios(4), tokens: 3780 },
  },
  takesSize: true,
  references: { total: 14, objects: 10, characters: 4, tokens: 1120 },
  thinks: true,
  thinking: ['minimal', 'medium', 'high'],
  grounding: ['web', 'images'],
  price: { textIn: 1.5, textOut: 7.5, imageOut: 30, search: SEARCH, batch: BATCH },
  source: PRICING,
  asOf: AS_OF,
}

const PRO: CatalogueRow = {
  id: 'gemini-3-pro-image',
  name: 'Nano Banana Pro',
  family: 'gemini',
  sizes: {
    // 003:2283; the other versions say 1120 (000:2282).
    '1K': { pixels: tenRatios(1), tokens: 1210, fewestTokens: 1120 },
    '2K': { pixels: tenRatios(2), tokens: 1210, fewestTokens: 1120 },
    '4K': { pixels: tenRatios(4), tokens: 2000 },
  },
  takesSize: true,
  // 000:378 to 382, but for the tokens.
  references: { total: 14, objects: 6, characters: 5, tokens: 560 },
  // 000:748: all Gemini 3 image models think. This one has no levels.
  thinks: true,
  thinking: [],
  grounding: ['web'],
  // The price page; no version of the guide has a price for it.
  price: { textIn: 2, textOut: 12, imageOut: 120, search: SEARCH, batch: BATCH },
  source: DOCS,
  asOf: AS_OF,
}

/** None of the five versions of the guide has it yet. */
const LITE: CatalogueRow = {
  id: 'gemini-3.1-flash-lite-image',
  name: 'Nano Banana 2 Lite',
  family: 'gemini',
  sizes: { '1K': { pixels: tenRatios(1), tokens: 1120 } },
  takesSize: false,
  references: { total: 14, objects: 10, characters: 4, tokens: 1120 },
  thinks: true,
  thinking: ['minimal', 'high'],
  grounding: [],
  price: { textIn: 0.25, textOut: 1.5, imageOut: 30, batch: BATCH },
  source: PRICING,
  asOf: AS_OF,
}

const FLASH_3_1: CatalogueRow = {
  id: 'gemini-3.1-flash-image',
  name: 'Nano Banana 2',
  family: 'gemini',
  sizes: {
    // 000:2264, whose 792x168 at 21:9 (000:2277) is a misprint of half of 1584x672.
    '512': { pixels: fourteenRatios(0.5), tokens: 747 },
    '1K': { pixels: fourteenRatios(1), tokens: 1120 },
    // Google Cloud's page and the price page; 000:2264 says 1120 and 2000.
    '2K': { pixels: fourteenRatios(2), tokens: 1680, fewestTokens: 1120 },
    '4K': { pixels: fourteenRatios(4), tokens: 2520, fewestTokens: 2000 },
  },
  takesSize: true,
  // 000:378 to 382, but for the tokens.
  references: { total: 14, objects: 10, characters: 4, tokens: 1120 },
  thinks: true,
  // 000:782.
  thinking: ['minimal', 'high'],
  // 000:371.
  grounding: ['web', 'images'],
  price: { textIn: 0.5, textOut: 3, imageOut: 60, search: SEARCH, batch: BATCH },
  shutdown: '2026-10-29',
  successor: 'gemini-nano-banana-2.1',
  source: DOCS,
  asOf: AS_OF,
}

const FLASH_2_5: CatalogueRow = {
  id: 'gemini-2.5-flash-image',
  name: 'Nano Banana',
  family: 'gemini',
  // 000:2296.
  sizes: { '1K': { pixels: GEMINI_2_5, tokens: 1290 } },
  takesSize: false,
  // 000:2169.
  references: { total: 3, objects: 3, characters: 3, tokens: 258 },
  thinks: false,
  thinking: [],
  grounding: [],
  // The picture's price: 001:383 and 003:2309.
  price: { textIn: 0.3, textOut: 2.5, imageOut: 30, batch: BATCH },
  shutdown: '2026-10-02',
  successor: 'gemini-nano-banana-2.1',
  source: DOCS,
  asOf: AS_OF,
}

/** Imagen generates from text alone and is priced by the piece. */
function imagen(id: ModelId, name: string, price: number, sizes: ModelRow['sizes']): CatalogueRow {
  const perPicture: PriceRow = { textIn: 0, textOut: 0, imageOut: 0, picture: price }
  return {
    id,
    name,
    family: 'imagen',
    sizes,
    takesSize: Object.keys(sizes).length > 1,
    references: NO_REFERENCES,
    thinks: false,
    thinking: [],
    grounding: [],
    price: perPicture,
    shutdown: '2026-08-17',
    successor: 'gemini-nano-banana-2.1',
    source: IMAGEN_DOCS,
    asOf: AS_OF,
  }
}

/** A preview id that Google has shut down, with what its successor offers. */
function preview(id: ModelId, of: CatalogueRow, shutdown: string): CatalogueRow {
  return { ...of, id, name: `${of.name} (preview)`, shutdown, successor: of.id, source: DOCS }
}

const IMAGEN_1K = { '1K': { pixels: imagenRatios(1), tokens: 0 } }
const IMAGEN_2K = { ...IMAGEN_1K, '2K': { pixels: imagenRatios(2), tokens: 0 } }

/**
 * The image models that can be declared. Data only: validation, prices, placeholders and the docs
 * tables derive from these rows.
 *
 * Where public sources disagree on a price, the row holds the dearer figure, because the budget
 * is checked against it. `fewestTokens` is the other one, from which estimates begin.
 */
export const MODELS: readonly (ModelRow & { readonly id: ModelId })[] = [
  NANO_BANANA_2_1,
  PRO,
  LITE,
  FLASH_3_1,
  FLASH_2_5,
  preview('gemini-3-pro-image-preview', PRO, '2026-06-25'),
  preview('gemini-3.1-flash-image-preview', FLASH_3_1, '2026-06-25'),
  preview('gemini-2.5-flash-image-preview', FLASH_2_5, '2026-01-15'),
  imagen('imagen-4.0-fast-generate-001', 'Imagen 4 Fast', 0.02, IMAGEN_1K),
  imagen('imagen-4.0-generate-001', 'Imagen 4', 0.04, IMAGEN_2K),
  // The guide gives a range without names, 0.02 to 0.12 (001:383, 003:2308): this is the dearest of the line.
  imagen('imagen-4.0-ultra-generate-001', 'Imagen 4 Ultra', 0.12, IMAGEN_2K),
]

/**
 * Names that move with Google's line-up. Where the server does not know the first candidate, the
 * next is asked. What an alias points to is not part of a fingerprint, so moving one never changes
 * a pinned picture.
 */
export const ALIASES: readonly (AliasRow & { readonly alias: ModelAlias })[] = [
  {
    alias: 'nano-banana',
    candidates: ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image', 'gemini-2.5-flash-image'],
  },
  {
    alias: 'nano-banana-2',
    candidates: [
      'gemini-nano-banana-2.1',
      'gemini-3.1-flash-image',
      'gemini-3.1-flash-image-preview',
    ],
  },
  { alias: 'nano-banana-pro', candidates: ['gemini-3-pro-image', 'gemini-3-pro-image-preview'] },
  { alias: 'nano-banana-lite', candidates: ['gemini-3.1-flash-lite-image'] },
]

const HOUR = 3_600_000

/** The Batch API. "2 GB" is taken for the smaller of the two readings. */
export const BATCH_LIMITS: BatchLimits = {
  fileBytes: 2_000_000_000,
  expiresAfter: 48 * HOUR,
  keepsFiles: 48 * HOUR,
  whyNot: ({ id, family }, { format }) => {
    if (format !== undefined) return 'a batch cannot ask for a format'
    return family === 'gemini' ? undefined : `${id} is asked through an API that has no batch jobs`
  },
  source: 'https://ai.google.dev/gemini-api/docs/batch-api',
  asOf: AS_OF,
}

/** The APIs that Google's models answer through, the default first. */
export const TRANSPORTS = ['generate-content', 'interactions'] as const

/** The model of a declaration that names none. Part of fingerprint format 1: it never changes. */
export const DEFAULT_MODEL: ModelAlias = 'nano-banana'
