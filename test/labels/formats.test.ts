import { crc32 } from 'node:zlib'
import { addXmp, xmpPacket } from '@gemini-image/core/xmp'
import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'

const PACKET = Buffer.from(
  xmpPacket({
    sourceType: 'trainedAlgorithmicMedia',
    model: 'gemini-3.1-flash-image',
    created: '2026-11-21T10:00:00Z',
  }),
)
const FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const
type Format = (typeof FORMATS)[number]

interface Case {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly quality: number
  readonly lossless: boolean
  readonly seed: number
}

const cases = fc.record<Case>({
  width: fc.integer({ min: 1, max: 70 }),
  height: fc.integer({ min: 1, max: 70 }),
  channels: fc.constantFrom(3, 4),
  quality: fc.integer({ min: 1, max: 100 }),
  lossless: fc.boolean(),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
})

/** Noise, so that no two pixels are alike by chance. */
function noise({ width, height, channels, seed }: Case): Sharp {
  let state = seed
  const raw = Uint8Array.from({ length: width * height * channels }, () => {
    state = (state * 48_271) % 2_147_483_647
    return state & 0xff
  })
  return sharp(raw, { raw: { width, height, channels } })
}

function encode(one: Case, format: Format): Promise<Buffer> {
  const { quality, lossless } = one
  const image = noise(one)
  if (format === 'jpeg') return image.jpeg({ quality, progressive: lossless }).toBuffer()
  if (format === 'png') return image.png({ palette: lossless, quality }).toBuffer()
  if (format === 'webp') return image.webp({ quality, lossless, effort: 0 }).toBuffer()
  return image.avif({ quality, lossless, effort: 0 }).toBuffer()
}

const pixels = (file: Uint8Array): Promise<Buffer> => sharp(file).raw().toBuffer()

describe.each(FORMATS)('%s', (format) => {
  test('holds the packet, word for word, and the same pixels', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const file = await encode(one, format)
        const labelled = addXmp(file, format, PACKET)
        if (!labelled) throw new Error(`No label in ${format}`)
        const { xmp, xmpAsString: _, ...known } = await sharp(labelled).metadata()
        expect(xmp?.equals(PACKET)).toBe(true)
        expect(known).toEqual({ ...(await sharp(file).metadata()), size: known.size })
        expect((await pixels(labelled)).equals(await pixels(file))).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  test('a file that ends early, or has a bit wrong, is never made worse', async () => {
    const file = await encode(
      { width: 9, height: 7, channels: 4, quality: 60, lossless: false, seed: 7 },
      format,
    )
    const readable = (bytes: Uint8Array): Promise<boolean> =>
      pixels(bytes).then(
        () => true,
        () => false,
      )
    for (let length = 0; length < file.length; length += 5) {
      const cut = file.subarray(0, length)
      const labelled = addXmp(cut, format, PACKET)
      if (labelled && (await readable(cut))) expect(await readable(labelled)).toBe(true)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: file.length - 1 }),
        fc.nat({ max: 255 }),
        async (at, value) => {
          const bent = Buffer.from(file)
          bent[at] = value
          const labelled = addXmp(bent, format, PACKET)
          if (labelled && (await readable(bent))) {
            expect((await pixels(labelled)).equals(await pixels(bent))).toBe(true)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  test('a file that holds XMP already is left alone', async () => {
    const image = noise({ width: 5, height: 5, channels: 3, quality: 50, lossless: false, seed: 3 })
    const file = await image.withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>')[format]().toBuffer()
    expect(addXmp(file, format, PACKET)).toBeUndefined()
    expect(
      addXmp(
        addXmp(await sharp(file)[format]().toBuffer(), format, PACKET) ?? file,
        format,
        PACKET,
      ),
    ).toBeUndefined()
  })

  test('a file of another format, or of none, is left alone', async () => {
    const gif = await sharp({ create: { width: 3, height: 3, channels: 3, background: 'red' } })
      .gif()
      .toBuffer()
    expect(addXmp(gif, format, PACKET)).toBeUndefined()
    expect(addXmp(new Uint8Array(), format, PACKET)).toBeUndefined()
    expect(addXmp(new TextEncoder().encode('<svg/>'), format, PACKET)).toBeUndefined()
  })
})

test('a format that takes no packet here is left alone', () => {
  for (const format of ['svg', 'gif', 'tiff', 'constructor']) {
    expect(addXmp(new Uint8Array(40), format, PACKET)).toBeUndefined()
  }
})

test('every chunk of a PNG has its right checksum', async () => {
  const one = { width: 9, height: 7, channels: 4, quality: 60, lossless: false, seed: 7 } as const
  const labelled = Buffer.from(addXmp(await encode(one, 'png'), 'png', PACKET) ?? [])
  const types: string[] = []
  for (let at = 8; at < labelled.length;) {
    const end = at + 8 + labelled.readUInt32BE(at)
    types.push(labelled.toString('latin1', at + 4, at + 8))
    expect(labelled.readUInt32BE(end)).toBe(crc32(labelled.subarray(at + 4, end)))
    at = end + 4
  }
  expect(types.slice(0, 2)).toEqual(['IHDR', 'iTXt'])
})

test('a moving WebP keeps its frames, and a JPEG with Exif and a colour profile keeps both', async () => {
  const frames = sharp({ create: { width: 8, height: 24, channels: 4, background: '#0f08' } })
  const still = await frames.raw().toBuffer()
  const moving = await sharp(still, { raw: { width: 8, height: 24, channels: 4, pageHeight: 8 } })
    .webp({ lossless: true })
    .toBuffer()
  const before = await sharp(moving, { animated: true }).metadata()
  const after = await sharp(addXmp(moving, 'webp', PACKET), { animated: true }).metadata()
  expect(after).toEqual({
    ...before,
    xmp: PACKET,
    xmpAsString: PACKET.toString(),
    size: after.size,
  })
  const jpeg = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
    .withExif({ IFD0: { Copyright: 'Somebody' } })
    .withIccProfile('p3')
    .jpeg()
    .toBuffer()
  const { exif, icc } = await sharp(jpeg).metadata()
  const labelled = await sharp(addXmp(jpeg, 'jpeg', PACKET)).metadata()
  expect([labelled.exif, labelled.icc]).toEqual([exif, icc])
  expect(labelled.xmp?.equals(PACKET)).toBe(true)
})
