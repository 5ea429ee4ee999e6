import { afterAll, expect, test } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { servedAt } from '../support/preview.ts'
import { expectScenes, HERO, pictureOf } from '../support/scenes.ts'
import { astro } from './support/run.ts'
import { createAstroSite } from './support/site.ts'

afterAll(closeBrowser)

const PAGE = `---
import { GeminiPicture } from 'astro-gemini-image/components'
import hero from '.${HERO}'
---
<!doctype html><html lang="en"><head><title>Page</title>
<script is:inline>if (location.hash === '#dark') document.documentElement.classList.add('dark')</script>
<style is:global>body { margin: 0 } .wide { display: block; width: 100%; height: auto }</style></head>
<body><GeminiPicture picture={hero} class="wide" loading="eager" /><p id="below">Below</p></body></html>
`

test.skipIf(skipBrowser).for(['dark', '{ dark: .dark }'])(
  'a page loads one scene, in its own shape, and moves nothing: scheme: %s',
  async (scheme) => {
    const gemini = await startGemini({ drawing: 'scene' })
    const site = await createAstroSite(7, {
      'src/hero.prompt.md': pictureOf(scheme),
      'src/pages/index.astro': PAGE,
    })
    expect(await astro(site, ['build'], { gemini })).toMatchObject({ code: 0 })
    expect(gemini.requests).toHaveLength(4)
    expect(await astro(site, ['build'])).toMatchObject({ code: 0 })
    expect(gemini.requests).toHaveLength(4)
    await expectScenes(await servedAt(site), scheme !== 'dark')
  },
)
