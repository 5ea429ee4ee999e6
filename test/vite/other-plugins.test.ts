import type { Plugin } from 'vite'
import { describe, expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'

const MARKED = { code: 'export default "made-by-the-site"', moduleSideEffects: true } as const

/** A site's own plugin, which makes something else of images. */
const loads = (filter: object): Plugin => ({
  name: 'images-of-the-site',
  enforce: 'pre',
  load: {
    ...filter,
    handler: (id) => (id.endsWith('.jpg') ? MARKED : null),
  },
})

const transforms = (filter: object): Plugin => ({
  name: 'images-of-the-site',
  transform: { ...filter, handler: (_, id) => (id.endsWith('.jpg') ? MARKED : null) },
})

async function site(): Promise<Site> {
  return createSite({
    'index.html': '<script type="module" src="/main.js"></script>',
    'main.js':
      "import url, { width } from './hero.prompt.md?gemini-image'\nconsole.log(url, width)",
    'hero.prompt.md': promptFile('A harbour'),
  })
}

describe('what a plugin of the site makes of images prevails', () => {
  test.for<[string, Plugin | Plugin[] | Promise<Plugin>]>([
    [
      'by a hook that loads',
      { name: 'plain', enforce: 'pre', load: (id) => (id.endsWith('.jpg') ? MARKED : null) },
    ],
    ['with a filter', loads({ filter: { id: /\.jpe?g$/ } })],
    ['with a filter of nothing', loads({ filter: { id: [] } })],
    ['with nothing to be in', loads({ filter: { id: { include: [] } } })],
    ['with a glob', loads({ filter: { id: '**/*.jpg' } })],
    ['with one of several', loads({ filter: { id: [/\.png$/, '**/*.jpg'] } })],
    [
      'with what it leaves out',
      loads({ filter: { id: { include: /jpg/, exclude: [/\.svg$/, '*.x'] } } }),
    ],
    ['that it knows by the code', transforms({ filter: { code: /ASSET|export/ } })],
    ['by a hook that transforms', transforms({})],
    [
      'by sending names elsewhere',
      {
        name: 'elsewhere',
        enforce: 'pre',
        resolveId: (id) => (id.endsWith('.jpg') ? '\0elsewhere' : null),
        load: { filter: { id: /elsewhere$/ }, handler: () => MARKED },
      },
    ],
    ['in a list', [[transforms({})]].flat()],
    ['once it is there', Promise.resolve(transforms({}))],
    [
      'in an environment',
      {
        name: 'by-environment',
        enforce: 'pre',
        applyToEnvironment: () => loads({ filter: { id: /jpg$/ } }),
      },
    ],
  ])('%s', async ([, plugin]) => {
    const gemini = await startGemini()
    const one = await site()
    await buildSite(one, { env: keyed(gemini), config: { plugins: [plugin] } })
    expect(await codeOf(one)).toContain('made-by-the-site')
  })

  test('also one of the bundler, in one environment', async () => {
    const gemini = await startGemini()
    const one = await site()
    const build = { rollupOptions: { plugins: [transforms({})] } }
    await buildSite(one, {
      env: keyed(gemini),
      config: { environments: { client: { build } } },
    })
    expect(await codeOf(one)).toContain('made-by-the-site')
  })

  test('also one of the bundler', async () => {
    const gemini = await startGemini()
    const one = await site()
    const build = { rollupOptions: { plugins: [transforms({})] } }
    await buildSite(one, { env: keyed(gemini), config: { build } })
    expect(await codeOf(one)).toContain('made-by-the-site')
  })
})

test('where there is none, a picture is one module', async () => {
  const gemini = await startGemini()
  const one = await site()
  const ids: string[] = []
  const looking: Plugin = { name: 'looking', moduleParsed: ({ id }) => void ids.push(id) }
  const scripts = {
    name: 'scripts',
    transform: { filter: { id: /\.[jt]sx?$/ }, handler: () => null },
  }
  const others = {
    name: 'others',
    load: { filter: { id: { exclude: /\.jpg$/ } }, handler: () => null },
  }
  await buildSite(one, { env: keyed(gemini), config: { plugins: [looking, scripts, others] } })
  expect(ids.filter((id) => id.includes('hero'))).toHaveLength(1)
  expect(await codeOf(one)).toMatch(/assets\/hero\.[0-9a-f]{12}-[\w-]+\.jpg/)
})

async function codeOf(one: Site): Promise<string> {
  const names = (await one.list('dist/assets')).filter((name) => name.endsWith('.js'))
  return (await Promise.all(names.map((name) => one.read(`dist/assets/${name}`)))).join('\n')
}
