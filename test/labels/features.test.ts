import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { similarityOf, featuresOf, LOOKS_ALIKE, type Features } from '@gemini-image/core/internal'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { sceneOf } from '../fake-gemini/scenes.ts'

const EXAMPLES = path.resolve(import.meta.dirname, '../../examples')

/** The pictures of the examples, by name; those of a name are drafts of one scene. */
const files = ['astro', 'vite', 'webpack'].flatMap((example) => {
  const dir = path.join(EXAMPLES, example, '.gemini-image')
  const names = readdirSync(dir).filter((name) => name.endsWith('.jpg'))
  return names.map((name) => ({ name, file: path.join(dir, name) }))
})

async function looks(image: Sharp | string): Promise<Features> {
  const seen = await featuresOf(
    typeof image === 'string' ? await readFile(image) : await image.toBuffer(),
  )
  if (!seen) throw new Error('No picture')
  return seen
}

/** What each picture looks like, whole: the changes and the comparisons share it. */
const pictures = await Promise.all(
  files.map(async ({ name, file }) => ({ name, file, whole: await looks(file) })),
)

type Change = (image: Sharp, width: number, height: number) => Sharp

const CHANGES: Readonly<Record<string, Change>> = {
  'a tenth of the size, as WebP': (image, width) => image.resize(Math.round(width / 10)).webp(),
  'a JPEG of quality 30': (image) => image.resize(320).jpeg({ quality: 30 }),
  'an AVIF': (image) => image.resize(400).avif({ quality: 40, effort: 0 }),
  'a square cut from its middle': (image) => image.resize(300, 300, { fit: 'cover' }).webp(),
  'a square where it is busiest': (image) =>
    image.resize(300, 300, { fit: 'cover', position: 'attention' }).webp(),
  '72 % of each side, off the middle': (image, width, height) => {
    const part = { width: Math.round(width * 0.72), height: Math.round(height * 0.72) }
    const place = { left: Math.round(width * 0.13), top: Math.round(height * 0.21) }
    return image.extract({ ...part, ...place }).jpeg()
  },
}

describe('a picture is known again as', () => {
  test.each(Object.entries(CHANGES))('%s', async (_name, change) => {
    for (const { file, whole } of pictures.slice(0, 12)) {
      const { width, height } = await sharp(file).metadata()
      const likeness = similarityOf(await looks(change(sharp(file), width, height)), whole)
      expect(likeness).toBeGreaterThan(LOOKS_ALIKE)
    }
  })
})

test('no picture of the examples is taken for another one, whole or cut', async () => {
  const known = await Promise.all(
    pictures.map(async ({ name, file, whole }) => ({
      name,
      whole,
      cut: await looks(sharp(file).resize(300, 300, { fit: 'cover' }).jpeg()),
    })),
  )
  const nameOf = (name: string): string => name.split('.')[0] ?? ''
  const worst = known.flatMap((one) =>
    known
      .filter((other) => nameOf(other.name) !== nameOf(one.name))
      .map((other) =>
        Math.max(similarityOf(one.whole, other.whole), similarityOf(one.cut, other.whole)),
      ),
  )
  expect(worst.length).toBeGreaterThan(500)
  expect(Math.max(...worst)).toBeLessThan(LOOKS_ALIKE - 0.05)
})

test('scenes of one painter, other prompts, are other pictures', async () => {
  const scenes = await Promise.all(
    Array.from({ length: 16 }, (_, index) =>
      looks(sceneOf(`A lighthouse on a hill, number ${index}`, [640, 640]).png()),
    ),
  )
  const likenesses = scenes.flatMap((one, index) =>
    scenes.slice(index + 1).map((other) => similarityOf(one, other)),
  )
  expect(likenesses.filter((likeness) => likeness >= LOOKS_ALIKE)).toEqual([])
})

test('a flat colour, and what is no picture, is like nothing', async () => {
  const flat = await looks(
    sharp({ create: { width: 9, height: 9, channels: 3, background: '#3b6' } }).png(),
  )
  expect(similarityOf(flat, flat)).toBe(0)
  expect(await featuresOf(Buffer.from('no picture'))).toBeUndefined()
})
