import geminiImage from 'unplugin-gemini-image/vite'
import { build } from 'vite'
import { imagetools } from 'vite-imagetools'
import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'
import { run } from './output.ts'

test('the rest of the query is what vite-imagetools makes of the picture', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'src/main.js': `
      import picture, { alt } from './hero.prompt.md?gemini-image&w=200;400&format=avif;webp&as=picture'
      import small from './sign.prompt.md?each=New York&gemini-image&w=100'
      globalThis.shown = { picture, alt, small }`,
    'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" }),
    'src/sign.prompt.md': promptFile('{{words}}', { each: '{ words: [New York, Other] }' }),
  })
  await withEnv(keyed(gemini), () =>
    build({
      root: site.root,
      configFile: false,
      logLevel: 'silent',
      plugins: [geminiImage({ retryDelay: 5 }), imagetools()],
      build: {
        assetsInlineLimit: 0,
        modulePreload: false,
        rollupOptions: {
          input: site.path('src/main.js'),
          output: { entryFileNames: 'main.js' },
        },
      },
    }),
  )
  expect(gemini.requests).toHaveLength(2)
  const { picture, alt, small } = (await run(site)) as {
    alt: string
    small: string
    picture: { sources: Record<string, string>; img: { src: string; w: number; h: number } }
  }
  expect(alt).toBe('Boats')
  expect(await describeImage(await site.bytes(`dist${small}`))).toBe('jpeg 100x100')
  expect(Object.keys(picture.sources).toSorted()).toEqual(['avif', 'webp'])
  expect(picture.img).toMatchObject({ w: 400, h: 223 })
  const sizes = Object.values(picture.sources).flatMap((set) => set.split(', '))
  const described = sizes.map(async (one) => {
    const [url = '', width] = one.split(' ')
    return `${width} ${await describeImage(await site.bytes(`dist${url}`))}`
  })
  expect((await Promise.all(described)).toSorted()).toEqual([
    '200w heif 200x112',
    '200w webp 200x112',
    '400w heif 400x223',
    '400w webp 400x223',
  ])
})
