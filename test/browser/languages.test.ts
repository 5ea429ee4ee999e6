import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { BY_LANGUAGE, expectLanguages, POSTER, visitLanguage } from '../support/languages.ts'
import { servedAt } from '../support/preview.ts'
import { createSite } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { frameworksShowing } from './frameworks.ts'

afterAll(closeBrowser)

const PAGE = `<!doctype html><html lang="en"><title>Page</title>
<script>document.documentElement.lang = location.hash.slice(1)</script>
<div id="app"></div><script type="module" src="/src/main.js"></script></html>`

describe
  .skipIf(skipBrowser)
  .each(Object.entries(frameworksShowing(BY_LANGUAGE, 'document.documentElement.lang')))(
  'pictures by language in %s',
  (_, { plugins, files }) => {
    test('load one file, in the language of the page', async () => {
      const gemini = await startGemini({ drawing: 'scene' })
      const site = await createSite({
        ...files,
        'index.html': PAGE,
        'src/poster.prompt.md': POSTER,
        'gemini-image.config.mjs': `export default { languages: ['en', 'de', 'fr'] }\n`,
      })
      const config = { plugins: [plugins] }
      const output = await buildSite(site, { env: keyed(gemini), config })
      expect(output).toContain(
        'src/poster.prompt.md:7:1 has no picture in fr: pages in fr show the one in en.',
      )
      expect(askedPrompts(gemini)).toEqual(['A poster in de', 'A poster in en'])
      await buildSite(site, { options: { mode: 'frozen' }, config })
      expect(gemini.requests).toHaveLength(2)
      const address = await servedAt(site)
      await expectLanguages((language) => `${address}#${language}`)
      const german = { loaded: ['poster-de'], alt: 'Ein Plakat' }
      expect(await visitLanguage(`${address}#de-AT`)).toEqual(german)
      const english = { loaded: ['poster-en'], alt: 'A poster' }
      expect(await visitLanguage(`${address}#ja`)).toEqual(english)
    })
  },
)

test.skipIf(skipBrowser)('inLanguage chooses a URL without a framework', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html': PAGE,
    'src/main.js': `
      import { inLanguage } from 'unplugin-gemini-image/languages'
      import boats, { alt } from './boats.prompt.md?gemini-image&widths=400&as=img&by=language'
      const { lang } = document.documentElement
      const { src } = inLanguage(boats, lang)
      document.querySelector('#app').innerHTML = \`<img src="\${src}" alt="\${inLanguage(alt, lang)}"><p id="below">Below</p>\``,
    'src/boats.prompt.md': '---\nalt: { en: Boats, de: Boote }\n---\nA harbour\n',
  })
  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toHaveLength(1)
  const address = await servedAt(site)
  for (const [language, alt] of [
    ['de-CH', 'Boote'],
    ['ja', 'Boats'],
  ]) {
    const shown = (await visitLanguage(`${address}#${language}`)) as { loaded: string[] }
    expect(shown).toMatchObject({ alt })
    expect(shown.loaded).toHaveLength(1)
  }
})
