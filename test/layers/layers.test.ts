import sharp from 'sharp'
import { afterAll, expect, test } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { failingBuild, keyed } from '../support/vite.ts'
import { inChromium, inkOf, likeness } from './ink.ts'
import { buildExport, createLayeredSite, decode, differenceBox, shipped } from './site.ts'

afterAll(closeBrowser)

/** A prompt file with layers below its settings. */
function layered(layers: string, settings = 'aspectRatio: 16:9'): string {
  return `---\nalt: A harbour\n${settings}\n${layers}---\n\nA harbour at dusk\n`
}

const TITLE = `layers:
  - scrim: bottom
  - text: Boats at night
    font: /fonts/latin.woff
    size: 12
    color: '#ffffff'
`

const SHOWN = `
  import url from './hero.prompt.md?gemini-image&formats=png&as=url'
  import picture from './hero.prompt.md?gemini-image&widths=200;400&formats=webp;png&as=picture'
  import og from './hero.prompt.md?gemini-image&as=og'
  import whole, { width } from './hero.prompt.md?gemini-image'
  export default { url, picture, og, whole, width }`

interface Shown {
  readonly url: string
  readonly picture: { readonly img: { readonly srcset: string } }
  readonly og: { readonly src: string; readonly width: number; readonly height: number }
  readonly whole: string
  readonly width: number
}

test('an edit of a layer makes renditions and no call, and so does taking it away', async () => {
  const gemini = await startGemini()
  const env = keyed(gemini)
  const site = await createLayeredSite({
    'src/hero.prompt.md': layered(''),
    'src/main.js': SHOWN,
  })
  const bare = await buildExport<Shown>(site, { env })
  const lockfile = await site.read('gemini-image.lock')
  const before = await decode(await shipped(site, bare.url))

  await site.write('src/hero.prompt.md', layered(TITLE))
  const titled = await buildExport<Shown>(site, { env })
  const after = await decode(await shipped(site, titled.url))
  expect(differenceBox(after, before)).toBeDefined()

  await site.write('src/hero.prompt.md', layered(TITLE.replace('Boats', 'Ships')))
  const frozen = await buildExport<Shown>(site, { env: {}, options: { mode: 'frozen' } })
  const edited = await decode(await shipped(site, frozen.url))
  expect(differenceBox(edited, after)).toBeDefined()

  await site.write('src/hero.prompt.md', layered(''))
  const again = await buildExport<Shown>(site, { env: {}, options: { mode: 'frozen' } })
  expect(await shipped(site, again.url)).toEqual(await shipped(site, bare.url))
  expect(askedPrompts(gemini)).toHaveLength(1)
  expect(await site.read('gemini-image.lock')).toBe(lockfile)
})

test('words are on every form: renditions, the picture beside a link, and the plain file', async () => {
  const gemini = await startGemini()
  const env = keyed(gemini)
  const site = await createLayeredSite({
    'src/hero.prompt.md': layered(''),
    'src/main.js': SHOWN,
  })
  const bare = await buildExport<Shown>(site, { env })
  const files = ({ url, picture, og, whole }: Shown): string[] => [
    url,
    og.src,
    whole,
    ...picture.img.srcset.split(', ').map((one) => one.split(' ')[0] ?? ''),
  ]
  const plain = await Promise.all(files(bare).map(async (one) => decode(await shipped(site, one))))
  await site.write('src/hero.prompt.md', layered(TITLE))
  const titled = await buildExport<Shown>(site, { env })
  expect(files(titled)).toHaveLength(5)
  for (const [index, file] of files(titled).entries()) {
    const drawn = await decode(await shipped(site, file))
    const before = plain[index]!
    expect([drawn.width, drawn.height]).toEqual([before.width, before.height])
    const box = differenceBox(drawn, before)
    // At the bottom, and never nearer to an edge than the margin of 7 % of the shorter side.
    const margin = Math.min(drawn.width, drawn.height) * 0.07
    expect(box).toBeDefined()
    expect(box!.bottom).toBeGreaterThan(drawn.height - margin - 2)
  }
})

const SCRIPTS = {
  latin: { text: 'Ships & <boats>', direction: 'ltr' },
  hebrew: { text: 'סירות בנמל, 12', direction: 'rtl' },
  arabic: { text: 'قوارب في الميناء', direction: 'rtl' },
  japanese: { text: '港の夜、船と灯り', direction: 'ltr' },
} as const

