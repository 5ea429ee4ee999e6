import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Provider } from '@gemini-image/core'
import type { RenditionSet } from '@gemini-image/core/internal'
import type { Driver } from '../support/driver.ts'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'
import { importing, setStage, thrownBy, type Stage } from '../errors/stage.ts'
import { readPacket } from '../support/xmp.ts'

const RED = '#e01020'
const BLUE = '#1030c0'

/** A blue picture with a red square: `left` and `top` in pixels. */
function scene(left: number, top: number, side = 160): Sharp {
  const square = { create: { width: side, height: side, channels: 3, background: RED } } as const
  return sharp({ create: { width: 1200, height: 600, channels: 3, background: BLUE } }).composite([
    { input: square, left, top },
  ])
}

function painter(bytes: Uint8Array): Provider {
  const tokens = { input: 0, image: 0, text: 0 }
  return {
    name: 'painter',
    generate: () => Promise.resolve({ parts: [{ bytes }], model: 'painter', tokens }),
  }
}

interface Studio extends Stage {
  readonly opened: Driver
  /** What an import with this query gives. */
  make(form: 'picture' | 'img' | 'url', query: string): Promise<RenditionSet>
}

/** A project whose one picture is this. */
async function studio(bytes: Uint8Array, settings = ''): Promise<Studio> {
  const stage = await setStage({
    'main.js': importing('hero'),
    'hero.prompt.md': `---\nalt: ''\n${settings}---\nA lighthouse\n`,
  })
  const opened = stage.driver({ options: { provider: painter(bytes), presets: PRESETS } })
  await opened.prepare()
  const make: Studio['make'] = async (form, query) =>
    opened.render(await opened.image(stage.site.path('hero.prompt.md')), { form, query })
  return { ...stage, opened, make }
}

const PRESETS = { default: { widths: [300] }, card: { width: 200, height: 200, density: [1] } }

function fileOf({ sources }: RenditionSet): string {
  return sources.at(-1)?.files.at(-1)?.file ?? ''
}

/** The share of a picture that is red, and where its centre is. */
async function findRed(file: string): Promise<{ share: number; x: number; y: number }> {
  const { data, info } = await sharp(file).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at: [x: number, y: number][] = []
  for (let index = 0; index < info.width * info.height; index += 1) {
    const [r = 0, , b = 0] = data.subarray(index * 3)
    if (r > 150 && b < 120) at.push([index % info.width, Math.floor(index / info.width)])
  }
  const mean = (axis: 0 | 1): number => at.reduce((sum, one) => sum + one[axis], 0) / at.length
  const share = at.length / (info.width * info.height)
  return { share, x: mean(0) / info.width, y: mean(1) / info.height }
}

describe('a cut', () => {
  test('keeps what draws the eye, in every width alike', async () => {
    const { make } = await studio(await scene(980, 220).png().toBuffer())
    const { sources } = await make('img', '?ratio=1:1&widths=100;300;600')
    const found = await Promise.all(sources[0]?.files.map(({ file }) => findRed(file)) ?? [])
    for (const { share } of found) expect(share).toBeCloseTo((160 * 160) / (600 * 600), 2)
    for (const { x, y } of found) {
      expect(x).toBeCloseTo(found[0]?.x ?? 0, 1)
      expect(y).toBeCloseTo(found[0]?.y ?? 0, 1)
    }
  })

  test('keeps the place that the declaration names, unless the import names another', async () => {
    const bytes = await scene(0, 220).png().toBuffer()
    const { make } = await studio(bytes, 'focus: 5% 50%\n')
    const declared = await findRed(fileOf(await make('url', '?ratio=1:1&widths=600&formats=png')))
    expect(declared).toMatchObject({ share: expect.closeTo((160 * 160) / (600 * 600), 4) })
    const query = '?ratio=1:1&widths=600&formats=png&focus=100%25+50%25'
    expect(await findRed(fileOf(await make('url', query)))).toMatchObject({ share: 0 })
    const centred = await findRed(fileOf(await make('url', '?ratio=1:1&widths=600&focus=center')))
    expect(centred.share).toBe(0)
  })

  test('is none where all of it is to be seen, on a colour', async () => {
    const { make } = await studio(await scene(520, 220).png().toBuffer())
    const query = '?width=300&height=300&density=1&fit=contain&background=white&formats=png'
    const file = fileOf(await make('url', query))
    const { data, info } = await sharp(file)
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    expect(info).toMatchObject({ width: 300, height: 300 })
    expect([...data.subarray(0, 3)]).toEqual([255, 255, 255])
    expect((await findRed(file)).share).toBeCloseTo((40 * 40) / (300 * 300), 3)
  })
})

