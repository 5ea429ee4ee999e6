import { pathToFileURL } from 'node:url'
import type { RenderedPicture } from 'unplugin-gemini-image/rendered-picture'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed, serveSite, type Run } from '../support/vite.ts'

const SIZED = './hero.prompt.md?gemini-image&widths=32;64'

function siteOf(): Promise<Site> {
  return createSite({
    'index.html': '<script type="module" src="/src/main.js"></script>',
    'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
    'src/main.js': `
      import hero from '${SIZED}&as=picture'
      import url from '${SIZED}&as=url'
      export default { hero, url }`,
  })
}

interface Built {
  readonly hero: RenderedPicture
  readonly url: string
}

async function build(site: Site, run: Run): Promise<Built> {
  const config = { ...run.config, build: { ...run.config?.build, ssr: 'src/main.js' } }
  await buildSite(site, { ...run, config })
  const url = pathToFileURL(site.path('dist/main.js')).href
  return ((await import(url)) as { default: Built }).default
}

test('one file is inlined as Vite likes it, and those to choose from are not', async () => {
  const gemini = await startGemini()
  const config = { base: '/under/', build: { assetsInlineLimit: 100_000 } }
  const { hero, url } = await build(await siteOf(), { env: keyed(gemini), config })
  expect(url).toMatch(/^data:image\/jpeg;base64,/)
  const srcsets = [...hero.sources, hero.img].map(({ srcset }) => srcset)
  for (const srcset of srcsets) {
    const file = String.raw`\/under\/assets\/hero-\d+-[\w-]+\.(?:avif|webp|jpg)(?:\?no-inline)?`
    expect(srcset).toMatch(new RegExp(String.raw`^${file} 32w, ${file} 64w$`))
  }
})

test('a dev server encodes one file, cut as it will be', async () => {
  const gemini = await startGemini()
  const site = await siteOf()
  await site.write(
    'src/main.js',
    `import hero from './hero.prompt.md?gemini-image&ratio=2:1&widths=100;200&as=picture'\nexport default hero`,
  )
  await buildSite(site, { env: keyed(gemini) })
  await site.remove('node_modules')
  const { server } = await serveSite(site, { env: keyed(gemini) })
  const { default: hero } = (await server.ssrLoadModule('/src/main.js')) as {
    default: RenderedPicture
  }
  expect(hero.sources).toEqual([])
  expect(hero.img).toMatchObject({ width: 200, height: 100, alt: 'Boats' })
  const files = await site.list('node_modules/.cache/gemini-image/renditions', true)
  const encoded = files.filter((file) => file.endsWith('.webp') || /\.(?:avif|jpg)$/.test(file))
  expect(encoded).toHaveLength(1)
  const bytes = await site.bytes(`node_modules/.cache/gemini-image/renditions/${encoded[0]}`)
  expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 200, height: 100 })
})
