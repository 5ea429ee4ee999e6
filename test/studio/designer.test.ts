import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import { stripVTControlCharacters } from 'node:util'
import sharp from 'sharp'
import geminiImage from 'unplugin-gemini-image/webpack'
import webpack from 'webpack'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { buildAstro, serveDev } from '../astro/support/run.ts'
import { astroConfig, createAstroSite } from '../astro/support/site.ts'
import { webpackHost } from '../hosts/webpack.ts'
import { closeBrowser, openPage, skipBrowser } from '../support/browser.ts'
import { startGemini } from '../support/gemini.ts'
import { start, startCli } from '../support/process.ts'
import { createSite, pageOf, type Site } from '../support/site.ts'
import { buildSite, keyed, serveSite } from '../support/vite.ts'
import { designersDay, PROMPTS } from './day.ts'

afterAll(closeBrowser)

const NEXT = createRequire(import.meta.url).resolve('next/dist/bin/next')

const own = (): Promise<Buffer> =>
  sharp({ create: { width: 1024, height: 1024, channels: 3, background: '#c63' } })
    .png()
    .toBuffer()

/** The studio of the command, beside a host whose dev server has none. */
async function openStudio(site: Site, gemini: FakeGemini): Promise<string> {
  const { child } = startCli(site.root, ['studio', '--no-open'], keyed(gemini))
  let said = ''
  child.stdout?.on('data', (text: string) => (said += text))
  child.stderr?.on('data', (text: string) => (said += text))
  const find = (): string | undefined => /http:\/\/localhost:\d+\/#token=\S+/.exec(said)?.[0]
  return (await vi.waitUntil(find, { timeout: 30_000 })) ?? ''
}

/** SHA-256 of the PNG files that a build has shipped. */
async function shippedIn(site: Site, folder: string): Promise<string[]> {
  const files = (await site.list(folder, true)).filter((file) => file.endsWith('.png'))
  return Promise.all(
    files.map(async (file) => hash('sha256', await site.bytes(`${folder}/${file}`))),
  )
}

/** The same of the picture that the lockfile pins for the page in the end. */
async function adoptedObject(site: Site): Promise<string | undefined> {
  const lockfile = await site.read('gemini-image.lock')
  const adopted = lockfile.split('\n').find((line) => line.includes('"adopted":"mine.png"'))
  return /"object":"([0-9a-f]+)"/.exec(adopted ?? '')?.[1]
}

describe.skipIf(skipBrowser)('the day of a designer', () => {
  test('in the dev server of Vite', async () => {
    const gemini = await startGemini()
    const site = await createSite({ ...pageOf(['hero']), ...PROMPTS })
    const env = keyed(gemini)
    const { url } = await serveSite(site, { env, options: { quietPeriod: 50 } })
    const page = await openPage(`${url}/__gemini-image/`)
    await designersDay(page, { site, gemini, isDev: true, own: await own() })
    await buildSite(site, { env: { CI: 'true' } })
    expect(await shippedIn(site, 'dist')).toContain(await adoptedObject(site))
  })

  test('in the dev server of Astro', async () => {
    const gemini = await startGemini()
    const site = await createAstroSite(7, {
      ...astroConfig({
        options: 'quietPeriod: 50',
        settings: `base: '/notes', trailingSlash: 'never',`,
      }),
      'src/pages/index.astro': `---
import hero from '../hero.prompt.md?gemini-image'
---
<img src={hero.src} alt="">`,
      ...PROMPTS,
    })
    const served = await serveDev(site, { gemini })
    const find = (): string | undefined =>
      /http\S+#token=\S+/.exec(stripVTControlCharacters(served.log()))?.[0]
    const page = await openPage((await vi.waitUntil(find, { timeout: 20_000 })) ?? '')
    await designersDay(page, { site, gemini, isDev: true, own: await own() })
    await buildAstro(site, { env: { CI: 'true' } })
    expect(await shippedIn(site, 'dist')).toContain(await adoptedObject(site))
  })

  test('beside webpack', async () => {
    const gemini = await startGemini()
    const site = await createSite({ ...pageOf(['hero']), ...PROMPTS })
    const page = await openPage(await openStudio(site, gemini))
    await designersDay(page, { site, gemini, isDev: false, own: await own() })
    const host = webpackHost('webpack', webpack as never, geminiImage)
    expect(await host.build(site, { env: { CI: 'true' } })).toMatchObject({ errors: [] })
    expect(await shippedIn(site, 'dist')).toContain(await adoptedObject(site))
  })

  test('beside Next.js', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'next.config.mjs': `import withGeminiImage from 'unplugin-gemini-image/next'
export default withGeminiImage({ experimental: { cpus: 1 } })`,
      'app/layout.js':
        'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
      'app/page.js': `import hero from '../src/hero.prompt.md?gemini-image'
export default () => <img src={hero.src} alt="" />`,
      ...PROMPTS,
    })
    const page = await openPage(await openStudio(site, gemini))
    await designersDay(page, { site, gemini, isDev: false, own: await own() })
    const env = { CI: 'true', NEXT_TELEMETRY_DISABLED: '1' }
    const { code, output } = await start([NEXT, 'build', '--turbopack'], site.root, env).ended
    expect([code, output]).toEqual([0, output])
    expect(await shippedIn(site, '.next/static')).toContain(await adoptedObject(site))
  })
})
