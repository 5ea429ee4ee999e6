import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { GROUPS, pageNames } from '../site/sidebar.ts'
import { closeBrowser, openPage, skipBrowser } from './support/browser.ts'
import { startPreview, type Preview } from './support/preview.ts'

const root = path.resolve(import.meta.dirname, '..')
const site = path.join(root, 'site')
const outDir = path.join(import.meta.dirname, '.sites/docs')

let server: Preview
let html: ReadonlyMap<string, string>

/** One build for all tests: frozen, with no key. */
beforeAll(async () => {
  const astro = path.join(site, 'node_modules/astro/bin/astro.mjs')
  await promisify(execFile)(process.execPath, [astro, 'build', '--outDir', outDir], {
    cwd: site,
    env: {
      ...shellEnvironment(),
      ASTRO_TELEMETRY_DISABLED: '1',
      GEMINI_IMAGE_MODE: 'frozen',
    },
    maxBuffer: 2 ** 25,
  })
  const files = (await readdir(outDir, { recursive: true })).filter((file) =>
    file.endsWith('.html'),
  )
  html = new Map(
    await Promise.all(files.map(async (file) => [addressOf(file), await textOf(file)] as const)),
  )
  server = await startPreview(site, { appType: 'mpa', build: { outDir } })
}, 240_000)

afterAll(async () => {
  await closeBrowser()
  await server.close()
})

/** What a shell has: Vitest says `DEV` and `NODE_ENV` for the tests themselves. */
function shellEnvironment(): NodeJS.ProcessEnv {
  const { DEV: _, PROD: __, MODE: ___, NODE_ENV: ____, VITEST: _____, ...rest } = process.env
  return rest
}

function addressOf(file: string): string {
  return `/${file.replaceAll(path.sep, '/').replace(/index\.html$/, '')}`
}

function textOf(file: string): Promise<string> {
  return readFile(path.join(outDir, file), 'utf8')
}

interface Page {
  readonly ids: ReadonlySet<string>
  readonly targets: readonly string[]
}

/** The anchors of a page, and all that it links to or loads. */
function readPage(text: string): Page {
  const ids = new Set<string>()
  const targets: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    for (const { name, value } of 'attrs' in node ? node.attrs : []) {
      if (name === 'id') ids.add(value)
      if (name === 'href' || name === 'src') targets.push(value)
    }
    if ('childNodes' in node) node.childNodes.forEach(visit)
  }
  visit(parse(text))
  return { ids, targets }
}

test('every page of docs/ is on the site, once in the sidebar, and as Markdown', async () => {
  const placed = Object.values(GROUPS).flat()
  const left = pageNames().filter((name) => !placed.includes(name))
  expect({ 'give these a group in site/sidebar.ts': left }).toEqual({
    'give these a group in site/sidebar.ts': [],
  })
  expect(placed.length).toBe(new Set(placed).size)
  const sidebar = /<nav class="sidebar[^]*?<\/nav>/.exec(html.get('/commands/') ?? '')?.[0] ?? ''
  const listed = [...sidebar.matchAll(/href="\/([\w-]+)\/"/g)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual([...pageNames(), 'gallery'].toSorted())
  const index = await textOf('llms.txt')
  for (const name of pageNames()) {
    expect(html.has(`/${name}/`)).toBe(true)
    expect(index).toContain(`](/${name}.md): `)
    expect(await textOf(`${name}.md`)).toBe(
      await readFile(path.join(root, 'docs', `${name}.md`), 'utf8'),
    )
  }
})

test('every link and anchor of the site leads somewhere', () => {
  const pages = new Map([...html].map(([address, text]) => [address, readPage(text)]))
  const broken: string[] = []
  for (const [address, { targets }] of pages) {
    for (const target of targets) {
      const { origin, pathname, hash } = new URL(target, `http://site${address}`)
      if (origin !== 'http://site') continue
      const to = decodeURIComponent(pathname)
      const anchor = decodeURIComponent(hash.slice(1))
      const page = pages.get(to)
      const isThere = page !== undefined || existsSync(path.join(outDir, to))
      if (!isThere || (page && anchor !== '' && !page.ids.has(anchor))) {
        broken.push(`${address}: ${target}`)
      }
    }
  }
  expect(broken).toEqual([])
})

test('every relative link of the Markdown leads to a file, as readers of the repository follow it', async () => {
  const broken: string[] = []
  for (const page of ['README.md', ...pageNames().map((name) => `docs/${name}.md`)]) {
    const text = (await readFile(path.join(root, page), 'utf8'))
      .replaceAll(/^(`{3,})[^]*?^\1$/gm, '')
      .replaceAll(/`[^`\n]*`/g, '')
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
    for (const [, link, source] of targets) {
      const target = (link ?? source ?? '').replace(/#.*$/, '')
      if (target === '' || /^[a-z]+:/.test(target)) continue
      const file = path.resolve(root, path.dirname(page), decodeURIComponent(target))
      if (!existsSync(file)) broken.push(`${page}: ${target}`)
    }
  }
  expect(broken).toEqual([])
})

test('the pictures of the site are those of its lockfile, and say that they are generated', async () => {
  const names = (await readdir(path.join(outDir, '_astro'))).filter((name) =>
    /^(?:day|night|crossing|cup|table|bowl|clover)\b.*\.(?:webp|png|jpe?g)$/.test(name),
  )
  expect(names.length).toBeGreaterThan(10)
  for (const name of names) {
    const { xmp } = await sharp(path.join(outDir, '_astro', name)).metadata()
    expect(`${name} ${xmp?.toString()}`).toMatch(/rainedAlgorithmicMedia/)
  }
})

describe.skipIf(skipBrowser)('the site in Chromium', () => {
  test('the search finds a page, without a network', async () => {
    const page = await openPage(server.url)
    await page.getByRole('button', { name: /Search/ }).click()
    const search = page.locator('#starlight__search')
    await search.locator('input').fill('monthlyBudget')
    const found = search.getByRole('link', { name: 'What pictures cost' }).first()
    await found.waitFor()
    expect(await found.getAttribute('href')).toMatch(/^\/costs\//)
  })

  test.each([
    [390, 'light'],
    [1440, 'dark'],
  ] as const)('pages fit %i px, and show the pictures of the %s scheme', async (width, scheme) => {
    const page = await openPage('about:blank')
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: scheme })
    for (const address of [
      '/',
      '/gallery/',
      '/studio/',
      '/start-vite/',
      '/models/',
      '/commands/',
    ]) {
      await page.goto(new URL(address, server.url).href)
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
      expect({ address, overflow: await page.evaluate(overflow) }).toEqual({ address, overflow: 0 })
    }
    await page.goto(server.url)
    const other = scheme === 'light' ? 'dark' : 'light'
    expect(await page.locator(`.only-${scheme}`).first().isVisible()).toBe(true)
    expect(await page.locator(`.only-${other}`).first().isVisible()).toBe(false)
  })
})
