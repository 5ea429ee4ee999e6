import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { openPage } from '../support/browser.ts'
import { fontPath, type FONTS } from './site.ts'

/** White letters on black, cut to their ink and brought to one size. */
export interface Ink {
  /** Width by height, before that. */
  readonly ratio: number
  /** A byte for each pixel. */
  readonly mask: Buffer
}

const SIZE = { width: 480, height: 80 } as const

/** The letters of an image. */
export async function inkOf(image: Buffer): Promise<Ink> {
  const grey = sharp(await sharp(image).removeAlpha().greyscale().png().toBuffer())
  const { data, info } = await grey
    .trim({ background: '#000', threshold: 60 })
    .toBuffer({ resolveWithObject: true })
  const scaled = sharp(data).resize(SIZE.width, SIZE.height, { fit: 'fill' }).greyscale()
  return { ratio: info.width / info.height, mask: await scaled.raw().toBuffer() }
}

/** How much of two inks is the same, from 0 to 1. */
export function likeness(one: Ink, other: Ink): number {
  let [same, all] = [0, 0]
  for (const [index, value] of one.mask.entries()) {
    same += Math.min(value, other.mask[index] ?? 0)
    all += Math.max(value, other.mask[index] ?? 0)
  }
  return same / all
}

/** A text as Chromium draws it. */
export async function inChromium(
  text: string,
  { font, direction }: { readonly font: keyof typeof FONTS; readonly direction: 'ltr' | 'rtl' },
): Promise<Buffer> {
  const face = async (family: string, script: keyof typeof FONTS): Promise<string> => {
    const bytes = await readFile(fontPath(script))
    return `@font-face { font-family: ${family}; src: url(data:font/woff;base64,${bytes.toString('base64')}) }`
  }
  const styles = `${await face('first', font)} ${await face('second', 'latin')}
    body { margin: 0; background: #000; color: #fff }
    p { margin: 20px; font: 69px/2 first, second; white-space: pre; width: max-content }`
  const page = await openPage('about:blank')
  await page.setContent(`<!doctype html><style>${styles}</style><p dir="${direction}"></p>`)
  await page.locator('p').evaluate((element, content) => {
    element.textContent = content
  }, text)
  await page.evaluate(() => document.fonts.ready)
  return page.locator('p').screenshot()
}
