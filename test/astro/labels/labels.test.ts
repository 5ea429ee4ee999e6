import sharp from 'sharp'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../../support/browser.ts'
import { runCommand } from '../../support/command.ts'
import { startGemini } from '../../support/gemini.ts'
import { promptFile } from '../../support/site.ts'
import {
  DRAWN,
  FORMATS,
  imagesIn,
  labelOf,
  labels,
  LABELS,
  pageOfFormats,
  photo,
  shippedImages,
  times,
} from '../parts/labels.ts'
import { astro, buildAstro, serveBuilt } from '../support/run.ts'
import { astroConfig, createAstroSite, NODE_SERVER, type AstroSite } from '../support/site.ts'

afterAll(closeBrowser)

/** The stored file of a picture, as a site without us would have it. */
async function original(site: AstroSite, name: string): Promise<Buffer> {
  const file = (await site.list('.gemini-image')).find((one) => one.startsWith(`${name}.`))
  return site.bytes(`.gemini-image/${file}`)
}

const FILES = {
  ...labels.files,
  'src/pages/index.astro': labels.files['src/pages/labels.astro'] ?? '',
}

test('derivatives of an adopted picture say what it is, in a frozen build', async () => {
  const site = await createAstroSite(7, {
    ...astroConfig(),
    'src/drawn.prompt.md': promptFile('A harbour'),
    'src/pages/index.astro': pageOfFormats({ drawn: '../drawn.prompt.md?gemini-image' }),
  })
  await site.write('mine.jpg', photo)
  const adopting = ['adopt', 'drawn', 'mine.jpg', '--source', 'digitalCapture']
  expect((await runCommand(site.root, adopting)).code).toBe(0)
  await buildAstro(site, { env: { CI: 'true' } })
  const files = await shippedImages(site)
  expect(files).toHaveLength(FORMATS.length)
  for (const file of files) {
    expect(await labelOf(file)).toBe(DRAWN.replace(/\w+$/, 'digitalCapture'))
  }
})

test('derivatives of generated pictures have the pixels of Astro’s, and other images its bytes', async () => {
  const gemini = await startGemini()
  const site = await createAstroSite(7, labels.files)
  await buildAstro(site, { gemini })
  const ours = await shippedImages(site, 'labels/index.html')
  const plain = await createAstroSite(7, {
    'astro.config.mjs': 'export default {}',
    'src/photo.jpg': photo,
    'src/drawn.jpg': await original(site, 'drawn'),
    'src/edit.jpg': await original(site, 'edit'),
    'src/pages/index.astro': pageOfFormats({
      photo: '../photo.jpg',
      drawn: '../drawn.jpg',
      edit: '../edit.jpg',
    }),
  })
  await buildAstro(plain)
  const theirs = await shippedImages(plain)
  expect(theirs).toHaveLength(3 * FORMATS.length)
  for (const [index, one] of theirs.entries()) {
    const [labelled = one] = ours.slice(index)
    if (index < FORMATS.length) expect(labelled.equals(one)).toBe(true)
    else expect(labelled.equals(one)).toBe(false)
    const [seen, expected] = await Promise.all(
      [labelled, one].map((file) => sharp(file).raw().toBuffer({ resolveWithObject: true })),
    )
    expect(seen?.info).toEqual(expected?.info)
    expect(expected && seen?.data.equals(expected.data)).toBe(true)
  }
})

test('a server without a lockfile labels what it makes', async () => {
  const gemini = await startGemini()
  const site = await createAstroSite(7, { ...FILES, ...astroConfig(NODE_SERVER) })
  await buildAstro(site, { gemini })
  await Promise.all(['gemini-image.lock', '.gemini-image', 'src'].map((file) => site.remove(file)))
  const code = (await site.list('dist/server', true)).filter((name) => name.endsWith('.mjs'))
  const texts = await Promise.all(code.map((name) => site.read(`dist/server/${name}`)))
  expect(texts.filter((text) => text.includes('@gemini-image/core'))).toEqual([])
  const { url } = await serveBuilt(site)
  const sources = imagesIn(await (await fetch(url)).text())
  const found = await Promise.all(
    sources.map(async (src) =>
      labelOf(new Uint8Array(await (await fetch(url + src)).arrayBuffer())),
    ),
  )
  expect(found).toEqual(LABELS)
  if (skipBrowser) return
  const browser = await openPage(url)
  const sizes = await browser.evaluate(async () => {
    const images = [...document.images]
    for (const image of images) image.loading = 'eager'
    await Promise.all(images.map((image) => image.decode()))
    return images.map((image) => `${image.naturalWidth}x${image.naturalHeight}`)
  })
  expect(sizes).toEqual([...times('120x80'), ...Array<string>(12).fill('120x120')])
})

describe('another image service', () => {
  const SERVICE = `import sharp from 'astro/assets/services/sharp'\nexport default { ...sharp }\n`
  const withService = (entrypoint: string): Record<string, string> =>
    astroConfig({ settings: `image: { service: { entrypoint: '${entrypoint}' } },` })

  test('is left alone, with a word of what is lost and how to mend it, said once', async () => {
    const site = await createAstroSite(7, {
      'service.mjs': SERVICE,
      ...withService('./service.mjs'),
    })
    const { output } = await astro(site, ['sync'])
    expect(output.split('The AI labels of generated pictures are lost')).toHaveLength(2)
    expect(output).toContain(`import service from './service.mjs'`)
  })

  test('that is wrapped, or none, is nothing to warn of', async () => {
    const wrapped = `import { labelled } from 'astro-gemini-image/image-service'
      import service from './service.mjs'
      export default labelled(service)`
    const site = await createAstroSite(7, {
      'service.mjs': SERVICE,
      'wrapped.mjs': wrapped,
      'src/hero.prompt.md': promptFile('A red kite'),
      'src/pages/index.astro': pageOfFormats({ hero: '../hero.prompt.md?gemini-image' }),
      ...withService('./wrapped.mjs'),
    })
    const gemini = await startGemini()
    expect(await buildAstro(site, { gemini })).not.toContain('AI labels')
    expect(await Promise.all((await shippedImages(site)).map(labelOf))).toEqual(times(DRAWN))
    await site.write(
      'astro.config.mjs',
      withService('astro/assets/services/noop')['astro.config.mjs'] ?? '',
    )
    expect((await astro(site, ['sync'])).output).not.toContain('AI labels')
  })

  test('the settings of Astro’s own are kept', async () => {
    const settings = `image: { service: { entrypoint: 'astro/assets/services/sharp', config: { limitInputPixels: 100 } } },`
    const gemini = await startGemini()
    const site = await createAstroSite(7, { ...FILES, ...astroConfig({ settings }) })
    const output = (await astro(site, ['build'], { gemini })).output
    // Astro ships an image that is over the limit as it is.
    expect(output).toContain('could not optimize image')
  })
})
