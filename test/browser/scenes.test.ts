import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { expectScenes, HERO, NIGHT, PHONE, pictureOf } from '../support/scenes.ts'
import { servedAt } from '../support/preview.ts'
import { createSite } from '../support/site.ts'
import { buildSite, keyed, serveSite } from '../support/vite.ts'
import { frameworksShowing } from './frameworks.ts'

afterAll(closeBrowser)

/** The page's root has the class by which a site keeps what its reader chose. */
const PAGE = `<!doctype html><html lang="en"><title>Page</title>
<script>if (location.hash === '#dark') document.documentElement.classList.add('dark')</script>
<style>body { margin: 0 } .wide { display: block; width: 100%; height: auto }</style>
<div id="app"></div><script type="module" src="/src/main.js"></script></html>`

describe.skipIf(skipBrowser).each(Object.entries(frameworksShowing(HERO)))(
  'scenes in %s',
  (_, { plugins, files }) => {
    test.for(['dark', '{ dark: .dark }'])(
      'load one file, in its own shape, and move nothing: scheme: %s',
      async (scheme) => {
        const gemini = await startGemini({ drawing: 'scene' })
        const hero = pictureOf(scheme)
        const site = await createSite({ ...files, 'index.html': PAGE, 'src/hero.prompt.md': hero })
        const config = { plugins: [plugins] }
        await buildSite(site, { env: keyed(gemini), config })
        expect(askedPrompts(gemini)).toEqual(
          [[], [NIGHT], [PHONE], [PHONE, NIGHT]].map((turns) => ['A harbour', ...turns].join('\n')),
        )
        await buildSite(site, { options: { mode: 'frozen' }, config })
        expect(gemini.requests).toHaveLength(4)
        const address = await servedAt(site)
        await expectScenes(address, scheme !== 'dark')
      },
    )
  },
)

test.skipIf(skipBrowser)(
  'vite dev shows each scene once it has landed, also after the picture',
  async () => {
    const gemini = await startGemini({ drawing: 'scene' })
    const site = await createSite({
      'index.html':
        '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
      'main.js': `
      import hero from '${HERO}'
      globalThis.shown = [...hero.sources.map(({ srcset }) => srcset), hero.img.srcset].map((srcset) =>
        new URL(srcset.split(' ')[0], location.href).href)`,
      'hero.prompt.md': pictureOf('dark'),
    })
    const { url } = await serveSite(site, { env: keyed(gemini) })
    const page = await openPage(url)
    await vi.waitFor(
      async () => {
        const shown = await page.evaluate(() => (globalThis as { shown?: string[] }).shown)
        const texts = (shown ?? []).map(async (one) => (await fetch(one)).text())
        // Nothing but a picture has a label.
        const labelled = (await Promise.all(texts)).filter((text) =>
          text.includes('AlgorithmicMedia'),
        )
        expect(labelled).toHaveLength(4)
      },
      { timeout: 30_000, interval: 100 },
    )
  },
)
