import { createRequire } from 'node:module'
import path from 'node:path'
import { parseLockfile } from '@gemini-image/core/internal'
import { describe, expect, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { start, type Ended } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'

const NEXT = createRequire(import.meta.url).resolve('next/dist/bin/next')

const FILES = {
  'next.config.mjs': `
    import withGeminiImage from 'unplugin-gemini-image/next'
    export default withGeminiImage({
      experimental: { cpus: 1, turbopackFileSystemCacheForBuild: true },
      // With webpack, Next.js would follow what it imports itself through the whole workspace.
      outputFileTracingExcludes: { '**': ['**/*'] },
    })`,
  'app/layout.js':
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>',
  'app/style.css':
    'main { background: url("./hero.prompt.md?gemini-image") } aside { background: url("./sign.prompt.md?each=New York&gemini-image") }',
  'app/page.module.css': '.page { background: url(./hero.prompt.md?gemini-image) }',
  'app/page.js': `
    import './style.css'
    import styles from './page.module.css'
    import Image from 'next/image'
    import { geminiImage, geminiPicture } from 'unplugin-gemini-image/macro'
    import { GeminiPicture } from 'unplugin-gemini-image/react'
    import sized from './hero.prompt.md?widths=120;240&formats=webp&as=picture&gemini-image'
    import sign, { alt as signAlt } from './sign.prompt.md?each=C%23&gemini-image'
    import icon from './hero.prompt.md?size=64&as=icon&gemini-image'
    import hero, { alt, width } from './hero.prompt.md?gemini-image'
    import object from './hero.prompt.md?gemini-image&as=object'
    const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
    const small = geminiPicture({ prompt: 'A leaf', alt: 'Leaf', rendition: { width: 60, formats: ['png'] } })
    const url = new URL('./hero.prompt.md?gemini-image', import.meta.url)
    const shown = { sign, signAlt, hero, alt, width, object: { src: object.src, alt: object.alt }, leaf: { src: leaf.src, alt: leaf.alt }, url: url.pathname, sized: sized.img, small: small.img, icon }
    export default function Page() {
      return <main className={styles.page}><Image src={hero} alt={alt} placeholder="blur" /><GeminiPicture picture={sized} /><script id="shown" type="application/json">{JSON.stringify(shown)}</script></main>
    }`,
  'app/hero.prompt.md': promptFile('A harbour', { alt: 'Boats', aspectRatio: "'16:9'" }),
  'app/sign.prompt.md': promptFile('A sign, {{words}}', {
    alt: 'Sign, {{words}}',
    each: "{ words: [New York, 'C#', Nobody asks] }",
  }),
}

const PROMPTS = ['A harbour', 'A leaf', 'A sign, C#', 'A sign, New York']

function next(site: Site, args: readonly string[], gemini?: FakeGemini): Promise<Ended> {
  const env = { NEXT_TELEMETRY_DISABLED: '1', ...(gemini ? keyed(gemini) : {}) }
  return start([NEXT, ...args], site.root, env).ended
}

function frozenBuild(site: Site, bundler: string): Promise<Ended> {
  return start([NEXT, 'build', bundler], site.root, { CI: 'true', NEXT_TELEMETRY_DISABLED: '1' })
    .ended
}

/** What the page says of its pictures. */
async function shownIn(site: Site): Promise<Record<string, Record<string, unknown>>> {
  const html = await site.read('.next/server/app/index.html')
  const text = /<script id="shown"[^>]*>([^<]*)</.exec(html)?.[1] ?? '{}'
  return JSON.parse(text.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
}

async function objectOf(site: Site, prompt: string): Promise<Buffer> {
  const place = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
  const { entries } = parseLockfile(await site.read('gemini-image.lock'), place)
  const entry = [...entries.values()].find(({ request }) =>
    JSON.stringify(request).includes(prompt),
  )
  return site.bytes(`.gemini-image/${entry?.file}`)
}

describe.each(['--turbopack', '--webpack'])('next build %s', (bundler) => {
  test('gives next/image what it wants of a picture, once paid for', async () => {
    const gemini = await startGemini()
    const site = await createSite(FILES)
    const { code, output } = await next(site, ['build', bundler], gemini)
    expect(output).not.toContain(KEY)
    expect(`${code} ${output}`).toMatch(/^0 /)
    expect(askedPrompts(gemini)).toEqual(PROMPTS)
    const { hero, object, leaf, sign, ...shown } = await shownIn(site)
    expect(shown).toMatchObject({ alt: 'Boats', width: 1376, signAlt: 'Sign, C#' })
    expect(hero).toMatchObject({ width: 1376, height: 768, blurWidth: 8 })
    expect(hero?.['blurDataURL']).toMatch(/^(?:data:image|\/_next\/image)/)
    expect(object).toEqual({ src: hero?.['src'], alt: 'Boats' })
    expect(leaf).toMatchObject({ alt: 'Leaf' })
    const media = await site.list('.next/static/media')
    const named = path.basename(String(hero?.['src'])).replace(/\.jpg$/, '')
    const sheets = (await site.list('.next/static', true)).filter((name) => name.endsWith('.css'))
    const css = await Promise.all(sheets.map((name) => site.read(`.next/static/${name}`)))
    expect(css.join('')).toContain(named)
    expect(css.join('')).toMatch(/media\/sign-new-york\./)
    expect(css.join('')).not.toContain('.prompt.md')
    const shipped = async (src: unknown): Promise<Buffer> =>
      site.bytes(`.next/static/media/${media.find((name) => name === path.basename(String(src)))}`)
    expect(await shipped(hero?.['src'])).toEqual(await objectOf(site, 'A harbour'))
    expect(await shipped(sign?.['src'])).toEqual(await objectOf(site, 'A sign, C#'))
    expect(await shipped(leaf?.['src'])).toEqual(await objectOf(site, 'A leaf'))
    expect(await shipped(shown['url'])).toEqual(await objectOf(site, 'A harbour'))
    expect(media.filter((name) => name.endsWith('.md'))).toEqual([])
    const { sized, small, icon } = shown
    expect(sized).toMatchObject({ width: 240, height: 134, alt: 'Boats' })
    expect(String(sized?.['srcset'])).toMatch(/^\S+\.webp 120w, \S+\.webp 240w$/)
    expect(await describeImage(await shipped(sized?.['src']))).toBe('webp 240x134')
    expect(await describeImage(await shipped(small?.['src']))).toBe('png 120x120')
    expect(await describeImage(await shipped(icon?.['src']))).toBe('png 64x64')
    if (bundler === '--turbopack') {
      // As after npm ci: what Turbopack keeps names files that are gone.
      await site.remove('node_modules')
      await site.write('node_modules/a/package.json', '{}')
      const again = await frozenBuild(site, bundler)
      expect(`${again.code} ${again.output}`).toMatch(
        /^0 [^]*file system cache named images that are/,
      )
      expect(gemini.requests).toHaveLength(PROMPTS.length)
    }
    await site.write('app/hero.prompt.md', promptFile('A harbour', { alt: '' }))
    const undescribed = await frozenBuild(site, bundler)
    expect(undescribed.code).not.toBe(0)
    expect(undescribed.output).toMatch(/MISSING_ALT at app\/hero\.prompt\.md:5:1/)
    await site.write('app/hero.prompt.md', promptFile('A harbour at night'))
    const frozen = await frozenBuild(site, bundler)
    expect(frozen.code).not.toBe(0)
    expect(frozen.output).toMatch(/MISSING_PICTURE[^]*app\/hero\.prompt\.md:5:1/)
  })
})

test('what Turbopack keeps goes by the forms of the configuration', async () => {
  const gemini = await startGemini()
  const config = (word: string): string =>
    `export const forms = { word: { value: ([set], { alt }) => alt + ' ${word} ' + set.shown.width } }\n`
  const site = await createSite({
    'next.config.mjs': FILES['next.config.mjs'],
    'app/layout.js': FILES['app/layout.js'],
    'app/hero.prompt.md': FILES['app/hero.prompt.md'],
    'app/page.js': `
      import word from './hero.prompt.md?gemini-image&widths=64&as=word'
      export default () => <p>{word}</p>`,
    'gemini-image.config.mjs': `import { forms } from './forms.mjs'\nexport default { forms }\n`,
  })
  for (const word of ['once', 'twice']) {
    await site.write('forms.mjs', config(word))
    const { code, output } = await next(site, ['build', '--turbopack'], gemini)
    expect(`${code} ${output}`).toMatch(/^0 /)
    expect(await site.read('.next/server/app/index.html')).toContain(`Boats ${word} 64`)
  }
  expect(gemini.requests).toHaveLength(1)
  await site.write('forms.mjs', 'export const forms = { word: { value: () => lost.word } }\n')
  const failed = await frozenBuild(site, '--turbopack')
  expect(failed.code).not.toBe(0)
  expect(failed.output).toMatch(/FORM_FAILED at app\/page\.js:2:25[^]*lost is not defined/)
})

test('next dev shows a stand-in, and the picture when it has landed', async () => {
  const gemini = await startGemini()
  const release = gemini.hold()
  const site = await createSite({
    ...FILES,
    'app/hero.prompt.md': promptFile('A harbour', { alt: '' }),
    'gemini-image.config.mjs': 'export default { budget: 1 }\n',
  })
  const env = { NEXT_TELEMETRY_DISABLED: '1', ...keyed(gemini) }
  const { child } = start(
    [NEXT, 'dev', '--turbopack', '--port', '0', '--hostname', '127.0.0.1'],
    site.root,
    env,
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (said += text))
  const url = await vi.waitUntil(() => /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0], {
    timeout: 30_000,
  })
  const page = async (): Promise<string> => (await fetch(url)).text()
  expect(await page()).toContain('placeholder')
  release()
  await vi.waitUntil(async () => /gemini-image\/hero|media\/hero\./.test(await page()), {
    timeout: 40_000,
    interval: 500,
  })
  expect(askedPrompts(gemini)).toEqual(PROMPTS)
  // A mistake in the configuration is seen, and so is that it was put right.
  const isShown = async (): Promise<boolean> => (await fetch(url)).ok
  await site.save('gemini-image.config.mjs', `export default { budget: 'much' }\n`)
  await vi.waitUntil(async () => !(await isShown()), { timeout: 40_000, interval: 500 })
  await site.save('gemini-image.config.mjs', 'export default { budget: 1 }\n')
  await vi.waitUntil(isShown, { timeout: 40_000, interval: 500 })
  expect(said.split('MISSING_ALT')).toHaveLength(2)
  expect(said.split('npx gemini-image studio')).toHaveLength(2)
  expect(said).toContain('app/hero.prompt.md:5:1')
})
