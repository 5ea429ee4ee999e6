import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import type { PluginOption } from 'vite'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { expectScenes, HERO, NIGHT, PHONE, pictureOf, servedAt } from '../support/scenes.ts'
import { createSite } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'

afterAll(closeBrowser)

const FRAMEWORKS: Readonly<
  Record<string, { plugins: PluginOption; files: Record<string, string> }>
> = {
  React: {
    plugins: [],
    files: {
      'src/main.js': `
        import { createElement as h, Fragment } from 'react'
        import { createRoot } from 'react-dom/client'
        import { GeminiPicture } from 'unplugin-gemini-image/react'
        import hero from '${HERO}'
        createRoot(document.querySelector('#app')).render(h(Fragment, null,
          h(GeminiPicture, { picture: hero, className: 'wide', loading: 'eager' }), h('p', { id: 'below' }, 'Below')))`,
    },
  },
  Vue: {
    plugins: vue(),
    files: {
      'src/main.js': `import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount('#app')`,
      'src/App.vue': `
        <script setup>
        import { GeminiPicture } from 'unplugin-gemini-image/vue'
        import hero from '${HERO}'
        </script>
        <template><GeminiPicture :picture="hero" class="wide" loading="eager" /><p id="below">Below</p></template>`,
    },
  },
  Svelte: {
    plugins: svelte({ configFile: false }),
    files: {
      'src/main.js': `import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.querySelector('#app') })`,
      'src/App.svelte': `
        <script>
          import GeminiPicture from 'unplugin-gemini-image/svelte'
          import hero from '${HERO}'
        </script>
        <GeminiPicture picture={hero} class="wide" loading="eager" />
        <p id="below">Below</p>`,
    },
  },
}

/** The page's root has the class by which a site keeps what its reader chose. */
const PAGE = `<!doctype html><html lang="en"><title>Page</title>
<script>if (location.hash === '#dark') document.documentElement.classList.add('dark')</script>
<style>body { margin: 0 } .wide { display: block; width: 100%; height: auto }</style>
<div id="app"></div><script type="module" src="/src/main.js"></script></html>`

describe.skipIf(skipBrowser).each(Object.entries(FRAMEWORKS))(
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
