import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser, openPage, skipBrowser, watchLayout } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { servedAt } from '../support/preview.ts'
import { createSite, promptFile } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { frameworksShowing } from './frameworks.ts'

afterAll(closeBrowser)

const HERO = './hero.prompt.md?gemini-image&as=picture'

const PAGE = `<!doctype html><html lang="en"><title>Page</title>
<style>.wide { display: block; width: 100%; height: auto }</style>
<div id="app"></div><script type="module" src="/src/main.js"></script></html>`

describe.skipIf(skipBrowser).each(Object.entries(frameworksShowing(HERO)))(
  'GeminiPicture for %s',
  (_, { plugins, files }) => {
    test('keeps its room, shows a likeness at once, and the best format of a fitting size', async () => {
      const gemini = await startGemini()
      const hero = promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" })
      const site = await createSite({ ...files, 'index.html': PAGE, 'src/hero.prompt.md': hero })
      await buildSite(site, { env: keyed(gemini), config: { plugins: [plugins] } })
      const address = await servedAt(site)
      const page = await openPage('about:blank')
      await page.setViewportSize({ width: 780, height: 900 })
      const shifts = await watchLayout(page)
      const { promise: released, resolve: release } = Promise.withResolvers<void>()
      await page.route(/\.(?:avif|webp|jpg)$/, async (route) => {
        await released
        await route.continue()
      })
      await page.goto(address, { waitUntil: 'domcontentloaded' })
      const below = page.locator('#below')
      await below.waitFor()
      const before = await below.boundingBox()
      const image = page.locator('img')
      const style = await image.evaluate((element) => getComputedStyle(element).backgroundImage)
      expect(style).toMatch(/^url\("data:image\/png;base64,/)
      release()
      await image.evaluate((element: HTMLImageElement) => element.decode())
      const shown = await image.evaluate(({ alt, currentSrc, naturalWidth }: HTMLImageElement) => ({
        alt,
        currentSrc,
        naturalWidth,
      }))
      expect(shown).toMatchObject({ alt: 'Boats' })
      expect(shown.currentSrc).toMatch(/hero-800-[\w-]+\.avif$/)
      // Heights of renditions are whole pixels: the ratio is off by a fraction of one.
      expect(Math.abs(((await below.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(1)
      expect(before?.y).toBeGreaterThan(400)
      expect(await shifts()).toEqual([])
    })
  },
)

const CREDITS = "import weather, { alt, grounding } from './weather.prompt.md?gemini-image'"

/** How credits stand below a picture of looked-up data, in each framework and without one. */
const CREDITED: Readonly<Record<string, Record<string, string>>> = {
  React: {
    'src/main.js': `
      import { createElement as h, Fragment } from 'react'
      import { createRoot } from 'react-dom/client'
      import { GeneratedImageCredits } from 'unplugin-gemini-image/react'
      ${CREDITS}
      createRoot(document.querySelector('#app')).render(h(Fragment, null,
        h('img', { src: weather, alt }), h(GeneratedImageCredits, { of: [grounding, undefined, grounding] }),
        h(GeneratedImageCredits, { of: undefined })))`,
  },
  Vue: {
    'src/main.js': `import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount('#app')`,
    'src/App.vue': `
      <script setup>
      import { GeneratedImageCredits } from 'unplugin-gemini-image/vue'
      ${CREDITS}
      </script>
      <template><img :src="weather" :alt="alt" /><GeneratedImageCredits :of="[grounding, undefined, grounding]" />
      <GeneratedImageCredits :of="undefined" /></template>`,
  },
  Svelte: {
    'src/main.js': `import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.querySelector('#app') })`,
    'src/App.svelte': `
      <script>
        import GeneratedImageCredits from 'unplugin-gemini-image/svelte/credits'
        ${CREDITS}
      </script>
      <img src={weather} {alt} /><GeneratedImageCredits of={[grounding, undefined, grounding]} />
      <GeneratedImageCredits of={undefined} />`,
  },
  HTML: {
    'src/main.js': `
      import { creditsHtml } from 'unplugin-gemini-image/credits'
      ${CREDITS}
      document.querySelector('#app').innerHTML = '<img src="' + weather + '" alt="' + alt + '">' +
        creditsHtml({ of: [grounding, undefined, grounding] }) + creditsHtml({ of: undefined })`,
  },
}

describe.skipIf(skipBrowser)('GeneratedImageCredits', () => {
  test('shows the same with React, Vue, Svelte and as HTML: suggestions in a frame, and each page once', async () => {
    const gemini = await startGemini()
    const weather = promptFile('The weather in Bergen', { grounding: '{ web: true }', alt: 'Rain' })
    const pages = Object.entries(CREDITED).map(([name, files]) => {
      const folder = name.toLowerCase()
      const moved = Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text])
      const html = PAGE.replace('/src/main.js', `/${folder}/src/main.js`)
      return { folder, files: { ...Object.fromEntries(moved), [`${folder}.html`]: html } }
    })
    const site = await createSite(Object.assign({}, ...pages.map(({ files }) => files)))
    for (const { folder } of pages) await site.write(`${folder}/src/weather.prompt.md`, weather)
    const input = pages.map(({ folder }) => site.path(`${folder}.html`))
    const plugins = [vue(), svelte({ configFile: false })]
    await buildSite(site, {
      env: keyed(gemini),
      config: { plugins, build: { rollupOptions: { input } } },
    })
    // The same declaration in four places.
    expect(gemini.requests).toHaveLength(1)
    const address = await servedAt(site)
    const shown = []
    for (const { folder } of pages) {
      const page = await openPage(`${address}${folder}.html`)
      const section = page.locator('section.gemini-image-credits')
      await section.waitFor()
      expect(await section.count()).toBe(1)
      const frame = section.locator('iframe')
      const box = await frame.boundingBox()
      shown.push({
        label: await section.getAttribute('aria-label'),
        frames: await frame.count(),
        sandbox: await frame.getAttribute('sandbox'),
        suggestions: await frame.getAttribute('srcdoc'),
        height: box?.height,
        links: await section
          .locator('ul > li > a')
          .evaluateAll((links) =>
            links.map((link) => [
              link.getAttribute('href'),
              link.textContent,
              link.getAttribute('rel'),
            ]),
          ),
      })
      await page.close()
    }
    const [first, ...others] = shown
    expect(first).toMatchObject({ label: 'Image sources', frames: 1, height: 64 })
    expect(first?.sandbox).not.toContain('allow-scripts')
    expect(first?.suggestions).toContain('<base target="_blank">')
    expect(first?.links.length).toBeGreaterThan(0)
    for (const other of others) expect(other).toEqual(first)
  })
})
