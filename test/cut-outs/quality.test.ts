import { cutOut } from '@gemini-image/core'
import fc from 'fast-check'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { compare, CUT_OUT_CASES, drawCase, type CutOutCase } from './cases.ts'

/** Whether the subject of a case has nothing of the key. */
const isKeyless = ({ name }: CutOutCase): boolean => /^cup|hair/.test(name)

test.for(CUT_OUT_CASES)('$name: edges within $limit %', async (one) => {
  const { sent, truth, width, height } = await drawCase(one)
  const { png, doubts } = await cutOut(sent, one.key)
  expect(doubts).toEqual([])
  const found = sharp(png)
  expect(await found.metadata()).toMatchObject({ format: 'png', width, height, channels: 4 })
  const rgba = await found.raw().toBuffer()
  const error = compare(rgba, truth, width, height)
  expect(error.edges).toBeLessThan(one.limit)
  expect(error.inside).toBeLessThan(0.5)
  expect(error.outside).toBeLessThan(0.2)
  expect(error.colour).toBeLessThan(one.limit)
  if (isKeyless(one)) expect(fringeOf(rgba, one.key)).toBeLessThan(10)
})

/** How much of the key the worst pixel at an edge has too much, in 255ths. */
function fringeOf(rgba: Buffer, key: string): number {
  let worst = 0
  for (let at = 0; at < rgba.length; at += 4) {
    const [r = 0, g = 0, b = 0, alpha = 0] = rgba.subarray(at, at + 4)
    const excess = key === '#00ff00' ? g - Math.max(r, b) : Math.min(r, b) - g
    // Where all is the subject, JPEG itself leaves some.
    if (alpha < 255) worst = Math.max(worst, (excess * alpha) / 255)
  }
  return worst
}

test('whatever a picture holds, it comes back in its size or not at all', async () => {
  const side = fc.integer({ min: 1, max: 24 })
  const colour = fc.constantFrom(
    [255, 0, 255],
    [240, 20, 230],
    [0, 0, 0],
    [255, 255, 255],
    [200, 90, 180],
  )
  const pictures = fc.tuple(side, side).chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      pixels: fc.array(colour, { minLength: width * height, maxLength: width * height }),
      format: fc.constantFrom('png', 'jpeg'),
    }),
  )
  await fc.assert(
    fc.asyncProperty(pictures, async ({ width, height, pixels, format }) => {
      const raw = { width, height, channels: 3 } as const
      const bytes = await sharp(Uint8Array.from(pixels.flat()), { raw })
        .toFormat(format as 'png')
        .toBuffer()
      const { png, doubts } = await cutOut(bytes, '#ff00ff')
      if (png) expect(await sharp(png).metadata()).toMatchObject({ width, height, hasAlpha: true })
      else expect(doubts).toHaveLength(1)
    }),
    { numRuns: 100 },
  )
})

const KEY = '#ff00ff'

/** A PNG of a shape before a background. */
function picture(background: string, inside: string, defs = ''): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><defs>${defs}</defs><rect width="400" height="300" fill="${background}"/>${inside}</svg>`
  return sharp(Buffer.from(svg)).removeAlpha().png().toBuffer()
}

const DISC = '<circle cx="200" cy="150" r="80" fill="#555"/>'
const RUNNING = `<linearGradient id="b"><stop offset="0" stop-color="${KEY}"/><stop offset="1" stop-color="#b040b0"/></linearGradient>`

test.for([
  [
    'runs',
    'url(#b)',
    DISC,
    RUNNING,
    /is not flat: it differs by up to \d+ of 255 around #[\da-f]{6}/,
  ],
  [
    'is touched',
    KEY,
    '<rect x="100" width="200" height="200" fill="#555"/>',
    '',
    /touches the border: 1\d % /,
  ],
] as const)(
  'a background that %s is removed, with a doubt',
  async ([, background, inside, defs, doubt]) => {
    const { png, doubts } = await cutOut(await picture(background, inside, defs), KEY)
    expect(doubts).toEqual([expect.stringMatching(doubt)])
    const { data } = await sharp(png).raw().toBuffer({ resolveWithObject: true })
    const alphaAt = (x: number, y: number): number => data[(y * 400 + x) * 4 + 3] ?? -1
    expect([alphaAt(4, 4), alphaAt(396, 296), alphaAt(200, 150)]).toEqual([0, 0, 255])
  },
)

test.for([
  ['another colour behind it', '#fff', DISC, /no background of about #ff00ff/],
  [
    'the key at one side only',
    '#fff',
    `<rect width="40" height="300" fill="${KEY}"/>`,
    /no background/,
  ],
  ['nothing before it', KEY, '', /everything in it is of/],
] as const)(
  'a picture with %s stays as it is, with a doubt',
  async ([, background, inside, doubt]) => {
    const { png, doubts } = await cutOut(await picture(background, inside), KEY)
    expect(png?.length).toBeUndefined()
    expect(doubts).toEqual([expect.stringMatching(doubt)])
  },
)

test.for([
  [1, 1],
  [1, 64],
  [3, 2],
] as const)('a picture of %i × %i pixels does no harm', async ([width, height]) => {
  const create = { width, height, channels: 3, background: KEY } as const
  const { png, doubts } = await cutOut(await sharp({ create }).png().toBuffer(), KEY)
  expect(png?.length).toBeUndefined()
  expect(doubts).toHaveLength(1)
})