test('nothing is larger than the picture, unless that is asked for', async () => {
  const { make } = await studio(await scene(0, 0).jpeg().toBuffer())
  const within = await make('img', '?widths=600;5000')
  expect(within.sources[0]?.files.map(({ width }) => width)).toEqual([600, 1200])
  const file = fileOf(await make('img', '?widths=1500&upscale=true'))
  expect(await sharp(file).metadata()).toMatchObject({ width: 1500, height: 750, format: 'webp' })
})

test('a preset stands for its settings, and what an import says goes before', async () => {
  const { make } = await studio(await scene(0, 0).jpeg().toBuffer())
  const of = async (query: string): Promise<string[]> =>
    (await make('img', query)).sources[0]?.files.map(
      ({ width, height, descriptor }) => `${width}x${height} ${descriptor}`,
    ) ?? []
  expect(await of('')).toEqual(['300x150 300w'])
  expect(await of('?preset=card')).toEqual(['200x200 1x'])
  expect(await of('?preset=card&widths=150;400')).toEqual(['150x75 150w', '400x200 400w'])
  const unknown = await thrownBy(() => make('img', '?preset=crad'))
  expect(String(unknown)).toMatch(/INVALID_RENDITION[^]*"crad"[^]*card/)
})

test('quality decides the size of a file, for all formats or by format', async () => {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const
  const picture = sharp({
    create: { width: 600, height: 300, channels: 3, background: RED, noise },
  })
  const { make } = await studio(await picture.png().toBuffer())
  const sizeOf = async (query: string): Promise<number> =>
    (await readFile(fileOf(await make('img', query)))).length
  const [low, high] = [await sizeOf('?quality=20'), await sizeOf('?quality=webp:90')]
  expect(low * 2).toBeLessThan(high)
})

test('transparency stays, and the last format is one that has it', async () => {
  const disc = Buffer.from(
    '<svg width="400" height="400"><circle cx="200" cy="200" r="150" fill="#e01020"/></svg>',
  )
  const { make } = await studio(await sharp(disc).png().toBuffer())
  const { sources } = await make('picture', '?widths=200')
  expect(sources.map(({ format }) => format)).toEqual(['avif', 'webp', 'png'])
  for (const { files } of sources) {
    const { data, info } = await sharp(files[0]?.file)
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const alpha = (x: number, y: number): number => data[(y * info.width + x) * 4 + 3] ?? -1
    expect(alpha(2, 2)).toBe(0)
    expect(alpha(100, 100)).toBe(255)
  }
  const jpeg = fileOf(await make('url', '?widths=200&formats=jpeg'))
  const { data } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  expect(Math.min(...data.subarray(0, 3))).toBeGreaterThan(250)
})