test.skipIf(skipBrowser).each(Object.entries(SCRIPTS))(
  '%s is written as Chromium writes it',
  async (script, { text, direction }) => {
    const font = script as keyof typeof SCRIPTS
    const gemini = await startGemini()
    const layer = `{ text: '${text}', font: [/fonts/${font}.woff, /fonts/latin.woff], size: 9, at: center, lines: 1, background: black, radius: 0, padding: 8 }`
    const site = await createLayeredSite({
      'src/hero.prompt.md': layered(''),
      'src/main.js': SHOWN,
    })
    const env = keyed(gemini)
    const bare = await buildExport<Shown>(site, { env })
    const before = await decode(await shipped(site, bare.url))
    await site.write('src/hero.prompt.md', layered(`layers:\n  - ${layer}\n`))
    const shown = await buildExport<Shown>(site, { env })
    const drawn = await shipped(site, shown.url)
    const { left, top, right, bottom } = differenceBox(await decode(drawn), before)!
    const box = { left, top, width: right - left, height: bottom - top }
    const ours = await inkOf(await sharp(drawn).extract(box).png().toBuffer())

    const theirs = await inkOf(await inChromium(text, { font, direction }))
    expect(Math.abs(ours.ratio / theirs.ratio - 1)).toBeLessThan(0.03)
    expect(likeness(ours, theirs)).toBeGreaterThan(0.9)
    // Letters in another order, each by itself, are not taken for it.
    const apart = [...text].toReversed().join('\u200C')
    const wrong = await inkOf(await inChromium(apart, { font, direction }))
    expect(likeness(ours, wrong)).toBeLessThan(0.85)
  },
)

test('one picture has its words in each language, for one call', async () => {
  const gemini = await startGemini()
  const layers = `layers:\n  - { text: '{{greeting}}', font: /fonts/latin.woff, at: center, size: 14 }\n`
  const site = await createLayeredSite({
    'src/hero.prompt.md': layered(layers, 'each: { greeting: [Welcome, Bonjour] }'),
    'src/main.js': `
      import one from './hero.prompt.md?each=Welcome&formats=png&as=url&gemini-image'
      import other from './hero.prompt.md?each=Bonjour&formats=png&as=url&gemini-image'
      export default [one, other]`,
  })
  const urls = await buildExport<readonly string[]>(site, { env: keyed(gemini) })
  const [one, other] = await Promise.all(urls.map(async (url) => decode(await shipped(site, url))))
  expect(differenceBox(one!, other!)).toBeDefined()
  expect(gemini.requests).toHaveLength(1)
})

test('long text becomes several lines, then smaller, and no line begins with a full stop', async () => {
  const gemini = await startGemini()
  const env = keyed(gemini)
  const text = '港の夜、船と灯り。'.repeat(4)
  const layers = (most: number): string =>
    `layers:\n  - { text: '${text}', font: /fonts/japanese.woff, size: 10, lines: ${most}, background: black, radius: 0, padding: 0, at: center }\n`
  const site = await createLayeredSite({
    'src/hero.prompt.md': layered(''),
    'src/main.js': SHOWN,
  })
  const bare = await decode(await shipped(site, (await buildExport<Shown>(site, { env })).url))
  const boxes = []
  for (const most of [4, 2]) {
    await site.write('src/hero.prompt.md', layered(layers(most)))
    const shown = await buildExport<Shown>(site, { env })
    boxes.push(differenceBox(await decode(await shipped(site, shown.url)), bare)!)
  }
  const heights = boxes.map(({ top, bottom }) => bottom - top)
  expect(heights[1]).toBeLessThan(heights[0]!)
  for (const { left, right } of boxes) {
    expect(left).toBeGreaterThanOrEqual(bare.height * 0.07 - 1)
    expect(right).toBeLessThanOrEqual(bare.width - bare.height * 0.07 + 1)
  }
})

test.each([
  ['UNKNOWN_LAYERS', 'layers: card\n', '4:9'],
  ['LAYER_FILE_NOT_FOUND', 'layers:\n  - { text: Hi, font: ./none.ttf }\n', '5:23'],
  ['FILE_OUTSIDE_ROOT', 'layers:\n  - { image: ../../../../package.json }\n', '5:14'],
  ['UNREADABLE_FONT', 'layers:\n  - { text: Hi, font: /package.json }\n', '5:13'],
  ['UNSUPPORTED_LAYER', 'layers:\n  - { image: /package.json }\n', '5:14'],
  ['MISSING_GLYPH', 'layers:\n  - { text: סירה, font: /fonts/latin.woff }\n', '5:13'],
  [
    'TEXT_TOO_LONG',
    `layers:\n  - { text: ${'long '.repeat(90)}, font: /fonts/latin.woff }\n`,
    '5:13',
  ],
  ['UNKNOWN_VARIABLE', `layers:\n  - { text: '{{title}}', font: /fonts/latin.woff }\n`, '5:13'],
  ['INVALID_VALUE', `layers:\n  - { text: Hi, font: /fonts/latin.woff, at: botom }\n`, '5:46'],
  ['UNKNOWN_KEY', `layers:\n  - { text: Hi, font: /fonts/latin.woff, colour: red }\n`, '5:50'],
])('%s at its place', async (code, layers, place) => {
  const gemini = await startGemini()
  const site = await createLayeredSite({
    'src/hero.prompt.md': layered(layers),
    'src/main.js': SHOWN,
    'index.html': '<script type="module" src="/src/main.js"></script>',
  })
  const said = await failingBuild(site, { env: keyed(gemini) })
  expect(said).toContain(`${code} at src/hero.prompt.md:${place}`)
})
