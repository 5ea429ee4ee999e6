import fc from 'fast-check'
import sharp from 'sharp'
import { rgbaToThumbHash, thumbHashToRGBA } from 'thumbhash'
import { expect, test } from 'vitest'
import { hasAlpha, placeholderUri } from '../src/pixels/blur-data-url.ts'
import { decodeThumbhash } from '../src/pixels/thumbhash.ts'

const picture = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 24 }), fc.boolean())
  .chain(([width, height, isOpaque]) =>
    fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }).map((bytes) => {
      const rgba = isOpaque ? bytes.map((byte, i) => (i % 4 === 3 ? 255 : byte)) : bytes
      return { width, height, rgba }
    }),
  )

test('whatever the picture, its hash is drawn as the package that defines it draws it', () => {
  fc.assert(
    fc.property(picture, ({ width, height, rgba }) => {
      const hash = rgbaToThumbHash(width, height, rgba)
      const theirs = thumbHashToRGBA(hash)
      const ours = decodeThumbhash(hash, 32)
      expect([ours.width, ours.height]).toEqual([theirs.w, theirs.h])
      const differences = Array.from(ours.rgba, (byte, i) =>
        Math.abs(byte - (theirs.rgba[i] ?? -9)),
      )
      expect(Math.max(...differences)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 300 },
  )
})

test('whatever the picture, its placeholder is a PNG of under 1 KB, transparent where it is', async () => {
  await fc.assert(
    fc.asyncProperty(picture, async ({ width, height, rgba }) => {
      const hash = rgbaToThumbHash(width, height, rgba)
      const thumbhash = Buffer.from(hash).toString('base64')
      const uri = placeholderUri(thumbhash)
      expect(uri.length).toBeLessThan(1024)
      const { data, info } = await sharp(Buffer.from(uri.slice(uri.indexOf(',') + 1), 'base64'))
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
      const likeness = decodeThumbhash(hash, hasAlpha({ thumbhash }) ? 12 : 14)
      expect([info.width, info.height]).toEqual([likeness.width, likeness.height])
      expect(Buffer.from(likeness.rgba).equals(data)).toBe(true)
      const isOpaque = rgba.every((byte, index) => index % 4 !== 3 || byte === 255)
      expect(hasAlpha({ thumbhash })).toBe(!isOpaque)
    }),
    { numRuns: 400 },
  )
})