describe('the derived cache', () => {
  test('gives the same bytes as what was encoded, and is asked first', async () => {
    const { make, site, driver, log } = await studio(await scene(300, 100).jpeg().toBuffer())
    const query = '?widths=100;300'
    const first = await make('picture', query)
    const files = first.sources.flatMap((source) => source.files.map(({ file }) => file))
    expect(files).toHaveLength(6)
    const bytes = await Promise.all(files.map((file) => readFile(file)))
    await site.remove('node_modules/.cache/gemini-image/renditions')
    expect(await make('picture', query)).toEqual(first)
    expect(await Promise.all(files.map((file) => readFile(file)))).toEqual(bytes)
    log.length = 0
    const other = driver()
    await other.prepare()
    await other.render(await other.image(site.path('hero.prompt.md')), { form: 'picture', query })
    expect(log.filter((line) => line.includes('encoded'))).toEqual([])
  })

  test.each<[string, (file: string, other: string) => Promise<void>]>([
    ['other bytes', (file) => writeFile(file, 'other bytes')],
    ['nothing', (file) => writeFile(file, '')],
    ['half of it', async (file) => writeFile(file, (await readFile(file)).subarray(0, 99))],
    ['another rendition', (file, other) => copyFile(other, file)],
    ['a folder', async (file) => void (await rm(file), await mkdir(file))],
    [
      'a link to another file',
      async (file, other) => void (await rm(file), await symlink(other, file)),
    ],
    ['what nobody vouches for', (file) => rm(`${file}.sha256`)],
  ])('that holds %s is filled anew', async (_, spoil) => {
    const { make, driver, site } = await studio(await scene(300, 100).jpeg().toBuffer())
    const query = '?widths=100;300&formats=webp'
    const { sources } = await make('img', query)
    const [file = '', other = ''] = sources.flatMap((one) => one.files.map((box) => box.file))
    const [sound, soundOther] = [await readFile(file), await readFile(other)]
    // As if it had been checked for long.
    await sleep(2100)
    const again = async (): Promise<void> => {
      const next = driver()
      await next.prepare()
      await next.render(await next.image(site.path('hero.prompt.md')), { form: 'img', query })
      await next.verify()
    }
    await again()
    await spoil(file, other)
    await again()
    expect((await readFile(file)).equals(sound)).toBe(true)
    expect((await readFile(other)).equals(soundOther)).toBe(true)
  })

  test('of stand-ins that holds other bytes is filled anew', async () => {
    const { driver, site } = await studio(await scene(300, 100).jpeg().toBuffer())
    await site.remove('gemini-image.lock')
    const standIn = async (): Promise<string> => {
      const opened = driver({ options: { mode: 'placeholder' } })
      await opened.prepare()
      return (await opened.image(site.path('hero.prompt.md'))).file
    }
    const sound = await readFile(await standIn())
    await writeFile(await standIn(), 'other bytes')
    expect((await readFile(await standIn())).equals(sound)).toBe(true)
  })

  test.each(['avif', 'webp', 'jpeg', 'png'])(
    'holds the same %s whatever else is asked for',
    async (format) => {
      const disc = Buffer.from(
        '<svg width="300" height="200"><circle cx="90" cy="90" r="70" fill="#e01020" opacity="0.7"/></svg>',
      )
      for (const bytes of [
        await scene(300, 100).jpeg().toBuffer(),
        await sharp(disc).png().toBuffer(),
      ]) {
        const { make, site } = await studio(bytes)
        const alone = await readFile(fileOf(await make('url', `?widths=120&formats=${format}`)))
        await site.remove('node_modules/.cache/gemini-image/renditions')
        const { sources } = await make('picture', `?widths=60;120&formats=avif;webp;png;jpeg`)
        const among = sources.find((source) => source.format === format)?.files.at(-1)?.file ?? ''
        expect(alone.equals(await readFile(among))).toBe(true)
      }
    },
  )

  test('is never filled from a picture that is not the pinned one', async () => {
    const { make, site, opened } = await studio(await scene(300, 100).jpeg().toBuffer())
    const [object = ''] = await site.list('.gemini-image')
    const sound = await site.bytes(`.gemini-image/${object}`)
    // The driver has checked it, and looks no more.
    await opened.verify()
    await site.write(`.gemini-image/${object}`, await scene(0, 0).jpeg().toBuffer())
    expect(String(await thrownBy(() => make('img', '')))).toContain('CORRUPT_OBJECT')
    await site.write(`.gemini-image/${object}`, sound)
    expect((await findRed(fileOf(await make('img', '?formats=png')))).x).toBeCloseTo(380 / 1200, 2)
  })

  test('is filled once by those who ask at the same time', async () => {
    const { make, site } = await studio(await scene(300, 100).jpeg().toBuffer())
    const made = await Promise.all(
      Array.from({ length: 8 }, () => make('picture', '?widths=100;300')),
    )
    for (const one of made) expect(one).toEqual(made[0])
    await sleep(10)
    const left = await site.list('node_modules/.cache/gemini-image/renditions', true)
    expect(left.filter((file) => /\.(?:avif|webp|jpg)$/.test(file))).toHaveLength(6)
  })
})

test('what was kept of a look and cannot be read is found out again', async () => {
  const { driver, site } = await studio(await scene(300, 100).jpeg().toBuffer())
  const lock = await site.read('gemini-image.lock')
  await site.write('gemini-image.lock', lock.replaceAll(/,"look":\{[^}]*\}/g, ''))
  const lookAgain = async (): Promise<unknown> => {
    const opened = driver()
    await opened.prepare()
    return (await opened.image(site.path('hero.prompt.md'))).look
  }
  const look = await lookAgain()
  const [kept = ''] = await site.list('node_modules/.cache/gemini-image/looks')
  await site.write(`node_modules/.cache/gemini-image/looks/${kept}`, '{ "color": ')
  expect(await lookAgain()).toEqual(look)
})

test('every file says how the picture came about, also where it is a stand-in’s not', async () => {
  const { make, driver, site } = await studio(await scene(300, 100).jpeg().toBuffer())
  const { sources } = await make('picture', '?widths=100&formats=avif;webp;png;jpeg')
  for (const { files } of sources) {
    const { xmp } = await sharp(files[0]?.file).metadata()
    const said = Object.values(readPacket(xmp ?? Buffer.alloc(0)))
    expect(said).toContain('http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia')
    expect(said).toContain('painter')
  }
  await site.remove('gemini-image.lock')
  const standIns = driver({ options: { mode: 'placeholder' } })
  await standIns.prepare()
  const standIn = await standIns.image(site.path('hero.prompt.md'))
  const file = fileOf(await standIns.render(standIn, { form: 'img', query: '?widths=64' }))
  const { width, xmp } = await sharp(file).metadata()
  expect({ width, xmp }).toEqual({ width: 64, xmp: undefined })
})
