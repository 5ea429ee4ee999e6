import { afterAll, expect, test } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { BY_LANGUAGE, expectLanguages, POSTER } from '../support/languages.ts'
import { servedAt } from '../support/preview.ts'
import { keyed } from '../support/vite.ts'
import { buildAstro } from './support/run.ts'
import { astroConfig, createAstroSite } from './support/site.ts'

afterAll(closeBrowser)

const PART = `---
import { GeminiImage, GeminiPicture } from 'astro-gemini-image/components'
import poster from '${BY_LANGUAGE}'
import boats from './boats.prompt.md?gemini-image&as=object&by=language'
import sign from './sign.prompt.md?gemini-image&as=object&by=language'
---
<GeminiPicture picture={poster} loading="eager" />
<p id="below">Below</p><div style="height: 9000px"></div>
<GeminiImage picture={boats} id="boats" />
<GeminiPicture picture={sign} id="sign" />
<GeminiImage picture={sign} id="german" lang="de-AT" />
`

const page = (part: string): string => `---
import Part from '${part}'
---
<!doctype html><html lang={Astro.currentLocale}><head><title>Page</title></head><body><Part /></body></html>
`

test.skipIf(skipBrowser).for([7, 5] as const)(
  'Astro %i: a page shows the picture of its language, and loads no other',
  async (major) => {
    const gemini = await startGemini({ drawing: 'scene' })
    const site = await createAstroSite(major, {
      ...astroConfig({
        settings: `i18n: { locales: ['en', { path: 'de', codes: ['de-AT', 'de'] }, 'fr'], defaultLocale: 'en' },`,
      }),
      'src/poster.prompt.md': POSTER,
      'src/boats.prompt.md': '---\nalt: { de: Boote, en: Boats }\n---\nA harbour\n',
      'src/sign.prompt.md':
        '---\neach: { language: site }\nalt: Sign {{language}}\n---\nA sign, {{language}}\n',
      'src/Part.astro': PART,
      'src/pages/index.astro': page('../Part.astro'),
      'src/pages/de/index.astro': page('../../Part.astro'),
      'src/pages/fr/index.astro': page('../../Part.astro'),
    })
    const plan = await runCommand(site.root, ['plan'], keyed(gemini))
    expect(plan.output).toContain('6 missing')
    const lacking = [
      'src/poster.prompt.md:7:1 has no picture in fr: pages in fr show the one in en.',
      'src/boats.prompt.md:4:1 has no alternative text in fr: pages in fr have that in en.',
    ]
    for (const line of lacking) expect(plan.output).toContain(line)
    const said = await buildAstro(site, { gemini })
    for (const line of lacking) expect(said.split(line)).toHaveLength(2)
    const prompts = ['A harbour', 'A poster in de', 'A poster in en']
    const signs = ['A sign, de-AT', 'A sign, en', 'A sign, fr']
    expect(askedPrompts(gemini)).toEqual([...prompts, ...signs])
    await buildAstro(site)
    expect(gemini.requests).toHaveLength(6)

    const shownIn = async (file: string): Promise<string[]> => {
      const html = await site.read(`dist/${file}`)
      return ['boats', 'sign', 'german'].map((id) => {
        const tag = new RegExp(`<img[^>]*id="${id}"[^>]*>`).exec(html)?.[0] ?? ''
        expect(tag).not.toContain(' lang=')
        return `${/alt="([^"]*)"/.exec(tag)?.[1]}, ${/_astro\/([a-z-]+)\./.exec(tag)?.[1]}`
      })
    }
    const german = 'Sign de-AT, sign-de-at'
    expect(await shownIn('index.html')).toEqual(['Boats, boats', 'Sign en, sign-en', german])
    expect(await shownIn('de/index.html')).toEqual(['Boote, boats', german, german])
    expect(await shownIn('fr/index.html')).toEqual(['Boats, boats', 'Sign fr, sign-fr', german])
    const address = await servedAt(site)
    await expectLanguages((language) => `${address}${language === 'en' ? '' : `${language}/`}`)
  },
)
