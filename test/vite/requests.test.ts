import { describe, expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed, type Run } from '../support/vite.ts'

/** All prompt files of a site; each row of the table asks for some of them. */
const PROMPTS = ['one', 'two', 'with space', "what's (new), 10% [off] a=b"]

function siteOf(files: Readonly<Record<string, string>>): Promise<Site> {
  const prompts = PROMPTS.map((name) => [`src/p/${name}.prompt.md`, promptFile(name)] as const)
  return createSite({
    ...Object.fromEntries(prompts),
    'index.html': '<!doctype html><script type="module" src="/src/main.js"></script>',
    'src/main.js': '',
    ...files,
  })
}

const main = (code: string): Record<string, string> => ({ 'src/main.js': code })
const glob = (code: string): Record<string, string> =>
  main(`console.log(import.meta.glob(${code}))`)
const page = (html: string): Record<string, string> => ({ 'index.html': `<!doctype html>${html}` })
const inWorker = (code: string): Record<string, string> => ({
  ...main("new Worker(new URL('./worker.js', import.meta.url), { type: 'module' })"),
  'src/worker.js': code,
})

const NUMBERS = ['one', 'two']
const QUERY = "{ query: '?gemini-image', eager: true }"

/** What a site says, and whose pictures Vite ships for it. */
const ROWS: readonly [string, Record<string, string>, readonly string[]][] = [
  [
    'any file name',
    main(`import a from "./p/${PROMPTS[3]}.prompt.md?gemini-image"; console.log(a)`),
    [PROMPTS[3]!],
  ],
  [
    'any file name in new URL()',
    main(`console.log(new URL("./p/${PROMPTS[3]}.prompt.md?gemini-image", import.meta.url).href)`),
    [PROMPTS[3]!],
  ],
  [
    'a template',
    main('console.log((n) => import(`./p/${n}.prompt.md?gemini-image`))'),
    ['one', 'two', 'with space', PROMPTS[3]!],
  ],
  ['a glob of a brace', glob(`'./p/{one,two}.prompt.md', ${QUERY}`), NUMBERS],
  ['a glob that leaves out', glob(`['./p/*.prompt.md', '!**/w*.prompt.md'], ${QUERY}`), NUMBERS],
  ['a glob from the root', glob(`'/src/p/t*.prompt.md', ${QUERY}`), ['two']],
  [
    'a glob with a base',
    glob(`'./o*.prompt.md', { base: './p', query: '?gemini-image', eager: true }`),
    ['one'],
  ],
  [
    'a glob with a query object',
    glob(
      `'./p/one.prompt.md', { query: { 'gemini-image': true, as: 'url', width: 200 }, eager: true }`,
    ),
    ['one'],
  ],
  ['a glob of something else', glob(`'./p/one.prompt.md', { query: '?raw' }`), []],
  [
    'comments',
    main(
      `// import a from './p/one.prompt.md?gemini-image'\n/* new URL('./p/two.prompt.md?gemini-image', import.meta.url) */`,
    ),
    [],
  ],
  ['a text', main('console.log("import a from \'./p/one.prompt.md?gemini-image\'")'), []],
  [
    'a commented-out rule',
    {
      ...main("import './s.css'"),
      'src/s.css': '/* a { background: url(./p/one.prompt.md?gemini-image) } */ a { color: red }',
    },
    [],
  ],
  [
    'a commented-out element',
    page('<!-- <img src="./src/p/one.prompt.md?gemini-image"> --><p>A page'),
    [],
  ],
  [
    'an element that Vite is to ignore',
    page('<img vite-ignore src="./src/p/one.prompt.md?gemini-image">'),
    [],
  ],
  [
    'an attribute with a blank',
    page('<img src="./src/p/with space.prompt.md?gemini-image">'),
    ['with space'],
  ],
  [
    'an encoded attribute',
    page('<img src="./src/p/with%20space.prompt.md?gemini-image">'),
    ['with space'],
  ],
  [
    'an attribute with any name',
    page(`<img src="./src/p/${PROMPTS[3]}.prompt.md?gemini-image">`),
    [PROMPTS[3]!],
  ],
  [
    'a list of addresses',
    page(
      '<img srcset="./src/p/one.prompt.md?gemini-image 1x, ./src/p/two.prompt.md?gemini-image 2x">',
    ),
    NUMBERS,
  ],
  [
    'an import in a worker',
    inWorker("import a, { alt } from './p/one.prompt.md?gemini-image'; postMessage([a, alt])"),
    ['one'],
  ],
  [
    'a URL in a worker',
    inWorker("postMessage(new URL('./p/one.prompt.md?gemini-image', import.meta.url).href)"),
    ['one'],
  ],
  [
    'a macro in a worker',
    inWorker(
      "import { geminiImage } from 'unplugin-gemini-image/macro'; postMessage(geminiImage({ prompt: 'A leaf', alt: '' }).src)",
    ),
    ['A leaf'],
  ],
]

const run: Run = { config: { build: { assetsInlineLimit: 0 } } }

describe('what Vite asks for is what is paid for', () => {
  test.for(ROWS)('%s', async ([, files, expected]) => {
    const [gemini, site] = await Promise.all([startGemini(), siteOf(files)])
    await buildSite(site, { ...run, env: keyed(gemini) })
    expect(gemini.requests.map(({ prompt }) => prompt).toSorted()).toEqual(expected.toSorted())
    const shipped = await site.list('dist/assets')
    expect(shipped.filter((name) => /\.(?:png|jpe?g|webp)$/.test(name))).toHaveLength(
      expected.length,
    )
    expect(shipped.filter((name) => name.endsWith('.md'))).toEqual([])
    // Whatever asks for it is known before the build, too.
    await buildSite(site, { ...run, options: { mode: 'frozen' } })
    expect(gemini.requests).toHaveLength(expected.length)
  })
})
