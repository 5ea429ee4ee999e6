import { pathToFileURL } from 'node:url'
import { ogMeta, ogTags, type RenderedPreview } from 'unplugin-gemini-image/og'
import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, promptFile } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'

const OG: RenderedPreview = {
  src: '/assets/a b.jpg',
  width: 1200,
  height: 630,
  type: 'image/jpeg',
  alt: '',
}

test('a picture beside a link is never part of a script, whatever its size', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/main.js': `export { default } from './hero.prompt.md?gemini-image&quality=1&as=og'\n`,
    'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
  })
  const config = { base: '/under/', build: { ssr: 'src/main.js', assetsInlineLimit: 1_000_000 } }
  await buildSite(site, {
    env: keyed(gemini),
    config: { ...config, build: { ...config.build, ssrEmitAssets: true } },
  })
  const built = await import(pathToFileURL(site.path('dist/main.js')).href)
  const [{ content } = { content: '' }] = ogMeta(built.default, { site: 'https://a.example' })
  expect(content).toMatch(/^https:\/\/a\.example\/under\/assets\/hero-1200x630-[\w-]+\.jpg/)
  const file = new URL(content).pathname.replace('/under/', 'dist/')
  expect(await describeImage(await site.bytes(file))).toBe('jpeg 1200x630')
})

test('addresses are whole ones, and those of a decorative picture have no words', () => {
  expect(ogMeta(OG, { site: 'https://a.example/blog/' }).slice(0, 2)).toEqual([
    { property: 'og:image', content: 'https://a.example/assets/a%20b.jpg' },
    { property: 'og:image:type', content: 'image/jpeg' },
  ])
  expect(ogTags(OG, { site: 'https://a.example' })).not.toContain('og:image:alt')
  expect(ogMeta({ ...OG, src: 'https://cdn.example/a.jpg' })[0]).toMatchObject({
    content: 'https://cdn.example/a.jpg',
  })
  expect(ogMeta([])).toEqual([])
})

test('an address that no network could fetch is an error that says what to do', () => {
  expect(() => ogMeta(OG)).toThrow(/no whole one: give ogMeta\(\{ site: [^]*Astro\.site/)
  for (const src of ['data:image/jpeg;base64,AAAA', 'file:///srv/a.jpg']) {
    expect(() => ogTags({ ...OG, src }, { site: 'https://a.example' })).toThrow(/none of the web/)
  }
})
