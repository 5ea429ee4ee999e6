import { gemini25Pixels, gemini3Pixels, imagenPixels, type PixelSize } from './pixels.ts'

export type ImageType = 'image/jpeg' | 'image/png'
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high'
export type SearchType = 'web' | 'image'

/** What a picture can be, whichever API it is asked for. */
export interface PictureModel {
  /** The type of the bytes that the model answers with. */
  type: ImageType
  /** Pixel size at 1K, for each aspect ratio on offer. */
  pixels: Readonly<Record<string, PixelSize>>
  /** Image tokens for each size on offer. */
  tokens: Readonly<Record<string, number>>
  /** False where the server refuses `imageSize`, whatever its value. */
  takesImageSize: boolean
}

export interface FakeModel extends PictureModel {
  /** The most images that a user may send along. */
  maxInputImages: number
  /** Tokens that each image in a request counts for. */
  inputImageTokens: number
  /** Empty where the server refuses `thinkingLevel`. */
  thinkingLevels: readonly ThinkingLevel[]
  searches: readonly SearchType[]
  /** True where pictures come with signatures, and have to come back with them. */
  signs: boolean
}

const extremeRatios = new Set(['1:4', '1:8', '4:1', '8:1'])

const commonPixels: Readonly<Record<string, PixelSize>> = Object.fromEntries(
  Object.entries(gemini3Pixels).filter(([ratio]) => !extremeRatios.has(ratio)),
)

const gemini3 = {
  type: 'image/jpeg',
  maxInputImages: 14,
  inputImageTokens: 1120,
  signs: true,
} as const

const nanoBanana21: FakeModel = {
  ...gemini3,
  pixels: gemini3Pixels,
  tokens: { '1K': 1120, '2K': 1680, '4K': 3780 },
  takesImageSize: true,
  thinkingLevels: ['minimal', 'medium', 'high'],
  searches: ['web', 'image'],
}

const gemini3Pro: FakeModel = {
  ...gemini3,
  pixels: commonPixels,
  tokens: { '1K': 1120, '2K': 1120, '4K': 2000 },
  takesImageSize: true,
  inputImageTokens: 560,
  thinkingLevels: ['low', 'high'],
  searches: ['web'],
}

const gemini31FlashLite: FakeModel = {
  ...gemini3,
  pixels: commonPixels,
  tokens: { '1K': 1120 },
  takesImageSize: false,
  thinkingLevels: ['minimal', 'high'],
  searches: [],
}

const gemini31Flash: FakeModel = {
  ...gemini3,
  pixels: gemini3Pixels,
  tokens: { '512': 747, '1K': 1120, '2K': 1680, '4K': 2520 },
  takesImageSize: true,
  thinkingLevels: ['minimal', 'high'],
  searches: ['web', 'image'],
}

const gemini25Flash: FakeModel = {
  type: 'image/png',
  pixels: gemini25Pixels,
  tokens: { '1K': 1290 },
  takesImageSize: false,
  maxInputImages: 3,
  inputImageTokens: 258,
  thinkingLevels: [],
  searches: [],
  signs: false,
}

/** A model that answers in words alone. */
export interface FakeTextModel {
  /** Tokens that each image in a request counts for. */
  inputImageTokens: number
  thinkingLevels: readonly ThinkingLevel[]
}

/** The models of generateContent that only talk. */
export const textModels: ReadonlyMap<string, FakeTextModel> = new Map<string, FakeTextModel>([
  [
    'gemini-3.5-flash-lite',
    { inputImageTokens: 1120, thinkingLevels: ['minimal', 'low', 'medium', 'high'] },
  ],
  ['gemini-3.8-flash', { inputImageTokens: 1120, thinkingLevels: ['low', 'medium', 'high'] }],
])

/** The models that generateContent and Interactions share. */
export const models: ReadonlyMap<string, FakeModel> = new Map<string, FakeModel>([
  ['gemini-nano-banana-2.1', nanoBanana21],
  ['gemini-3-pro-image', gemini3Pro],
  ['gemini-3.1-flash-lite-image', gemini31FlashLite],
  ['gemini-3.1-flash-image', gemini31Flash],
  ['gemini-2.5-flash-image', gemini25Flash],
  ['gemini-3-pro-image-preview', gemini3Pro],
  ['gemini-3.1-flash-image-preview', gemini31Flash],
  ['gemini-2.5-flash-image-preview', gemini25Flash],
])

const imagen: PictureModel = {
  type: 'image/png',
  pixels: imagenPixels,
  // Imagen is paid by the picture, not by tokens.
  tokens: { '1K': 0, '2K': 0 },
  takesImageSize: true,
}

/** The models of `predict`. */
export const imagenModels: ReadonlyMap<string, PictureModel> = new Map<string, PictureModel>([
  ['imagen-4.0-generate-001', imagen],
  ['imagen-4.0-fast-generate-001', { ...imagen, tokens: { '1K': 0 }, takesImageSize: false }],
  ['imagen-4.0-ultra-generate-001', imagen],
])
