import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { readFileLabel, type SourceType } from '@gemini-image/core/internal'
import { imageJsonLd } from 'unplugin-gemini-image/json-ld'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed } from '../support/vite.ts'
import { readPacket } from '../support/xmp.ts'
import { commitAll, drawn, entryOf, plain, runJson, siteOf } from './stage.ts'

const HERO = 'src/hero.prompt.md'
const TYPE = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/DigitalSourceType'
const termOf = (name: string): string => `http://cv.iptc.org/newscodes/digitalsourcetype/${name}`

/** A hand-made picture: bands, so that it is like nothing that is drawn here. */
function mine(width = 640, height = 360): ReturnType<typeof sharp> {
  const bands = Array.from(
    { length: 9 },
    (_, i) => `<rect y="${i * 40}" width="100%" height="20"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fe0"/>${bands.join('')}</svg>`
  return sharp(Buffer.from(svg))
}

async function packetOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const { xmp } = await sharp(bytes).metadata()
  return readPacket(xmp ?? Buffer.from(''))
}

/** A site whose page shows a picture of ours as it is and in renditions; nothing is drawn. */
async function unpaid(settings: Record<string, string> = {}): Promise<Site> {
  const main = `
    import hero, * as facts from './hero.prompt.md?gemini-image'
    import set from './hero.prompt.md?gemini-image&as=picture&widths=200&formats=webp,jpeg'
    document.title = [hero, JSON.stringify(facts), JSON.stringify(set)].join()\n`
  const site = await siteOf({ hero: promptFile('A fox', { aspectRatio: '16:9', ...settings }) })
  await site.write('src/main.js', main)
  await site.write('mine.png', await mine().png().toBuffer())
  return site
}

/** What a frozen build ships, by its name. */
async function shippedBy(site: Site): Promise<readonly string[]> {
  await buildSite(site, { env: { CI: 'true' } })
  return (await site.list('dist/assets')).filter((name) => /\.(?:png|webp|jpe?g)$/.test(name))
}

test('an adopted picture ships frozen, without a key, and its files say what it is', async () => {
  const site = await unpaid()
  expect(await failingBuild(site, { env: { CI: 'true' } })).toContain('MISSING_PICTURE')
  const { code, report } = await runJson(site, ['adopt', 'hero', 'mine.png'])
  expect(code).toBe(0)
  expect(report).toMatchObject({
    pinned: { adopted: 'mine.png', digitalSourceType: 'digitalCreation' },
  })
  const files = await shippedBy(site)
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) {
    const bytes = await site.bytes(`dist/assets/${file}`)
    // No model, no date, no prompt: nobody knows, or there is none.
    expect(await packetOf(bytes)).toEqual({ [TYPE]: termOf('digitalCreation') })
    expect(await readFileLabel(bytes)).toBeUndefined()
  }
  const whole = files.find((name) => name.endsWith('.png')) ?? ''
  expect(await describeImage(await site.bytes(`dist/assets/${whole}`))).toBe('png 640x360')
  const script = (await site.list('dist/assets')).find((name) => name.endsWith('.js'))
  const module = await site.read(`dist/assets/${script}`)
  expect(module).toContain('digitalCreation')
  expect(module).not.toContain('AlgorithmicMedia')
  expect(module).toContain('A picture')
  const entry = await entryOf(site, HERO)
  expect(entry).toMatchObject({ model: 'adopted', cost: 0, redrawn: 1 })
  expect(entry).not.toHaveProperty('request')
})

