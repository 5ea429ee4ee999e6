import { stat } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseLockfile } from '@gemini-image/core/internal'
import { expect } from 'vitest'
import type { Site } from '../support/site.ts'

/** Runs what was built, and gives what it shows. */
export async function run(site: Site): Promise<Record<string, unknown>> {
  const place = globalThis as { shown?: Record<string, unknown> }
  delete place.shown
  await import(pathToFileURL(site.path('dist/main.js')).href)
  return place.shown ?? {}
}

/** Each URL leads to a file of `dist` that is the very object which the lockfile pins. */
export async function expectShipped(
  site: Site,
  urls: Readonly<Record<string, unknown>>,
): Promise<void> {
  const objects = await objectsOf(site)
  for (const url of Object.values(urls)) {
    const bytes = await site.bytes(await shippedFile(site, String(url)))
    expect(objects.some((object) => object.equals(bytes))).toBe(true)
  }
}

/** The one file of `dist` that a URL leads to. */
export async function shippedFile(site: Site, url: string): Promise<string> {
  const name = path.posix.basename(new URL(url, 'http://site.example').pathname)
  const files = (await site.list('dist', true)).filter((file) => path.basename(file) === name)
  expect(files, `${url} in dist`).toHaveLength(1)
  return `dist/${files[0]}`
}

/** A picture was shipped, and something that was shipped names it. */
export async function expectNamed(site: Site, slug: string, by?: string): Promise<void> {
  const files = await site.list('dist', true)
  const picture = await findAsync(files, async (file) => {
    if (!/\.jpe?g$/.test(file)) return false
    const bytes = await site.bytes(`dist/${file}`)
    return (await objectsOf(site)).some((object) => object.equals(bytes))
  })
  expect(picture, `a picture of ${slug} in ${files.join()}`).toBeDefined()
  const texts = files.filter((file) => (by ? file === by : /\.(?:js|css|html)$/.test(file)))
  const shipped = await Promise.all(texts.map((file) => site.read(`dist/${file}`)))
  expect(shipped.join('\n')).toContain(path.basename(picture ?? ''))
  expect(shipped.join('\n')).not.toContain('?gemini-image')
}

async function findAsync<T>(
  list: readonly T[],
  test: (one: T) => Promise<boolean>,
): Promise<T | undefined> {
  for (const one of list) if (await test(one)) return one
  return undefined
}

async function objectsOf(site: Site): Promise<Buffer[]> {
  const place = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
  const { entries } = parseLockfile(await site.read('gemini-image.lock'), place)
  return Promise.all([...entries.values()].map(({ file }) => site.bytes(`.gemini-image/${file}`)))
}

/** Every file of `dist`, with its content. */
export async function snapshot(site: Site): Promise<Record<string, string>> {
  const files = (await site.list('dist', true)).filter((file) => path.extname(file) !== '')
  const read = files.map(async (file) => {
    const bytes = await site.bytes(`dist/${file}`)
    return [file, file.endsWith('.map') ? mapOf(bytes) : bytes.toString('base64')] as const
  })
  return Object.fromEntries(await Promise.all(read))
}

/** Vite numbers assets in the order in which they happen to load, and its maps quote the numbers. */
function mapOf(bytes: Buffer): string {
  return JSON.stringify({ ...JSON.parse(bytes.toString()), sourcesContent: [] })
}

/** When the lockfile and the objects were written. */
export async function times(site: Site): Promise<Record<string, number>> {
  const files = [
    'gemini-image.lock',
    ...(await site.list('.gemini-image')).map((one) => `.gemini-image/${one}`),
  ]
  const read = files.map(async (file) => [file, (await stat(site.path(file))).mtimeMs] as const)
  return Object.fromEntries(await Promise.all(read))
}
