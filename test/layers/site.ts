import { copyFile, mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { createSite, type Site } from '../support/site.ts'
import { buildSite, type Run } from '../support/vite.ts'

/** The fonts of the tests, by the script that they are for. */
export const FONTS = {
  latin: '@fontsource/rubik/files/rubik-latin-700-normal.woff',
  hebrew: '@fontsource/rubik/files/rubik-hebrew-700-normal.woff',
  arabic: '@fontsource/rubik/files/rubik-arabic-700-normal.woff',
  japanese: '@fontsource/dotgothic16/files/dotgothic16-japanese-400-normal.woff',
} as const

/** A site with fonts of its own in `fonts/`, and files besides. */
export async function createLayeredSite(files: Readonly<Record<string, string>>): Promise<Site> {
  const site = await createSite(files)
  await addFonts(site)
  return site
}

/** Copies the fonts to a site. */
export async function addFonts(site: Pick<Site, 'path'>): Promise<void> {
  const { resolve } = createRequire(import.meta.url)
  await mkdir(site.path('fonts'), { recursive: true })
  for (const [script, file] of Object.entries(FONTS)) {
    await copyFile(resolve(file), site.path('fonts', `${script}.woff`))
  }
}

/** A picture's pixels: four bytes each. */
export interface Decoded {
  readonly width: number
  readonly height: number
  readonly data: Buffer
}

/** Decodes an image, losslessly or not. */
export async function decode(bytes: Buffer): Promise<Decoded> {
  const { data, info } = await sharp(bytes)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height }
}

/** The smallest box around the pixels that differ from another picture by more than a compression does. */
export function differenceBox(
  one: Decoded,
  other: Decoded,
): { left: number; top: number; right: number; bottom: number; count: number } | undefined {
  let [left, top, right, bottom, count] = [one.width, one.height, 0, 0, 0]
  for (let y = 0; y < one.height; y += 1) {
    for (let x = 0; x < one.width; x += 1) {
      const at = (y * one.width + x) * 4
      const differs = [0, 1, 2].some(
        (channel) => Math.abs((one.data[at + channel] ?? 0) - (other.data[at + channel] ?? 0)) > 64,
      )
      if (!differs) continue
      count += 1
      left = Math.min(left, x)
      top = Math.min(top, y)
      right = Math.max(right, x + 1)
      bottom = Math.max(bottom, y + 1)
    }
  }
  return count === 0 ? undefined : { left, top, right, bottom, count }
}

/** Builds what `src/main.js` exports, and gives it. */
export async function buildExport<Value>(site: Site, run: Run): Promise<Value> {
  const config = {
    ...run.config,
    build: { ...run.config?.build, ssr: 'src/main.js', ssrEmitAssets: true },
  }
  await buildSite(site, { ...run, config })
  const url = `${pathToFileURL(site.path('dist/main.js')).href}?${Math.random()}`
  return ((await import(url)) as { default: Value }).default
}

/** The bytes behind a URL of a built site. */
export function shipped(site: Site, url: string): Promise<Buffer> {
  return site.bytes(path.posix.join('dist', url))
}

/** The absolute path of a font of the tests. */
export function fontPath(script: keyof typeof FONTS): string {
  return fileURLToPath(import.meta.resolve(FONTS[script]))
}
