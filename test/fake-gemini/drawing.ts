import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { markJpeg, markPng } from './marker.ts'
import { drawKeyed, keyOf } from './keyed.ts'
import type { ImageType } from './models.ts'
import type { PixelSize } from './pixels.ts'
import { sceneOf } from './scenes.ts'

/** What is to be drawn. The same order gives the same bytes, another mark gives other bytes. */
export interface PictureOrder {
  prompt: string
  /** Leaves the pixels alone. */
  mark: string
  pixels: PixelSize
  type: ImageType
  /** How the flat background comes out that a prompt asks for. */
  background: 'flat' | 'uneven' | 'none'
}

/**
 * `swatch`: one flat colour. `photo`: noise, so that it weighs what a photograph weighs. `scene`: a
 * picture worth looking at, from `pictures/`.
 */
export type DrawingStyle = (typeof drawingStyles)[number]
export const drawingStyles = ['photo', 'scene', 'swatch'] as const

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

function encodePhoto({ pixels: [width, height], type }: PictureOrder): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 24 } as const
  const photo = sharp({ create: { width, height, channels: 3, background: '#000', noise } })
  return type === 'image/png' ? photo.png().toBuffer() : photo.jpeg({ quality: 88 }).toBuffer()
}

function encodeScene({ prompt, pixels, type }: PictureOrder): Promise<Buffer> {
  const scene = sceneOf(prompt, pixels)
  if (type === 'image/png') return scene.png().toBuffer()
  return scene.jpeg({ quality: 80, mozjpeg: true }).toBuffer()
}

/** What is asked for before a flat background, whatever the style: JPEG noise included. */
function encodeKeyed({ prompt, pixels, type, background }: PictureOrder): Promise<Buffer> {
  const isUneven = background === 'uneven'
  const scene = sharp(Buffer.from(drawKeyed(keyOf(prompt) ?? '', pixels, isUneven))).removeAlpha()
  return type === 'image/png' ? scene.png().toBuffer() : scene.jpeg({ quality: 88 }).toBuffer()
}

/** Whether a prompt asks for a flat background, and gets about that. */
function isKeyed({ prompt, background }: PictureOrder): boolean {
  return background !== 'none' && keyOf(prompt) !== undefined
}

const encoders: Record<DrawingStyle, Draw> = {
  photo: encodePhoto,
  scene: encodeScene,
  swatch: encodeSwatch,
}

/** The caches live as long as the function that is returned. */
export function createDraw(style: DrawingStyle): Draw {
  const encode: Draw = (order) => (isKeyed(order) ? encodeKeyed : encoders[style])(order)
  const draw = once(encode, (order) => {
    const { prompt, pixels, type, background } = order
    const words = style === 'scene' || isKeyed(order) ? prompt : ''
    return [...pixels, type, background, words].join(' ')
  })
  return async (order) => {
    const mark = order.type === 'image/png' ? markPng : markJpeg
    return mark(await draw(order), sha256(order.mark))
  }
}
