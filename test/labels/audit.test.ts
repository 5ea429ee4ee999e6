import { parseLockfile, startOf, type Grounding } from '@gemini-image/core/internal'
import sharp from 'sharp'
import { creditsHtml } from 'unplugin-gemini-image/credits'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { buildAstro } from '../astro/support/run.ts'
import { astroConfig, createAstroSite } from '../astro/support/site.ts'
import { runJson, type Json } from '../cli/stage.ts'

const PAGE = `<!doctype html>
<html lang="en"><head>
<meta property="og:image" content="https://example.org/card.webp" />
</head><body>
<p>WORDS</p>
<img src="./src/fox.prompt.md?gemini-image" alt="AI generated, says what nobody sees" />
<picture><source srcset="/small.webp 1x, /card.webp 2x" /><img src="/photo.jpg" alt="" /></picture>
<div style="background: url('/card.webp')"></div>
</body></html>
`

/** A built site: a labelled original, two renditions without a label, and a photo of the user's own. */
async function builtSite(words: string, head = ''): Promise<Site> {
  const gemini = await startGemini({ drawing: 'scene' })
  const site = await createSite({
    'index.html': PAGE.replace('WORDS', words).replace('</head>', `${head}</head>`),
    'src/fox.prompt.md': promptFile('A fox in the snow'),
  })
  await site.write('public/photo.jpg', await photo())
  await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  const object = (await site.list('.gemini-image')).find((name) => name.startsWith('fox.'))
  const fox = sharp(site.path('.gemini-image', object ?? ''))
  await site.write('public/small.webp', await fox.clone().resize(200).webp().toBuffer())
  await site.write(
    'public/card.webp',
    await fox.clone().resize(300, 240, { fit: 'cover' }).webp({ quality: 60 }).toBuffer(),
  )
  await buildSite(site)
  return site
}

