import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { closeBrowser, openPage, seen, skipBrowser, type Seen } from '../support/browser.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { DRAWN, labelOf } from './parts/labels.ts'
import { MAJORS, type Major } from './support/packages.ts'
import { serveDev } from './support/run.ts'
import { astroConfig, createAstroSite, type AstroSite } from './support/site.ts'

afterAll(closeBrowser)

/** Milliseconds: long enough for a busy machine to note two edits. */
const QUIET = 1500

const POST = `---
title: The harbour
cover:
  prompt: A harbour
  aspectRatio: 16:9
  alt: Boats
---

![A gull](./gull.prompt.md)
`

function siteOf(major: Major): Promise<AstroSite> {
  return createAstroSite(major, {
    ...astroConfig({ options: `quietPeriod: ${QUIET}` }),
    'src/content.config.ts': `
      import { defineCollection } from 'astro:content'
      import { glob } from 'astro/loaders'
      import { z } from 'astro/zod'
      import { geminiImage } from 'astro-gemini-image/schema'
      const schema = ({ image }) => z.object({ title: z.string(), cover: geminiImage({ image }) })
      export const collections = {
        blog: defineCollection({ loader: glob({ base: './src/blog', pattern: '**/*.md' }), schema }),
      }`,
    'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { getEntry, render } from 'astro:content'
import { geminiImage } from 'astro-gemini-image/macro'
import { GeminiImage } from 'astro-gemini-image/components'
import fence, { alt } from '../fence.prompt.md?gemini-image'
const post = await getEntry('blog', 'harbour')
const { Content } = await render(post)
const leaf = geminiImage({ prompt: 'A leaf', alt: '' })
---
<html lang="en"><head><title>Blog</title></head><body>
  <Image loading="eager" id="cover" src={post.data.cover} alt={post.data.cover.alt} />
  <Image loading="eager" id="fence" src={fence} alt={alt} />
  <Image loading="eager" id="macro" src={leaf} alt="" />
  <GeminiImage loading="eager" id="component" prompt="A fox" aspectRatio="3:2" alt="" />
  <article><Content /></article>
</body></html>`,
    'src/fence.prompt.md': promptFile('In the fence', { alt: 'Fence' }),
    'src/blog/gull.prompt.md': promptFile('A gull', { aspectRatio: '4:3' }),
    'src/blog/harbour.md': POST,
  })
}

const IDS = ['cover', 'fence', 'macro', 'component'] as const
const SIZES = ['1376x768', '1024x1024', '1024x1024', '1264x848']

const fileOf = ({ src }: Seen): string => decodeURIComponent(src)

/** How the file that a page shows says that it was made. */
async function labelIn(page: Page, id: string): Promise<string | undefined> {
  const { src } = await seen(page, id)
  return labelOf(new Uint8Array(await (await fetch(src)).arrayBuffer()))
}

/** Writes a file at once, as editors do: Astro reads content as soon as it changes, be it half. */
async function edit(site: AstroSite, file: string, text: string): Promise<void> {
  await site.write('edited', text)
  await rename(site.path('edited'), site.path(file))
}

/** How long a page may take to show something, in milliseconds. */
const WHILE = { timeout: 20_000, interval: 100 }

async function untilReal(page: Page, id: string, name: string): Promise<Seen> {
  return vi.waitFor(async () => {
    const now = await seen(page, id)
    expect(fileOf(now)).toContain(`.gemini-image/${name}`)
    return now
  }, WHILE)
}

describe.skipIf(skipBrowser).each(MAJORS)('astro dev of Astro %i in Chromium', (major) => {
  test('shows stand-ins of the exact size at once, and pictures as they land and change', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await siteOf(major)
    const { url, log } = await serveDev(site, { gemini })
    const said: string[] = []
    const page = await openPage(url, said)
    for (const [index, id] of IDS.entries()) {
      const now = await seen(page, id)
      expect(fileOf(now)).toContain('.placeholder-')
      expect(now.size).toBe(SIZES[index])
    }
    expect(await labelIn(page, 'fence')).toBeUndefined()
    await vi.waitFor(() => {
      const last = said.findLast((line) => line.includes(' src/fence.prompt.md:'))
      expect(last).toMatch(/^\[gemini-image\] .+:\d+:1: generating, about \d+ s\. Nothing to do/)
    }, WHILE)
    release()
    await untilReal(page, 'cover', 'harbour-cover.')
    await untilReal(page, 'fence', 'fence.')
    await untilReal(page, 'macro', 'pages-a-leaf.')
    expect((await untilReal(page, 'component', 'pages-a-fox.')).size).toBe('1264x848')
    await vi.waitFor(async () => {
      const src = await page.getAttribute('article img', 'src')
      expect(decodeURIComponent(src ?? '')).toContain('.gemini-image/gull.')
    }, WHILE)
    expect(await labelIn(page, 'fence')).toBe(DRAWN)
    expect(askedPrompts(gemini)).toEqual(['A fox', 'A gull', 'A harbour', 'A leaf', 'In the fence'])
    gemini.reset()

    // Astro 5 itself finds no image that an edit brings into content before it is started again.
    if (major > 5) {
      // A pause in typing spends; a keystroke does not.
      await edit(site, 'src/blog/harbour.md', POST.replace('A harbour', 'A harbour at n'))
      // Of two edits that it reads side by side, Astro may keep the first.
      await vi.waitUntil(() => log().includes('Reloaded data from harbour.md'), WHILE)
      const releaseNight = gemini.hold()
      await edit(site, 'src/blog/harbour.md', POST.replace('A harbour', 'A harbour at night'))
      await vi.waitFor(
        async () => expect(fileOf(await seen(page, 'cover'))).toContain('.placeholder-'),
        WHILE,
      )
      const before = await site.list('.gemini-image')
      releaseNight()
      await untilReal(page, 'cover', 'harbour-cover.')
      expect(askedPrompts(gemini)).toEqual(['A harbour at night'])
      expect(await site.list('.gemini-image')).toHaveLength(before.length + 1)
      gemini.reset()
    }

    await site.write('src/fence.prompt.md', promptFile('Another fence', { aspectRatio: '16:9' }))
    await vi.waitFor(async () => expect((await seen(page, 'fence')).size).toBe('1376x768'), WHILE)
    await untilReal(page, 'fence', 'fence.')
    expect(askedPrompts(gemini)).toEqual(['Another fence'])
    expect(log()).not.toContain('ERROR')

    if (major > 5) {
      // Astro tells of a mistake once: a page that is just being loaded does not hear it.
      await page.waitForLoadState('networkidle')
      await edit(site, 'src/blog/harbour.md', POST.replace('16:9', '16:10'))
      await page.locator('vite-error-overlay').waitFor({ state: 'attached' })
      const text = await page.evaluate(
        () => document.querySelector('vite-error-overlay')?.shadowRoot?.textContent ?? '',
      )
      expect(text).toContain('UNSUPPORTED_ASPECT_RATIO')
      expect(text).toContain('src/blog/harbour.md:5:')
    }
  })
})

/** Holds a module that has a stand-in until the file `go` is there. */
const SLOW_MODULE = `{
  name: 'slow',
  enforce: 'post',
  async transform(code, id) {
    if (!id.includes('fence.prompt.md') || !code.includes('.placeholder-')) return
    writeFileSync('held', '')
    while (!existsSync('go')) await sleep(20)
  },
}`

test.skipIf(skipBrowser)('pages made while their picture lands show the picture', async () => {
  const gemini = await startGemini()
  const site = await createAstroSite(MAJORS[MAJORS.length - 1] ?? 7, {
    ...astroConfig({
      imports: `
        import { existsSync, writeFileSync } from 'node:fs'
        import { setTimeout as sleep } from 'node:timers/promises'`,
      settings: `vite: { plugins: [${SLOW_MODULE}] },`,
    }),
    'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import fence, { alt } from '../fence.prompt.md?gemini-image'
---
<html lang="en"><head><title>Fence</title></head><body>
  <Image loading="eager" id="fence" src={fence} alt={alt} />
</body></html>`,
    'src/fence.prompt.md': promptFile('A fence', { alt: 'Fence' }),
    'src/pages/ready.ts': `export const GET = () => new Response('ready')`,
  })
  const release = gemini.hold()
  const { url, log } = await serveDev(site, { gemini, path: '/ready' })
  const first = fetch(url)
  await vi.waitUntil(() => existsSync(site.path('held')), WHILE)
  release()
  await vi.waitUntil(() => log().includes('1 call cost'), WHILE)
  const second = fetch(url)
  await sleep(500)
  await site.write('go', '')
  await Promise.all([first, second])
  const { size } = await untilReal(await openPage(url), 'fence', 'fence.')
  expect(size).toBe('1024x1024')
})
