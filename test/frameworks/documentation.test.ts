import { hash } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { startGemini, askedPrompts } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { freePort } from '../support/free-port.ts'
import { runCommand } from '../support/command.ts'
import { start, type Ended } from '../support/process.ts'
import type { Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { copyOf } from './copy.ts'

/** A host that makes pages of Markdown. */
interface Host {
  readonly name: string
  readonly build: readonly string[]
  /** The folder that it writes, and what its URLs begin with. */
  readonly output: string
  readonly base: string
  /** Whether it encodes pictures anew, with their labels. */
  readonly isEncoded?: boolean
  /** Page → alternative texts of the pictures on it, in their order. */
  readonly pages: Readonly<Record<string, readonly string[]>>
}

const HOSTS: readonly Host[] = [
  {
    name: 'vitepress',
    build: ['node_modules/vitepress/bin/vitepress.js', 'build'],
    output: '.vitepress/dist',
    base: '/docs/',
    pages: {
      'index.html': ['Boats', 'Boats', 'Sign C#'],
      'guide/index.html': ['Boats', 'Element', 'Boats', 'Sign 50%', 'Named', 'Leaf', 'Included'],
    },
  },
  {
    name: 'docusaurus',
    build: ['node_modules/@docusaurus/core/bin/docusaurus.mjs', 'build'],
    output: 'build',
    base: '/docs/',
    pages: {
      'index.html': ['Card', 'Boats', 'Sign 50%', 'Named', 'Root'],
      'guide/index.html': ['Boats', 'Element', 'Reference', 'Leaf'],
    },
  },
  {
    name: 'eleventy',
    build: ['node_modules/@11ty/eleventy/cmd.cjs'],
    output: '_site',
    base: '/docs/',
    pages: {
      'index.html': ['Boats', 'Named', 'Element', 'Sign 50%', 'Sign C#', 'Kwargs'],
      'posts/leaf/index.html': ['Leaf', 'Boats'],
    },
  },
  {
    name: 'starlight',
    build: ['node_modules/astro/bin/astro.mjs', 'build'],
    output: 'dist',
    base: '/docs/',
    isEncoded: true,
    pages: {
      'index.html': ['Hero', 'Body', '50%'],
      'guide/leaf/index.html': ['Named', 'C#', 'Leaf'],
    },
  },
]

/** What the pages of each site show. */
const PROMPTS = ['A harbour', 'A leaf', 'A sign, 50%', 'A sign, C#']

/** No telemetry; and swatches of the fake server are files, as small as they are. */
const ENV = {
  ASTRO_TELEMETRY_DISABLED: '1',
  DOCUSAURUS_NO_TELEMETRY: '1',
  DOCUSAURUS_NO_PERSISTENT_CACHE: 'true',
  WEBPACK_URL_LOADER_LIMIT: '0',
}

function build(host: Host, site: Site, env: Readonly<Record<string, string>>): Promise<Ended> {
  return start(host.build, site.root, { ...ENV, NODE_ENV: 'production', ...env }).ended
}

test.each(HOSTS)('$name makes pages with the pictures that a plan lists', async (host) => {
  const gemini = await startGemini()
  const site = await copyOf(host.name)
  const places = await placesIn(site)
  const { code, output } = await build(host, site, { ...keyed(gemini), CI: '' })
  expect(`${code} ${output}`).toMatch(/^0 /)
  expect(output).not.toContain(KEY)
  expect(output).toContain('4 calls cost $')
  expect(askedPrompts(gemini)).toEqual(PROMPTS)
  for (const [page, alts] of Object.entries(host.pages)) {
    const html = await site.read(`${host.output}/${page}`)
    const pictures = imagesOf(html)
    expect(pictures.map(({ alt }) => alt)).toEqual(alts)
    for (const { src } of pictures) await expectPinned(src, host, site)
  }
  await expectNoPrompts(host, site)
  await site.remove('gemini-image.lock')
  const frozen = await build(host, site, { CI: 'true' })
  expect(frozen.code).not.toBe(0)
  expect(frozen.output).toContain('MISSING_PICTURE')
  for (const place of places) expect(frozen.output).toContain(place)
})

test.each([
  { name: 'vitepress', page: 'guide/gone.md' },
  { name: 'docusaurus', page: 'docs/gone.md' },
  { name: 'eleventy', page: 'gone.md' },
])('$name stops where a page names a prompt file that is not there', async ({ name, page }) => {
  const gemini = await startGemini()
  const site = await copyOf(name)
  await site.write(page, '# Gone\n\n![Gone](./gone.prompt.md)\n')
  const host = HOSTS.find((one) => one.name === name)
  const ended = host && (await build(host, site, { ...keyed(gemini), CI: '' }))
  expect(ended?.code).not.toBe(0)
  expect(ended?.output).toContain(`PROMPT_FILE_NOT_FOUND at ${page}:3:9`)
  expect(gemini.requests).toEqual([])
})

test('vitepress dev answers images of templates with what has landed, and no URL spends', async () => {
  const gemini = await startGemini()
  const site = await copyOf('vitepress')
  await site.write('other.prompt.md', '---\nalt: Other\n---\n\nAnother\n')
  const port = await freePort()
  const serve = ['node_modules/vitepress/bin/vitepress.js', 'dev', '--port', String(port)]
  start([...serve, '--host', '127.0.0.1'], site.root, { ...ENV, ...keyed(gemini), CI: '' })
  const get = (path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/docs/${path}`, { headers: { accept: 'image/avif,*/*' } })
  const showsPinned = (prompts: readonly string[], size: string): Promise<unknown> =>
    vi.waitFor(
      async () => {
        const answers = [await get('hero.prompt.md?gemini-image'), await get(await inFrontmatter())]
        for (const answer of answers) {
          const bytes = await answer.bytes()
          expect(await describeImage(bytes)).toBe(`jpeg ${size}`)
          expect(await site.read('gemini-image.lock')).toContain(hash('sha256', bytes))
        }
        expect(askedPrompts(gemini)).toEqual(prompts)
      },
      { timeout: 20_000, interval: 100 },
    )
  const inFrontmatter = async (): Promise<string> => {
    const page = await (await get('index.md?import')).text()
    return /"src\W+\/(@fs\/[^"\\]+)/.exec(page)?.[1] ?? 'none'
  }
  await showsPinned(PROMPTS, '1376x768')
  expect((await get('other.prompt.md?gemini-image')).status).toBe(500)
  await site.save('hero.prompt.md', '---\nalt: Boats\n---\n\nA quay\n')
  await showsPinned([...PROMPTS, 'A quay'].toSorted(), '1024x1024')
})

/** Where a plan says that pictures are missing. */
async function placesIn(site: Site): Promise<readonly string[]> {
  const { stdout } = await runCommand(site.root, ['plan', '--json'])
  const { rows } = JSON.parse(stdout) as { rows: readonly { place: string }[] }
  expect(rows).toHaveLength(PROMPTS.length)
  return rows.map(({ place }) => place)
}

test('eleventy gives pictures their sizes, and keeps labels in renditions', async () => {
  const gemini = await startGemini()
  const site = await copyOf('eleventy')
  const host = HOSTS.find(({ name }) => name === 'eleventy')
  const ended = host && (await build(host, site, { ...keyed(gemini), CI: '' }))
  expect(ended?.code).toBe(0)
  const html = await site.read('_site/index.html')
  expect(html).toContain('width="1376" height="768" alt="Kwargs" loading="lazy"')
  const [, card = ''] = /content="\/docs\/([^"]+)"/.exec(html) ?? []
  const bytes = await site.bytes(`_site/${card}`)
  expect(await describeImage(bytes)).toBe('jpeg 1200x630')
  expect(bytes.includes('trainedAlgorithmicMedia')).toBe(true)
})

test.each([
  {
    what: 'a feed with pages as text',
    file: 'feed.njk',
    text: '---\npermalink: feed.xml\n---\n<content>&lt;img src=&quot;./hero.prompt.md&quot;&gt;</content>\n',
    error: /UNRESOLVED_REFERENCE at feed\.njk[^]*renderTransforms/,
  },
  {
    what: 'a template that no scan reads',
    file: 'script.11ty.js',
    text: 'export const render = () => `<img src="./sign.prompt.md?each=Own%20one&gemini-image">`\n',
    error: /UNDECLARED_PICTURE at script\.11ty\.js:1:\d+[^]*sign\.prompt\.md\?each=Own one"/,
  },
])('eleventy ships no broken image: $what is an error', async ({ file, text, error }) => {
  const gemini = await startGemini()
  const site = await copyOf('eleventy')
  await site.write('own.prompt.md', '---\nalt: Own\n---\n\nAn own one\n')
  await site.write(file, text)
  const host = HOSTS.find(({ name }) => name === 'eleventy')
  const ended = host && (await build(host, site, { ...keyed(gemini), CI: '' }))
  expect(ended?.code).not.toBe(0)
  expect(ended?.output).toMatch(error)
})

test('eleventy --serve shows a picture once it has landed, and pays for each edit once', async () => {
  const gemini = await startGemini()
  const site = await copyOf('eleventy')
  const port = await freePort()
  const serve = ['node_modules/@11ty/eleventy/cmd.cjs', '--serve', `--port=${port}`]
  start(serve, site.root, { ...ENV, ...keyed(gemini), CI: '' })
  const shows = (prompts: readonly string[], size: string): Promise<unknown> =>
    vi.waitFor(
      async () => {
        expect(askedPrompts(gemini)).toEqual(prompts)
        const html = await (await fetch(`http://127.0.0.1:${port}/docs/`)).text()
        const url = new URL(imagesOf(html)[0]?.src ?? '', `http://127.0.0.1:${port}`)
        const bytes = await (await fetch(url)).bytes()
        expect(await describeImage(bytes)).toBe(`jpeg ${size}`)
        expect(await site.read('gemini-image.lock')).toContain(hash('sha256', bytes))
      },
      { timeout: 20_000, interval: 100 },
    )
  await shows(PROMPTS, '1376x768')
  await site.save('hero.prompt.md', '---\nalt: Boats\n---\n\nA quay\n')
  await shows([...PROMPTS, 'A quay'].toSorted(), '1024x1024')
})

