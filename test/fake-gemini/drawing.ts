import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { markJpeg, markPng } from './marker.ts'
import type { ImageType } from './models.ts'
import type { PixelSize } from './pixels.ts'
import { drawScene } from './scenes/index.ts'

/** What is to be drawn. The same order gives the same bytes, another prompt gives other bytes. */
export interface PictureOrder {
  prompt: string
  pixels: PixelSize
  type: ImageType
}

export type DrawingStyle = 'scene' | 'swatch'

/** Called once per picture in an answer, many at once. */
export type Draw = (order: PictureOrder) => Promise<Buffer>

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function once(encode: Draw, keyOf: (order: PictureOrder) => string): Draw {
  const known = new Map<string, Promise<Buffer>>()
  return (order) => {
    const key = keyOf(order)
    const bytes = known.get(key) ?? encode(order)
    known.set(key, bytes)
    return bytes
  }
}

function encodeSwatch({ pixels: [width, height], type }: PictureOrder): Promise<Buffer> {
  const swatch = sharp({ create: { width, height, channels: 3, background: '#3b6c8e' } })
  return type === 'image/png' ? swatch.png().toBuffer() : swatch.jpeg().toBuffer()
}

function encodeScene({ prompt, pixels, type }: PictureOrder): Promise<Buffer> {
  const scene = sharp(Buffer.from(drawScene(prompt, pixels))).removeAlpha()
  if (type === 'image/png') return scene.png().toBuffer()
  return scene.jpeg({ quality: 88, mozjpeg: true }).toBuffer()
}

/** The caches live as long as the function that is returned. */
export function createDraw(style: DrawingStyle): Draw {
  const draw =
    style === 'swatch'
      ? once(encodeSwatch, ({ pixels, type }) => `${pixels.join('x')} ${type}`)
      : once(encodeScene, ({ prompt, pixels, type }) => `${pixels.join('x')} ${type} ${prompt}`)
  return async (order) => {
    const mark = order.type === 'image/png' ? markPng : markJpeg
    return mark(await draw(order), sha256(order.prompt))
  }
}