test('every report says "adopted", and nothing of it is generated, due or outdated', async () => {
  const site = await unpaid({ fresh: '1d', grounding: '{ web: true }' })
  await runJson(site, ['adopt', 'hero', 'mine.png', '--source', 'digitalCapture'])
  const lock = await site.read('gemini-image.lock')
  await site.write('gemini-image.lock', lock.replace(/"created":"\d+/, '"created":"2001'))
  const plan = await runJson(site, ['plan'])
  expect(plan.report).toMatchObject({ pinned: 1, missing: 0, stale: 0 })
  expect(plan.report.rows[0]).toMatchObject({ model: 'adopted', adopted: 'mine.png' })
  expect((await runCommand(site.root, ['plan'])).stdout).toMatch(/adopted .* adopted/)
  expect((await runCommand(site.root, ['status'])).stdout).toContain('1 picture (1 adopted), ')
  expect((await runCommand(site.root, ['verify'])).stdout).toContain(
    '1 pinned picture, 1 of them adopted, is whole',
  )
  expect((await runCommand(site.root, ['explain', 'hero'])).stdout).toContain(
    'adopted from mine.png',
  )
  expect((await runCommand(site.root, ['outdated'])).code).toBe(0)
  await shippedBy(site)
  const { code, report } = await runJson(site, ['audit', 'dist'])
  expect([code, report.images, report.otherImages]).toEqual([0, [], 3])
})

test('a rendition that has lost the label of an adopted picture is not taken for a generated one', async () => {
  const site = await unpaid()
  await runJson(site, ['adopt', 'hero', 'mine.png'])
  await site.write('public/card.webp', await mine().resize(300).webp({ quality: 60 }).toBuffer())
  await shippedBy(site)
  expect((await runJson(site, ['audit', 'dist'])).report.images).toEqual([])
})

test('the generated picture stays behind it, and one goes back and forth for nothing', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('hero')), gemini)
  const before = await entryOf(site, HERO)
  await site.write('mine.png', await mine(512, 512).png().toBuffer())
  const done = await runCommand(site.root, ['adopt', 'hero', 'mine.png'])
  expect(done.stdout).toContain('To go back: npx gemini-image pick hero --former 1')
  expect(done.stdout).toContain('It is 512×512 pixels, fewer than the declared 1024×1024.')
  const adopted = await entryOf(site, HERO)
  expect(adopted.former).toEqual([before])
  await runCommand(site.root, ['pick', 'hero', '--former', before.object.slice(0, 8)])
  expect(await entryOf(site, HERO)).toMatchObject({ object: before.object, model: before.model })
  expect(await readFileLabel(await site.bytes(`.gemini-image/${before.file}`))).toBeDefined()
  await runCommand(site.root, ['pick', 'hero', '--former', '1'])
  expect(await entryOf(site, HERO)).toMatchObject({ object: adopted.object, adopted: 'mine.png' })
  await runJson(site, ['generate', 'hero', '--again', '--yes'], keyed(gemini))
  const again = await entryOf(site, HERO)
  expect(again).not.toHaveProperty('adopted')
  expect(again.former?.map(({ object }) => object).toSorted()).toEqual(
    [before.object, adopted.object].toSorted(),
  )
  expect(gemini.requests).toHaveLength(2)
})

test('what a model draws from an adopted picture is a composite, by reference and by turn', async () => {
  const gemini = await startGemini()
  const site = await siteOf({
    hero: promptFile('A fox'),
    child: promptFile('Beside it', { references: '["./hero.prompt.md"]' }),
  })
  await site.write('mine.png', await mine(512, 512).png().toBuffer())
  const early = await runJson(site, ['adopt', 'child', 'mine.png'])
  expect(early.report.error).toMatchObject({ code: 'INVALID_ARGUMENT' })
  expect(early.report.error.message).toContain('src/hero.prompt.md, which is not pinned yet')
  await runJson(site, ['adopt', 'hero', 'mine.png'])
  await drawn(site, gemini)
  await site.write(HERO, promptFile('A fox', { turns: '["Make it night"]' }))
  await drawn(site, gemini)
  const files = (await site.list('.gemini-image')).filter((name) => name.endsWith('.jpg'))
  expect(files).toHaveLength(3)
  for (const file of files) {
    expect(await packetOf(await site.bytes(`.gemini-image/${file}`))).toMatchObject({
      [TYPE]: termOf('compositeWithTrainedAlgorithmicMedia'),
    })
  }
  await runJson(site, ['label'])
  expect(await runJson(site, ['plan'])).toMatchObject({ code: 0 })
})