/** Builds twice in one process, and puts the configuration right in between. */
const BUILD_TWICE = `
import { writeFileSync } from 'node:fs'
import Eleventy from '@11ty/eleventy'

const eleventy = new Eleventy('.', '_site', { configPath: 'eleventy.config.js', quietMode: true })
const first = await eleventy.write().catch((error) => error.message)
writeFileSync('gemini-image.config.mjs', 'export default { budget: 1 }')
await eleventy.write()
console.log(JSON.stringify(first))
`

test('eleventy builds once a mistake in the configuration is put right', async () => {
  const gemini = await startGemini()
  const site = await copyOf('eleventy')
  await site.write('gemini-image.config.mjs', `export default { budget: 'much' }\n`)
  await site.write('twice.mjs', BUILD_TWICE)
  const env = { ...ENV, ...keyed(gemini), CI: '' }
  const { code, stdout, output } = await start(['twice.mjs'], site.root, env).ended
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(stdout).toContain('INVALID_OPTION')
  expect(imagesOf(await site.read('_site/index.html'))[0]?.src).toMatch(/^\/docs\//)
  expect(askedPrompts(gemini)).toEqual(PROMPTS)
})

function imagesOf(html: string): { src: string; alt: string }[] {
  return [...html.matchAll(/<img\b[^>]*>/g)].map(([tag]) => ({
    src: / src="([^"]+)"/.exec(tag)?.[1] ?? '',
    alt: / alt="([^"]*)"/.exec(tag)?.[1] ?? '',
  }))
}

