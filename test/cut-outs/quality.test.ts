import { cutOut } from '@gemini-image/core'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { compare, CUT_OUT_CASES, drawCase } from './cases.ts'

test.for(CUT_OUT_CASES)('$name: edges within $limit %', async (one) => {
  const { sent, truth, width, height } = await drawCase(one)
  const { png, doubts } = await cutOut(sent, one.key)
  expect(doubts).toEqual([])
  const found = sharp(png)
  expect(await found.metadata()).toMatchObject({ format: 'png', width, height, channels: 4 })
  const error = compare(await found.raw().toBuffer(), truth, width, height)
  expect(error.edges).toBeLessThan(one.limit)
  expect(error.inside).toBeLessThan(0.5)
  expect(error.outside).toBeLessThan(0.2)
  expect(error.colour).toBeLessThan(one.limit)
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