test('who adopts one of four variants has chosen; nothing else is asked for', async () => {
  const site = await siteOf({ hero: promptFile('A fox', { variants: '4' }) })
  await site.write('mine.jpg', await mine(1024, 1024).jpeg().toBuffer())
  await runJson(site, ['adopt', 'hero', 'mine.jpg'])
  expect(await runJson(site, ['plan'])).toMatchObject({ code: 0, report: { pinned: 1 } })
})

test('a pull request says so', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('hero')), gemini)
  commitAll(site)
  await site.write('mine.png', await mine(1024, 1024).png().toBuffer())
  await runJson(site, ['adopt', 'hero', 'mine.png'])
  const report = await runCommand(site.root, ['plan', '--format', 'markdown', '--base', 'main'])
  expect(report.stdout).toMatch(/hero\.prompt\.md.*\| adopted \|/)
})

test('structured data credits no model for it, and names its kind', () => {
  const image = 'https://example.org/a.png'
  const dataOf = (digitalSourceType: SourceType, model?: string): unknown =>
    JSON.parse(imageJsonLd({ image, digitalSourceType, ...(model && { model }) }))
  expect(dataOf('digitalCapture', 'adopted')).toMatchObject({
    digitalSourceType: 'https://schema.org/DigitalCaptureDigitalSource',
  })
  expect(dataOf('digitalCreation')).toMatchObject({ digitalSourceType: termOf('digitalCreation') })
  for (const one of [dataOf('digitalCapture'), dataOf('trainedAlgorithmicMedia', 'adopted')]) {
    expect(one).not.toHaveProperty('creditText')
  }
  expect(dataOf('trainedAlgorithmicMedia', 'gemini-nano-banana-2.1')).toMatchObject({
    creditText: 'Google Gemini',
  })
})

describe('the file itself', () => {
  test('a photo that lies on its side stands upright', async () => {
    const site = await unpaid()
    await site.write(
      'photo.jpg',
      await mine(600, 400).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    )
    const { report } = await runJson(site, ['adopt', 'hero', 'photo.jpg'])
    expect(report.pinned).toMatchObject({ width: 400, height: 600 })
    expect(report.hints[0]).toContain('16:9 is declared')
    const {
      width,
      height,
      orientation = 1,
    } = await sharp(await site.bytes(`.gemini-image/${report.pinned.file}`)).metadata()
    expect({ width, height, orientation }).toEqual({ width: 400, height: 600, orientation: 1 })
  })

  test('says what it is: a generated picture of elsewhere is never called hand-made', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('hero', 'other')), gemini)
    const { file } = await entryOf(site, 'src/other.prompt.md')
    const path = `.gemini-image/${file}`
    const lie = await runJson(site, ['adopt', 'hero', path, '--source', 'digitalCreation'])
    expect(lie.code).toBe(1)
    expect(lie.report.error.message).toContain(
      'says in its metadata that it is trainedAlgorithmicMedia',
    )
    const { report } = await runJson(site, ['adopt', 'hero', path])
    expect(report.pinned.digitalSourceType).toBe('trainedAlgorithmicMedia')
  })

  test.for([
    ['half.png', async () => (await mine().png().toBuffer()).subarray(0, 900)],
    ['page.png', async () => Buffer.from('<html>')],
    ['mine.avif', () => mine().avif().toBuffer()],
  ] as const)('%s is refused, and nothing changes', async ([name, content]) => {
    const site = await unpaid()
    await site.write(name, await content())
    const { code, report } = await runJson(site, ['adopt', 'hero', name])
    expect([code, report.error.code]).toEqual([1, 'UNSUPPORTED_PICTURE'])
    expect(await site.list('.gemini-image')).toEqual([])
  })

  test('one that is not there is told, and a term that IPTC does not know', async () => {
    const site = await unpaid()
    const gone = await runJson(site, ['adopt', 'hero', 'gone.png'])
    expect(gone.report.error.code).toBe('INVALID_ARGUMENT')
    const odd = await runJson(site, ['adopt', 'hero', 'mine.png', '--source', 'handmade'])
    expect(odd.report.error.message).toContain('digitalCapture')
  })
})
