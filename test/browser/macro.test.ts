import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, openPage, seen, skipBrowser } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { keyed, serveSite } from '../support/vite.ts'

afterAll(closeBrowser)

const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'"
const QUIET = 500

const SITE = {
  'index.html': `<!doctype html><img id="module"><div id="app"></div>
    <script type="module" src="/src/main.ts"></script>`,
  'src/main.ts': `
    import { createApp } from 'vue'
    import { mount } from 'svelte'
    import Vue from './Vue.vue'
    import Svelte from './Svelte.svelte'
    import { leaf } from './leaf'
    Object.assign(document.querySelector('#module'), leaf)
    createApp(Vue).mount('#app')
    mount(Svelte, { target: document.body })`,
  'src/leaf.ts': `${MACRO}\nexport const leaf = geminiImage({ prompt: 'In a module', alt: '', aspectRatio: '16:9' })\n`,
  'src/Vue.vue': `<script setup lang="ts">\n${MACRO}\nconst cover = geminiImage({ prompt: 'In Vue', alt: '', aspectRatio: '4:1' })\n</script>\n<template><img id="vue" :src="cover.src"></template>\n`,
  'src/Svelte.svelte': `<script lang="ts">\n${MACRO}\nconst cover = geminiImage({ prompt: 'In Svelte', alt: '' })\n</script>\n<img id="svelte" src={cover.src} alt="">\n`,
}

describe.skipIf(skipBrowser)('macros in vite dev', () => {
  test('are stand-ins of the exact size at once, and pictures when they land, in every kind of file', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await createSite(SITE)
    const { url, log } = await serveSite(site, {
      env: keyed(gemini),
      options: { quietPeriod: QUIET },
      config: { plugins: [vue(), svelte({ configFile: false })] },
    })
    const page = await openPage(url)
    const until = (id: string, src: string, size: string): Promise<void> =>
      vi.waitFor(
        async () =>
          expect(await seen(page, id)).toEqual({ src: expect.stringContaining(src), size }),
        { timeout: 30_000, interval: 50 },
      )
    await until('module', '.placeholder-', '1376x768')
    await until('vue', '.placeholder-', '2048x512')
    await until('svelte', '.placeholder-', '1024x1024')
    release()
    await until('module', '.gemini-image/leaf-in-a-module.', '1376x768')
    await until('vue', '.gemini-image/vue-in-vue.', '2048x512')
    await until('svelte', '.gemini-image/svelte-in-svelte.', '1024x1024')
    expect(askedPrompts(gemini)).toEqual(['In Svelte', 'In Vue', 'In a module'])

    gemini.reset()
    const releaseAnother = gemini.hold()
    const edit = (file: keyof typeof SITE, to: string): Promise<void> =>
      site.save(file, SITE[file].replace(/prompt: '.*?'/, `prompt: '${to}', size: '2K'`))
    const editAll = (which: string): Promise<unknown> =>
      Promise.all([
        edit('src/leaf.ts', `${which} module`),
        edit('src/Vue.vue', `${which} Vue`),
        edit('src/Svelte.svelte', `${which} Svelte`),
      ])
    const untilAll = async (slug: string): Promise<void> => {
      await until('module', `.gemini-image/leaf-${slug}-module.`, '2752x1536')
      await until('vue', `.gemini-image/vue-${slug}-vue.`, '4096x1024')
      await until('svelte', `.gemini-image/svelte-${slug}-svelte.`, '2048x2048')
    }
    await editAll('Another')
    await until('vue', '.placeholder-', '4096x1024')
    await until('module', '.placeholder-', '2752x1536')
    await until('svelte', '.placeholder-', '2048x2048')
    releaseAnother()
    await untilAll('another')
    expect(askedPrompts(gemini)).toEqual(['Another Svelte', 'Another Vue', 'Another module'])

    // They may land while their placeholders are still being made.
    await editAll('A third')
    await untilAll('a-third')
    expect(log.filter((line) => line.includes('GeminiImageError'))).toEqual([])
  })

  test('that are no literals say so in the overlay, until they are', async () => {
    const site = await createSite({
      'index.html':
        '<!doctype html><img id="module"><script type="module" src="/main.ts"></script>',
      'main.ts': `${MACRO}\nconst words = 'A leaf'\ndocument.querySelector('#module').src = geminiImage({ prompt: words }).src\n`,
    })
    const { url } = await serveSite(site)
    const page = await openPage(url)
    const overlay = page.locator('vite-error-overlay')
    const said = (): Promise<string> => overlay.locator('.message').innerText()
    await overlay.waitFor()
    expect(await said()).toContain('NOT_STATIC at main.ts:3:63')
    // The overlay counts columns from 0.
    expect(await overlay.locator('.file').innerText()).toContain('main.ts:3:62')
    await site.save('main.ts', (await site.read('main.ts')).replace('prompt: words', "prompt: 'A'"))
    await vi.waitFor(
      async () => expect((await seen(page, 'module')).size).toBe('1024x1024'),
      10_000,
    )
  })
})
