import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { astro } from './support/run.ts'
import { createAstroSite } from './support/site.ts'

const PAGE = `---
import { GeminiImage } from 'astro-gemini-image/components'
import hero from '../hero.prompt.md?gemini-image'
const { title } = Astro.props
---
<GeminiImage picture={hero} alt="" />
<GeminiImage prompt={title} alt="" />
`

test('without a key, or with what is no literal, a build fails and says where, and pays nothing', async () => {
  const gemini = await startGemini()
  const site = await createAstroSite(7, {
    'src/hero.prompt.md': promptFile('A red kite', { aspectRatio: '16:9' }),
    'src/logo.prompt.md': promptFile('A logo'),
    'src/pages/index.astro': PAGE,
    'src/pages/logo.astro': `---\nimport logo from '../logo.prompt.md?gemini-image'\n---\n<img src={logo.src} alt="" />\n`,
  })
  const wrong = await astro(site, ['build'], { gemini })
  expect(wrong.code).toBe(1)
  expect(wrong.output).toContain('NOT_STATIC at src/pages/index.astro:7:22')
  await site.write('src/pages/index.astro', PAGE.replace('{title}', '"A title"'))
  const keyless = await astro(site, ['build'])
  expect(keyless.code).toBe(1)
  expect(keyless.output).toContain('MISSING_KEY')
  expect(keyless.output).toContain('src/hero.prompt.md:6:1')
  expect(keyless.output).toContain('src/logo.prompt.md:5:1')
  expect(gemini.requests).toEqual([])
})
