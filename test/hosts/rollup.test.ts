import * as rolldown from 'rolldown'
import { rollup, type OutputBundle, type Plugin, type RollupOptions } from 'rollup'
import forRolldown from 'unplugin-gemini-image/rolldown'
import forRollup from 'unplugin-gemini-image/rollup'
import { describe, expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'

const FILES = {
  'src/main.js': `import hero, { images } from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero, images }`,
  'src/hero.prompt.md': promptFile('A harbour'),
}

type Options = RollupOptions & { moduleTypes?: Record<string, string> }

const HOSTS = [
  { name: 'Rollup', open: rollup, plugin: forRollup },
  { name: 'Rolldown', open: rolldown.rolldown as never as typeof rollup, plugin: forRolldown },
]

describe.each(HOSTS)('$name', ({ open, plugin }) => {
  /** Builds a site with further options, and gives the text of each file. */
  async function build(site: Site, { plugins = [], ...options }: Options): Promise<OutputBundle> {
    const gemini = await startGemini()
    return withEnv(keyed(gemini), async () => {
      const bundle = await open({
        input: site.path('src/main.js'),
        plugins: [plugin({ root: site.root, retryDelay: 5 }) as Plugin, plugins],
        onLog: () => undefined,
        ...options,
      })
      const { output } = await bundle.generate({
        dir: site.path('dist'),
        assetFileNames: 'img/[name][extname]',
      })
      await bundle.close()
      return Object.fromEntries(output.map((one) => [one.fileName, one]))
    })
  }

  const codeOf = (bundle: OutputBundle): string =>
    Object.values(bundle).flatMap((one) => (one.type === 'chunk' ? [one.code] : []))[0] ?? ''

  test("a picture's name is that of its prompt file, as the site's pattern has it", async () => {
    const bundle = await build(await createSite(FILES), {})
    expect(Object.keys(bundle)).toContain('img/hero.jpg')
  })

  test("what a site's plugin makes of images prevails", async () => {
    const mine = { code: `export default 'mine'`, moduleType: 'js' }
    const loads: Plugin = { name: 'mine', load: (id) => (id.endsWith('.jpg') ? mine : null) }
    const bundle = await build(await createSite(FILES), { plugins: [loads] })
    expect(codeOf(bundle)).toMatch(/['"]mine['"]/)
    expect(Object.keys(bundle)).toEqual(['main.js'])
  })

  test('what runs a bundle is never asked for a picture', async () => {
    const site = await createSite(FILES)
    const built = build(site, { external: /\?gemini-image/ })
    await expect(built).rejects.toThrow(/UNRESOLVED_REFERENCE/)
  })

  test('a bundle is the same wherever a project lies', async () => {
    const site = await createSite({
      'src/main.js': `${FILES['src/main.js']}
        import { geminiImage } from 'unplugin-gemini-image/macro'
        globalThis.leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })`,
      'src/hero.prompt.md': promptFile('A harbour'),
    })
    expect(codeOf(await build(site, {}))).not.toContain(site.root)
  })

  test('all mistakes of a build are told, each with its place', async () => {
    const site = await createSite({
      'src/main.js': `import './a.prompt.md?gemini-image'\nimport './b.prompt.md?gemini-image'`,
      'src/a.prompt.md': promptFile('A', { aspectRatio: "'7:3'" }),
      'src/b.prompt.md': promptFile('B', { aspectRatio: "'7:3'" }),
    })
    await expect(build(site, {})).rejects.toThrow(
      /src\/a\.prompt\.md:3:14[^]*src\/b\.prompt\.md:3:14/,
    )
  })
})

test('Rolldown makes of images what `moduleTypes` says', async () => {
  const site = await createSite(FILES)
  const gemini = await startGemini()
  const bundle = await withEnv(keyed(gemini), () =>
    rolldown.build({
      input: site.path('src/main.js'),
      plugins: [forRolldown({ root: site.root, retryDelay: 5 })],
      moduleTypes: { '.jpg': 'dataurl' },
      logLevel: 'silent',
      write: false,
    }),
  )
  expect(bundle.output.map(({ fileName }) => fileName)).toEqual(['main.js'])
  expect(bundle.output[0].code).toContain('data:image/jpeg;base64,')
})