/** Bands of colours that no scene has. */
function photo(): Promise<Buffer> {
  const bands = Array.from({ length: 8 }, (_, i) => `<rect y="${i * 20}" width="240" height="10"/>`)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="240" height="160"><rect width="240" height="160" fill="#fe0"/>${bands.join('')}</svg>`
  return sharp(Buffer.from(svg)).jpeg().toBuffer()
}

/** File → how it is judged. */
function states({ images }: Json): Record<string, string> {
  return Object.fromEntries(images.map(({ file, state }: Json) => [file, state]))
}

describe('a Vite site', () => {
  test('tells labelled originals, renditions that have lost their label, and photos apart', async () => {
    const site = await builtSite('Hello')
    const { code, report } = await runJson(site, ['audit', 'dist'])
    expect(code).toBe(1)
    const original = Object.keys(states(report)).find((file) => file.startsWith('assets/fox'))
    expect(states(report)).toEqual({
      [String(original)]: 'labelled',
      'card.webp': 'unlabelled',
      'small.webp': 'unlabelled',
    })
    expect(report).toMatchObject({ otherImages: 1, pageCount: 1 })
    const [page] = report.pages
    expect(page).toMatchObject({ file: 'index.html', visible: null })
    expect(page.images.map(({ file, machineReadable }: Json) => [file, machineReadable])).toEqual([
      ['card.webp', null],
      [original, 'label'],
      ['small.webp', null],
    ])
    const lines = (await site.read('dist/index.html')).split('\n')
    for (const { line, column, file } of page.images) {
      expect(lines[line - 1]?.slice(column - 1)).toMatch(
        file === 'small.webp' ? /^srcset="/ : /^(?:content|src)="/,
      )
    }
    const { stdout } = await runCommand(site.root, ['audit'])
    expect(stdout).toContain('2 without a label:')
    expect(stdout).toMatch(/dist\/small\.webp {2}looks like fox\.\w{12}\.jpg \(/)
    expect(stdout).toMatch(/dist\/index\.html:\d+:\d+ {2}small\.webp/)
  })

  test('a label put back, by whatever means, is all that it takes', async () => {
    const site = await builtSite('Hello')
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" i:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF></x:xmpmeta>`
    for (const name of ['small.webp', 'card.webp']) {
      const labelled = await sharp(await site.bytes(`dist/${name}`))
        .withXmp(xmp)
        .webp()
        .toBuffer()
      await site.write(`dist/${name}`, labelled)
    }
    expect(await runJson(site, ['audit'])).toMatchObject({ code: 0, report: { otherImages: 1 } })
    const strict = await runCommand(site.root, ['audit', '--strict'])
    expect(strict.code).toBe(1)
    expect(strict.stdout).toContain('no visible word of it')
    const named = await runCommand(site.root, ['audit', '--strict', '--disclosure', 'hello'])
    expect(named.code).toBe(0)
  })

  test.for([
    ['All pictures on this page are generated.', true],
    ['Drawn with Google Gemini', true],
    ['Cover: AI-generated', true],
    ['This picture was made by a painter with a brush', false],
    ['We said nothing of the kind in Spain', false],
    ['<span hidden>AI-generated</span>', false],
    ['<script>"AI-generated"</script>', false],
  ] as const)('a visible word: %s', async ([words, isDisclosed]) => {
    const site = await createSite({ 'dist/index.html': PAGE.replace('WORDS', words) })
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/">http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia</x:xmpmeta>`
    const image = await sharp(await photo())
      .withXmp(xmp)
      .jpeg()
      .toBuffer()
    await site.write('dist/photo.jpg', image)
    const { report } = await runJson(site, ['audit'])
    expect(report.images).toHaveLength(1)
    expect(report.pages[0].visible !== null).toBe(isDisclosed)
  })

  test('structured data discloses what has lost its label, and the loss is told all the same', async () => {
    const data = { '@type': 'ImageObject', contentUrl: 'https://example.org/base/small.webp' }
    const type = 'https://schema.org/TrainedAlgorithmicMediaDigitalSource'
    const json = JSON.stringify({ '@graph': [{ ...data, digitalSourceType: type }] })
    const site = await builtSite('Hi', `<script type="application/ld+json">${json}</script>`)
    const { code, report } = await runJson(site, ['audit'])
    expect(code).toBe(1)
    const found = report.pages[0].images.map(({ file, machineReadable }: Json) => [
      file,
      machineReadable,
    ])
    expect(found).toContainEqual(['small.webp', 'json-ld'])
    expect(found).toContainEqual(['card.webp', null])
  })

  test('a photo is not taken for what a model made of it', async () => {
    const site = await builtSite('Hello')
    const object = (await site.list('.gemini-image')).find((name) => name.startsWith('fox.'))
    const patch = { create: { width: 90, height: 90, channels: 3, background: '#a33' } } as const
    const photo = sharp(site.path('.gemini-image', object ?? ''))
      .composite([{ input: patch, left: 60, top: 60 }])
      .jpeg()
    await site.write('src/photo.jpg', await photo.toBuffer())
    await site.write(
      'dist/photo.jpg',
      await sharp(site.path('src/photo.jpg')).resize(320).toBuffer(),
    )
    const judged = async (): Promise<string | undefined> =>
      states((await runJson(site, ['audit'])).report)['photo.jpg']
    expect(await judged()).toBe('unlabelled')
    await site.write('src/edit.prompt.md', promptFile('No patch', { references: '[./photo.jpg]' }))
    await site.write('src/main.js', `import './edit.prompt.md?gemini-image'\n`)
    expect(await judged()).toBeUndefined()
  })

  test('an image that stands in the page itself counts', async () => {
    const site = await builtSite('Hello')
    const small = (await site.bytes('dist/small.webp')).toString('base64')
    await site.write('dist/index.html', `<p>\n<img src="data:image/webp;base64,${small}">`)
    await Promise.all(['small.webp', 'card.webp'].map((name) => site.remove(`dist/${name}`)))
    const { code, report } = await runJson(site, ['audit'])
    expect(code).toBe(1)
    expect(report.pages[0].images).toMatchObject([
      { line: 2, column: 6, file: null, state: 'unlabelled', machineReadable: null },
    ])
    expect((await runCommand(site.root, ['audit'])).stdout).toContain('in the page itself')
  })
})

test('an Astro site: labelled by our service, and not by one that strips', async () => {
  const gemini = await startGemini({ drawing: 'scene' })
  const page = `---
import { Image } from 'astro:assets'
import fox from '../fox.prompt.md?gemini-image'
import edit from '../edit.prompt.md?gemini-image'
import photo from '../photo.jpg'
---
<html lang="en"><body><p>Images made with AI.</p>{[fox, edit, photo].map((src) => <Image src={src} width={240} alt="" />)}</body></html>
`
  const files = {
    'src/photo.jpg': await photo(),
    'src/fox.prompt.md': promptFile('A fox in the snow'),
    'src/edit.prompt.md': promptFile('More snow', { references: '[./photo.jpg]' }),
    'src/pages/index.astro': page,
  }
  const site = await createAstroSite(7, files)
  await buildAstro(site, { gemini })
  const good = await runJson(site, ['audit', '--strict'])
  expect(good).toMatchObject({ code: 0, report: { otherImages: 1, pages: [{ visible: {} }] } })
  expect(good.report.images.map(({ sourceType }: Json) => sourceType).toSorted()).toEqual([
    'compositeWithTrainedAlgorithmicMedia',
    'trainedAlgorithmicMedia',
  ])
  await site.write(
    'service.mjs',
    `import sharp from 'astro/assets/services/sharp'\nexport default { ...sharp }\n`,
  )
  const settings = `image: { service: { entrypoint: './service.mjs' } },`
  await site.write('astro.config.mjs', astroConfig({ settings })['astro.config.mjs'] ?? '')
  await site.remove('dist')
  await site.remove('node_modules/.astro')
  await buildAstro(site, { gemini })
  const bad = await runJson(site, ['audit'])
  expect(bad.code).toBe(1)
  expect(Object.values(states(bad.report))).toEqual(['unlabelled', 'unlabelled'])
  expect(bad.report.otherImages).toBe(1)
})