/** A URL is that of a file in the output, with the bytes that the lockfile pins, or the label of the picture. */
async function expectPinned(
  src: string,
  { base, output, isEncoded }: Host,
  site: Site,
): Promise<void> {
  expect(src.startsWith(base)).toBe(true)
  const bytes = await site.bytes(`${output}/${decodeURI(src.slice(base.length))}`)
  if (isEncoded) {
    expect(bytes.includes('trainedAlgorithmicMedia')).toBe(true)
    return
  }
  expect(await site.read('gemini-image.lock')).toContain(hash('sha256', bytes))
}

/** Neither a prompt file nor what it says is in the output. */
async function expectNoPrompts({ output }: Host, site: Site): Promise<void> {
  const files = await site.list(output, true)
  expect(files.filter((file) => file.includes('prompt'))).toEqual([])
  for (const file of files.filter((one) => /\.(?:html|[cm]?js|json|md|xml)$/.test(one))) {
    expect(await site.read(`${output}/${file}`)).not.toContain('A harbour')
  }
}

const PLAIN_VITEPRESS = `
import geminiImage from 'unplugin-gemini-image/vite'
export default { vite: { plugins: [geminiImage()] } }
`

test.each([
  {
    name: 'vitepress',
    file: '.vitepress/config.js',
    text: PLAIN_VITEPRESS,
    fix: 'withGeminiImage',
  },
  {
    name: 'docusaurus',
    file: 'docs/cover.prompt.md',
    text: '---\nalt: Cover\n---\n\nA cover\n',
    fix: "exclude: ['**/_*.{js,jsx,ts,tsx,md,mdx}', '**/_*/**', '**/*.test.{js,jsx,ts,tsx}', '**/__tests__/**', '**/*.prompt.md']",
  },
])(
  'a prompt file that $name would publish as a page is an error, and nothing is paid for',
  async ({ name, file, text, fix }) => {
    const gemini = await startGemini()
    const site = await copyOf(name)
    await site.write(file, text)
    const host = HOSTS.find((one) => one.name === name)
    const ended = host && (await build(host, site, { ...keyed(gemini), CI: '' }))
    expect(ended?.code).not.toBe(0)
    expect(ended?.output).toMatch(/UNRESOLVED_REFERENCE[^]*\.prompt\.md/)
    expect(ended?.output).toContain(fix)
    expect(gemini.requests).toEqual([])
  },
)

test('a macro in a page of VitePress, which nothing would replace, is an error at its place', async () => {
  const site = await copyOf('vitepress')
  const page = `<script setup>\nimport { geminiImage } from 'unplugin-gemini-image/macro'\nconst leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })\n</script>\n\n<img :src="leaf.src">\n`
  await site.write('guide/leaf.md', page)
  const host = HOSTS.find(({ name }) => name === 'vitepress')
  const ended = host && (await build(host, site, { GEMINI_IMAGE_MODE: 'placeholder', CI: '' }))
  expect(ended?.code).not.toBe(0)
  expect(ended?.output).toContain('UNRESOLVED_REFERENCE at guide/leaf.md:2:')
  expect(ended?.output).toContain('In Markdown, scripts are compiled before')
})
