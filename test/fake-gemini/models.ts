import { gemini25Pixels, gemini3Pixels, type PixelSize } from './pixels.ts'

export type ImageType = 'image/jpeg' | 'image/png'

export interface FakeModel {
  /** The type of the bytes that the model answers with. */
  type: ImageType
  /** Pixel size at 1K, for each aspect ratio on offer. */
  pixels: Readonly<Record<string, PixelSize>>
  /** Image tokens for each size on offer. */
  tokens: Readonly<Record<string, number>>
  /** False where the server refuses `imageSize`, whatever its value. */
  takesImageSize: boolean
}

const extremeRatios = new Set(['1:4', '1:8', '4:1', '8:1'])

const commonPixels: Readonly<Record<string, PixelSize>> = Object.fromEntries(
  Object.entries(gemini3Pixels).filter(([ratio]) => !extremeRatios.has(ratio)),
)

export const models: ReadonlyMap<string, FakeModel> = new Map<string, FakeModel>([
  [
    'gemini-nano-banana-2.1',
    {
      type: 'image/jpeg',
      pixels: gemini3Pixels,
      tokens: { '1K': 1120, '2K': 1680, '4K': 3780 },
      takesImageSize: true,
    },
  ],
  [
    'gemini-3-pro-image',
    {
      type: 'image/jpeg',
      pixels: commonPixels,
      tokens: { '1K': 1120, '2K': 1120, '4K': 2000 },
      takesImageSize: true,
    },
  ],
  [
    'gemini-3.1-flash-lite-image',
    { type: 'image/jpeg', pixels: commonPixels, tokens: { '1K': 1120 }, takesImageSize: false },
  ],
  [
    'gemini-3.1-flash-image',
    {
      type: 'image/jpeg',
      pixels: gemini3Pixels,
      tokens: { '512': 747, '1K': 1120, '2K': 1680, '4K': 2520 },
      takesImageSize: true,
    },
  ],
  [
    'gemini-2.5-flash-image',
    { type: 'image/png', pixels: gemini25Pixels, tokens: { '1K': 1290 }, takesImageSize: false },
  ],
])
