import { createRequire } from 'node:module'
import { afterAll, expect, test, vi } from 'vitest'
import { closeBrowser, skipBrowser } from '../support/browser.ts'
import { runCommand } from '../support/command.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { BY_LANGUAGE, expectLanguages, POSTER, visitLanguage } from '../support/languages.ts'
import { start } from '../support/process.ts'
import { createSite } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

afterAll(closeBrowser)

const NEXT = createRequire(import.meta.url).resolve('next/dist/bin/next')

const FILES = {
  'next.config.mjs': `
    import withGeminiImage from 'unplugin-gemini-image/next'
    export default withGeminiImage({
      experimental: { cpus: 1 },
      // With webpack, Next.js would follow what it imports itself through the whole workspace.
      outputFileTracingExcludes: { '**': ['**/*'] },
    })`,
  // As next-intl has it; it is read, and never run.
  'i18n/routing.js': `
    import { defineRouting } from 'next-intl/routing'
    export const routing = defineRouting({ locales: ['en', 'de', 'fr'], defaultLocale: 'en' })`,
  'app/[locale]/layout.js': `
    export const generateStaticParams = () => ['en', 'de', 'fr', 'de-AT'].map((locale) => ({ locale }))
    export const dynamicParams = false
    export default async ({ children, params }) => <html lang={(await params).locale}><body>{children}</body></html>`,
  'app/[locale]/page.js': `
    import { GeminiPicture } from 'unplugin-gemini-image/react'
    import poster from '../${BY_LANGUAGE}'
    export default async function Page({ params }) {
      return <main><GeminiPicture picture={poster} lang={(await params).locale} loading="eager" /><p id="below">Below</p></main>
    }`,
  'app/poster.prompt.md': POSTER,
}

test.skipIf(skipBrowser).for(['--turbopack', '--webpack'])(
  'next build %s: a page loads the picture of its language, and no other',
  async (bundler) => {
    const gemini = await startGemini({ drawing: 'scene' })
    const site = await createSite(FILES)
    const plan = await runCommand(site.root, ['plan'], keyed(gemini))
    expect(plan.output).toContain('2 missing')
    expect(plan.output).toContain('app/poster.prompt.md:7:1 has no picture in fr')
    const quiet = { NEXT_TELEMETRY_DISABLED: '1' }
    const build = (env: Record<string, string>): Promise<{ code: number | null; output: string }> =>
      start([NEXT, 'build', bundler], site.root, { ...quiet, ...env }).ended
    const drawn = await build(keyed(gemini))
    expect(`${drawn.code} ${drawn.output}`).toMatch(
      /^0 [^]*poster\.prompt\.md:7:1 has no picture in fr: pages in fr show the one in en\./,
    )
    expect(askedPrompts(gemini)).toEqual(['A poster in de', 'A poster in en'])
    const frozen = await build({ CI: 'true' })
    expect(`${frozen.code} ${frozen.output}`).toMatch(/^0 /)
    expect(gemini.requests).toHaveLength(2)
    const { child } = start(
      [NEXT, 'start', '--port', '0', '--hostname', '127.0.0.1'],
      site.root,
      quiet,
    )
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text))
    const url = await vi.waitUntil(() => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0], {
      timeout: 60_000,
    })
    await expectLanguages((language) => `${url}/${language}`)
    const german = { loaded: ['poster-de'], alt: 'Ein Plakat' }
    expect(await visitLanguage(`${url}/de-AT`)).toEqual(german)
  },
)
