/** Width and height in pixels. */
export type PixelSize = readonly [width: number, height: number]

/** What the Gemini 3 family draws at 1K. 2K and 4K are twice and four times this, 512 is half. */
export const gemini3Pixels: Readonly<Record<string, PixelSize>> = {
  '1:1': [1024, 1024],
  '1:4': [512, 2048],
  '1:8': [384, 3072],
  '2:3': [848, 1264],
  '3:2': [1264, 848],
  '3:4': [896, 1200],
  '4:1': [2048, 512],
  '4:3': [1200, 896],
  '4:5': [928, 1152],
  '5:4': [1152, 928],
  '8:1': [3072, 384],
  '9:16': [768, 1376],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
}

/** What gemini-2.5-flash-image draws. It has one size only. */
export const gemini25Pixels: Readonly<Record<string, PixelSize>> = {
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

/** What Imagen 4 draws at 1K. 2K is twice this. */
export const imagenPixels: Readonly<Record<string, PixelSize>> = {
  '1:1': [1024, 1024],
  '3:4': [896, 1280],
  '4:3': [1280, 896],
  '9:16': [768, 1408],
  '16:9': [1408, 768],
}

/** How many times the 1K width and height each `imageSize` is. */
export const sizeFactors: Readonly<Record<string, number>> = {
  '512': 0.5,
  '1K': 1,
  '2K': 2,
  '4K': 4,
}

export function scalePixels([width, height]: PixelSize, factor: number): PixelSize {
  return [Math.round(width * factor), Math.round(height * factor)]
}
