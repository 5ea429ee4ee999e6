import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'

test('picture modules of a Vite site say their source type, and structured data is made of it', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/fox.prompt.md': promptFile('A fox', { alt: 'A fox' }),
    'src/edit.prompt.md': promptFile('No sky', { references: '[./photo.jpg]' }),
    'src/server.js': `
      import { imageJsonLd } from 'unplugin-gemini-image/json-ld'
      import { geminiImage } from 'unplugin-gemini-image/macro'
      import fox, { alt, width, height, digitalSourceType } from './fox.prompt.md?gemini-image'
      import edit from './edit.prompt.md?gemini-image&as=object'
      const site = 'https://example.org'
      const leaf = geminiImage({ prompt: 'A leaf', alt: '' })
      export const all = [
        imageJsonLd({ image: fox, alt, digitalSourceType, site }),
        imageJsonLd({ image: { src: fox, width, height }, digitalSourceType, site }),
        imageJsonLd({ image: edit, alt: edit.alt, digitalSourceType: edit.digitalSourceType, site }),
        imageJsonLd({ image: leaf, digitalSourceType: leaf.digitalSourceType, site }),
      ].map((text) => JSON.parse(text))\n`,
  })
  const photo = sharp({ create: { width: 300, height: 200, channels: 3, background: '#7a3' } })
  await site.write('src/photo.jpg', await photo.jpeg().toBuffer())
  await buildSite(site, {
    env: keyed(gemini),
    config: {
      build: { ssr: 'src/server.js', outDir: 'dist', ssrEmitAssets: true },
      ssr: { noExternal: ['unplugin-gemini-image'] },
    },
  })
  const { all } = await import(pathToFileURL(site.path('dist/server.js')).href)
  const drawn = 'https://schema.org/TrainedAlgorithmicMediaDigitalSource'
  const edited = 'https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource'
  const shown = { contentUrl: expect.stringMatching(/^https:\/\/example\.org\/assets\/fox\./) }
  expect(all).toMatchObject([
    { ...shown, caption: 'A fox', digitalSourceType: drawn },
    { ...shown, width: 1024, height: 1024, digitalSourceType: drawn },
    { width: 1024, digitalSourceType: edited },
    { digitalSourceType: drawn },
  ])
  expect(all[0].width).toBeUndefined()
  // A site's server gets the helper, and none of the engine.
  expect(await site.read('dist/server.js')).not.toMatch(/@gemini-image\/core|sharp/)
})
