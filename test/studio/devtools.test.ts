import { cp } from 'node:fs/promises'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { run } from '../packed/run.ts'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { startVite } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

afterAll(closeBrowser)

// The first run fetches it from the registry. In the workspace, it would be a peer of every other Vite.
const PATIENCE = 300_000

/** A site with the real Vite DevTools, in the versions of their own lockfile. */
async function createSiteWithDevTools(): Promise<Site> {
  const site = await createSite({
    ...pageOf(['hero']),
    'src/hero.prompt.md': promptFile('A lighthouse'),
    'vite.config.js': `import { DevTools } from '@vitejs/devtools'
import geminiImage from 'unplugin-gemini-image/vite'
export default { base: '/notes/', plugins: [geminiImage({ quietPeriod: 50 }), DevTools()] }
`,
  })
  await cp(path.join(import.meta.dirname, 'devtools'), site.root, { recursive: true })
  const args = ['ci', '--legacy-peer-deps', '--ignore-scripts', '--prefer-offline', '--no-audit']
  await run({ program: 'npm', args, cwd: site.root })
  return site
}

describe.skipIf(skipBrowser)('Vite DevTools', () => {
  test(
    'have a dock that shows the studio',
    async () => {
      const gemini = await startGemini()
      const site = await createSiteWithDevTools()
      const { child } = startVite(site.root, ['--port', '0'], keyed(gemini))
      let said = ''
      child.stdout?.on('data', (text: string) => (said += stripVTControlCharacters(text)))
      const read = async (pattern: RegExp): Promise<string> =>
        (await vi.waitUntil(() => pattern.exec(said)?.[1], { timeout: 60_000 })) ?? ''
      const { origin } = new URL(await read(/Local:\s+(http\S+)/))
      const page = await openPage(`${origin}/__devtools/`)
      // A browser is let in with a code from the terminal.
      await page.getByText('digit code').waitFor()
      await page.keyboard.type(await read(/auth code\s+(\d+)/))
      await page.getByRole('button', { name: 'Pictures' }).click()
      const frame = page.locator('iframe[src*="__gemini-image"]')
      await frame.contentFrame().getByRole('link', { name: 'hero' }).waitFor()
      // Whoever may see the docks need not be one who may spend.
      expect(await frame.getAttribute('src')).toMatch(/\/notes\/__gemini-image\/$/)
    },
    PATIENCE,
  )
})
