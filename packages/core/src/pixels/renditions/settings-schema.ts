import { z } from 'zod'
import type { RenditionFormat, RenditionSettings } from './settings.ts'

const FORMATS: readonly RenditionFormat[] = ['avif', 'webp', 'jpeg', 'png']

/** In pixels. No codec here goes beyond it: WebP's limit. */
export const LARGEST = 16_383

const pixels = z.int().min(1).max(LARGEST)
const quality = z.int().min(1).max(100)

/** Where a picture's focus may lie. */
export const FOCUS: RegExp = /^(?:attention|entropy|center|(?:\d{1,2}|100)% (?:\d{1,2}|100)%)$/

const shape = {
  widths: z.array(pixels).min(1),
  width: pixels,
  height: pixels,
  density: z.array(z.number().min(0.5).max(5)).min(1),
  ratio: z.string().regex(/^[1-9]\d{0,4}:[1-9]\d{0,4}$/),
  fit: z.enum(['cover', 'contain']),
  focus: z.string().regex(FOCUS),
  background: z.string().regex(/^(?:#[0-9a-f]{3,8}|[a-z]+|(?:rgb|hsl)a?\([\d\s,.%/]+\))$/i),
  formats: z.array(z.enum(FORMATS)).min(1),
  quality: z.union([
    quality,
    z.strictObject({ avif: quality, webp: quality, jpeg: quality }).partial(),
  ]),
  sizes: z.string().trim().min(1),
  upscale: z.boolean(),
} satisfies Record<keyof RenditionSettings, z.ZodType>

export const renditionSchema: z.ZodType<RenditionSettings> = z.strictObject(shape).partial()

/** What each setting takes, in the words of a message. */
export const EXPECTED_OF_RENDITION: Readonly<Record<keyof RenditionSettings, string>> = {
  widths: `widths in pixels, such as 400;800;1200, each from 1 to ${LARGEST}`,
  width: `pixels, from 1 to ${LARGEST}`,
  height: `pixels, from 1 to ${LARGEST}`,
  density: 'densities from 0.5 to 5, such as 1;2',
  ratio: 'a ratio such as 4:3',
  fit: 'cover or contain',
  focus: 'attention, entropy, center, or a place such as 30% 60%',
  background: 'a colour such as white, #f4f1ea or rgb(244 241 234)',
  formats: 'formats, such as avif;webp;jpeg; they are avif, webp, jpeg and png',
  quality: 'a number from 1 to 100, or one by format, such as avif:50;webp:70',
  sizes: 'what the attribute "sizes" takes',
  upscale: 'true or false',
}
