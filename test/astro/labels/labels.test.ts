import sharp from 'sharp'
import { describe, expect, test, vi, afterAll } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../../support/browser.ts'
import { startGemini } from '../../support/gemini.ts'
import { runCli } from '../../support/process.ts'
import { promptFile } from '../../support/site.ts'
import { readPacket } from '../../support/xmp.ts'
import { keyed } from '../../support/vite.ts'
import { MAJORS } from '../support/packages.ts'
import { astro, buildAstro, serveBuilt, serveDev } from '../support/run.ts'
import { astroConfig, createAstroSite, NODE_SERVER, type AstroSite } from '../support/site.ts'

afterAll(closeBrowser)

const DRAWN = 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'
const EDITED = 'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia'

const IPTC = 'http://iptc.org/std/Iptc4xmpExt/2008-02-29/'

/** What the pages show of each image: every format that Astro makes. */
const FORMATS = ['avif', 'webp', 'png', 'jpeg']

/** A page with derivatives of images, those of each in the order of {@link FORMATS}. */
function page(imports: Readonly<Record<string, string>>): string {
  const lines = Object.entries(imports).map(([name, from]) => `import ${name} from '${from}'`)
  const images = FORMATS.map(
    (format) => `<Image src={image} format="${format}" width={120} alt="" />`,
  )
  return `---
import { Image } from 'astro:assets'
${lines.join('\n')}
---
<html lang="en"><body>{[${Object.keys(imports).join(', ')}].map((image) => <div>${images.join('')}</div>)}</body></html>
`
}

const photo = await sharp({
  create: {
    width: 300,
    height: 200,
    channels: 3,
    noise: { type: 'gaussian', mean: 128, sigma: 30 },
    background: 'white',
  },
})
  .jpeg()
  .toBuffer()

const FILES = {
  'src/photo.jpg': photo,
  'src/hero.prompt.md': promptFile('A red kite'),
  'src/edit.prompt.md': promptFile('Take the sky away', { references: '[./photo.jpg]' }),
  'src/poster.prompt.md': promptFile('A poster of it', { references: '[./edit.prompt.md]' }),
  'src/pages/index.astro': page({
    photo: '../photo.jpg',
    hero: '../hero.prompt.md?gemini-image',
    edit: '../edit.prompt.md?gemini-image',
    poster: '../poster.prompt.md?gemini-image',
  }),
}

/** The addresses of a page's images. */
function imagesIn(html: string): string[] {
  return [...html.matchAll(/<img src="([^"]+)"/g)].map(([, src = '']) =>
    src.replaceAll('&amp;', '&'),
  )
}

async function packetOf(bytes: Uint8Array): Promise<Record<string, string>> {
  const { xmp } = await sharp(bytes).metadata()
  return xmp ? readPacket(xmp) : {}
}

async function labelOf(bytes: Uint8Array): Promise<string | undefined> {
  return (await packetOf(bytes))[`${IPTC}DigitalSourceType`]
}

async function shippedImages(site: AstroSite): Promise<Buffer[]> {
  const html = await site.read('dist/index.html')
  return Promise.all(imagesIn(html).map((src) => site.bytes(`dist${src}`)))
}

const times = <Value>(value: Value): Value[] => FORMATS.map(() => value)

/** The stored file of a picture, as a site without us would have it. */
async function original(site: AstroSite, name: string): Promise<Buffer> {
  const file = (await site.list('.gemini-image')).find((one) => one.startsWith(`${name}.`))
  return site.bytes(`.gemini-image/${file}`)
}

describe.each(MAJORS)('Astro %i', (major) => {
  test('derivatives of generated pictures say so; their pixels and all other images are Astro’s', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(major, FILES)
    await buildAstro(site, { gemini })
    const ours = await shippedImages(site)
    expect(await Promise.all(ours.map(labelOf))).toEqual([
      ...times(undefined),
      ...times(DRAWN),
      ...times(EDITED),
      ...times(EDITED),
    ])
    const [, , , , hero] = await Promise.all(ours.map(packetOf))
    expect(hero).toEqual({
      [`${IPTC}DigitalSourceType`]: DRAWN,
      [`${IPTC}AISystemUsed`]: 'gemini-nano-banana-2.1',
      'http://ns.adobe.com/photoshop/1.0/DateCreated': expect.stringMatching(/^\d{4}-.*Z$/),
    })
    const plain = await createAstroSite(major, {
      'astro.config.mjs': 'export default {}',
      'src/photo.jpg': photo,
      'src/hero.jpg': await original(site, 'hero'),
      'src/edit.jpg': await original(site, 'edit'),
      'src/pages/index.astro': page({
        photo: '../photo.jpg',
        hero: '../hero.jpg',
        edit: '../edit.jpg',
      }),
    })
    await buildAstro(plain)
    const theirs = await shippedImages(plain)
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
  const labels = await Promise.all(
    sources.map(async (src) =>
      labelOf(new Uint8Array(await (await fetch(url + src)).arrayBuffer())),
    ),
  )
  expect(labels).toEqual([...times(undefined), ...times(DRAWN), ...times(EDITED), ...times(EDITED)])
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

test.for([5, 7] as const)(
  'a dev server of Astro %i labels a picture that lands while it runs, and no stand-in',
  async (major) => {
    const site = await createAstroSite(major, {
      'src/hero.prompt.md': promptFile('A red kite'),
      'src/pages/index.astro': page({ hero: '../hero.prompt.md?gemini-image' }),
    })
    const { url } = await serveDev(site)
    const label = async (): Promise<string | undefined> => {
      const [src = ''] = imagesIn(await (await fetch(url)).text())
      return labelOf(new Uint8Array(await (await fetch(url + src)).arrayBuffer()))
    }
    expect(await label()).toBeUndefined()
    const gemini = await startGemini()
    await runCli(site.root, ['generate', '--yes'], keyed(gemini))
    await vi.waitFor(async () => expect(await label()).toBe(DRAWN), {
      timeout: 15_000,
      interval: 250,
    })
  },
)

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
      'src/pages/index.astro': page({ hero: '../hero.prompt.md?gemini-image' }),
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