describe('credits of looked-up data', () => {
  /** A page that shows a picture of the weather, and another that only names it. */
  async function weatherSite(): Promise<{ site: Site; page: string; grounding: Grounding }> {
    const gemini = await startGemini({ drawing: 'scene' })
    const site = await createSite({
      'index.html': `<p>AI-generated</p>\n<img src="./src/rain.prompt.md?gemini-image" alt="">\n<img src="./src/fox.prompt.md?gemini-image" alt="">`,
      'src/rain.prompt.md': promptFile('Rain on & off in Bergen', { grounding: '{ web: true }' }),
      'src/fox.prompt.md': promptFile('A fox in the snow'),
    })
    await buildSite(site, { env: keyed(gemini) })
    const lock = await site.read('gemini-image.lock')
    const { entries } = parseLockfile(lock, startOf(site.root, 'gemini-image.lock'))
    const [grounding] = [...entries.values()].flatMap((one) => one.grounding ?? [])
    if (!grounding) throw new Error('Nothing was looked up')
    return { site, page: await site.read('dist/index.html'), grounding }
  }

  const missing = ({ report }: Json): unknown =>
    report.pages[0].images.flatMap((one: Json) => one.missingCredits ?? [])

  test('are missed where a page shows neither, and --strict fails', async () => {
    const { site, page, grounding } = await weatherSite()
    const audited = await runJson(site, ['audit'])
    expect(audited.code).toBe(0)
    expect(missing(audited)).toEqual(['search suggestions', 'sources'])
    const { code, stdout } = await runCommand(site.root, ['audit', '--strict'])
    expect(code).toBe(1)
    expect(stdout).toMatch(
      /^1 of looked-up data, .*\n {2}dist\/index\.html:2:6 {2}assets\/rain\S+\.jpg: search suggestions and sources\nShow .*creditsHtml/m,
    )
    await site.write('dist/index.html', page + creditsHtml({ of: grounding }))
    const credited = await runJson(site, ['audit', '--strict'])
    expect({ code: credited.code, missing: missing(credited) }).toEqual({ code: 0, missing: [] })
    await site.write('dist/index.html', page + creditsHtml({ of: { ...grounding, sources: [] } }))
    expect(missing(await runJson(site, ['audit']))).toEqual(['sources'])
    await site.write(
      'dist/index.html',
      `${page}<div hidden>${creditsHtml({ of: grounding })}</div>`,
    )
    expect(missing(await runJson(site, ['audit']))).toHaveLength(2)
  })

  test('may be what a script shows, and a page that only names a picture needs none', async () => {
    const { site, page, grounding } = await weatherSite()
    await site.write('dist/late.js', `show(${JSON.stringify(grounding)})`)
    expect(missing(await runJson(site, ['audit', '--strict']))).toEqual([])
    await site.remove('dist/late.js')
    const [, src = ''] = /<img src="([^"]*rain[^"]*)"/.exec(page) ?? []
    const named = `<meta property="og:image" content="${src}"><p>AI-generated</p>`
    await site.write('dist/index.html', named)
    expect((await runJson(site, ['audit', '--strict'])).code).toBe(0)
  })

  test('are those of a picture in another size, with its label or without', async () => {
    const { site, page } = await weatherSite()
    const name = (await site.list('dist/assets')).find((one) => one.startsWith('rain'))
    const rain = sharp(await site.bytes(`dist/assets/${name}`)).resize(300)
    await site.write('dist/small.webp', await rain.clone().keepMetadata().webp().toBuffer())
    await site.write('dist/index.html', page.replace(/src="[^"]*rain[^"]*"/, 'src="/small.webp"'))
    const labelled = await runJson(site, ['audit'])
    expect(labelled.code).toBe(0)
    expect(missing(labelled)).toHaveLength(2)
    await site.write('dist/small.webp', await rain.webp().toBuffer())
    const audited = await runJson(site, ['audit'])
    expect(audited.code).toBe(1)
    expect(missing(audited)).toHaveLength(2)
  })
})

test('what is no built site is said to be none', async () => {
  const site = await createSite({})
  const unbuilt = await runCommand(site.root, ['audit'])
  expect(unbuilt.code).toBe(1)
  expect(unbuilt.stderr).toContain('INVALID_ARGUMENT')
  expect((await runCommand(site.root, ['audit', 'nowhere'])).stderr).toContain('no folder nowhere')
})
