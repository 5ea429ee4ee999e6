import { afterAll, expect, test } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { BY_LANGUAGE, expectLanguages, POSTER } from '../support/languages.ts'
import { servedAt } from '../support/preview.ts'
import { start, type Ended } from '../support/process.ts'
import { keyed } from '../support/vite.ts'
import { copyOf } from './copy.ts'

afterAll(closeBrowser)

const FILES = {
  '.vitepress/config.js': `
    import { defineConfig } from 'vitepress'
    import withGeminiImage from 'unplugin-gemini-image/vitepress'
    const title = (text) => ({ title: text })
    export default withGeminiImage(defineConfig({
      vite: { build: { assetsInlineLimit: 0 } },
      locales: {
        root: { label: 'English', lang: 'en', ...title('Harbour') },
        de: { label: 'Deutsch', lang: 'de', ...title('Hafen') },
        fr: { label: 'Français', lang: 'fr' },
      },
    }))`,
  'poster.prompt.md': POSTER,
  'Poster.vue': `
    <script setup>
    import { useData } from 'vitepress'
    import { GeminiPicture } from 'unplugin-gemini-image/vue'
    import poster from '${BY_LANGUAGE}'
    const { lang } = useData()
    </script>
    <template><GeminiPicture :picture="poster" :lang="lang" loading="eager" /><p id="below">Below</p></template>`,
  'index.md': `<script setup>import Poster from './Poster.vue'</script>\n\n<Poster />\n`,
  'de/index.md': `<script setup>import Poster from '../Poster.vue'</script>\n\n<Poster />\n`,
  'fr/index.md': `<script setup>import Poster from '../Poster.vue'</script>\n\n<Poster />\n`,
}

test.skipIf(skipBrowser)(
  'vitepress: a page loads the picture of its locale, and no other',
  async () => {
    const gemini = await startGemini({ drawing: 'scene' })
    const site = await copyOf('vitepress')
    for (const name of ['guide', '.vitepress/theme', 'hero.prompt.md', 'sign.prompt.md'])
      await site.remove(name)
    for (const [name, text] of Object.entries(FILES)) await site.write(name, text)
    const plan = await runCommand(site.root, ['plan'], keyed(gemini))
    expect(plan.output).toContain('2 missing')
    const lacking = 'poster.prompt.md:7:1 has no picture in fr: pages in fr show the one in en.'
    expect(plan.output).toContain(lacking)
    const build = (env: Record<string, string>): Promise<Ended> => {
      const vitepress = ['node_modules/vitepress/bin/vitepress.js', 'build']
      return start(vitepress, site.root, { NODE_ENV: 'production', ...env }).ended
    }
    const built = await build({ ...keyed(gemini), CI: '' })
    expect(`${built.code} ${built.output}`).toMatch(/^0 /)
    expect(built.output).toContain(lacking)
    expect(askedPrompts(gemini)).toEqual(['A poster in de', 'A poster in en'])
    const frozen = await build({ CI: 'true' })
    expect(`${frozen.code} ${frozen.output}`).toMatch(/^0 /)
    expect(gemini.requests).toHaveLength(2)
    const address = await servedAt(site, '.vitepress/dist')
    await expectLanguages((language) => `${address}${language === 'en' ? '' : `${language}/`}`)
  },
)
