/** A pixel size. */
export interface Pixels {
  /** Width, in pixels. */
  readonly width: number
  /** Height, in pixels. */
  readonly height: number
}

/** Ratio → `[width, height]` in pixels. */
export type PixelTable = Readonly<Record<string, readonly [width: number, height: number]>>

/**
 * The ten ratios of every Gemini 3 image model, at 1K.
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

/** The four extreme ratios that the Flash models add. Same source. */
const EXTREME: PixelTable = {
  '1:4': [512, 2048],
  '1:8': [384, 3072],
  '4:1': [2048, 512],
  '8:1': [3072, 384],
}

/** Gemini 2.5 Flash Image has a table of its own and one size. Same source. */
export const GEMINI_2_5: PixelTable = {
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
export function imagenRatios(factor: number): PixelTable {
  return scale(IMAGEN, factor)
}

/** The ten common ratios, `factor` times their 1K size (Google's 2K and 4K are exactly 2 and 4). */
export function tenRatios(factor: number): PixelTable {
  return scale(GEMINI_3, factor)
}

/** All fourteen ratios, `factor` times their 1K size. */
export function fourteenRatios(factor: number): PixelTable {
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
