import { SourceMap, type SourceMapPayload } from 'node:module'
import { rspack } from '@rspack/core'
import geminiImage from 'unplugin-gemini-image/rspack'
import { describe, expect, test } from 'vitest'
import type { Compiler } from 'webpack'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'
import type { Built } from './host.ts'
import { run } from './output.ts'
import { buildOnce, configurationOf } from './webpack.ts'

const FILES = {
  'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
  'src/sea.prompt.md': promptFile('The sea', { alt: 'Waves' }),
}

/** Whether a compiler was asked about each request of the site. */
interface Asked {
  isAsked: boolean
}

function compilerOf(site: Site, root: string, asked: Asked = { isAsked: false }): Compiler {
  const configuration = configurationOf(site, [geminiImage({ root, retryDelay: 5 })])
  const compiler = rspack(configuration as never) as never as Compiler
  compiler.hooks.normalModuleFactory.tap({ name: 'test', stage: 100 }, ({ hooks }) => {
    asked.isAsked = hooks.beforeResolve.isUsed()
  })
  return compiler
}

async function build(site: Site, root = site.root): Promise<Built & Asked> {
  const gemini = await startGemini()
  const asked = { isAsked: false }
  const built = await withEnv(keyed(gemini), () => buildOnce(compilerOf(site, root, asked)))
  return { ...built, ...asked }
}

const SOUND = { errors: [], warnings: [] }

describe('Rspack is asked about requests only where it must be', () => {
  test.for([
    ['by default', "import shown from './hero.prompt.md?gemini-image'", false],
    ['by name', "import { alt as shown } from './hero.prompt.md?gemini-image'", false],
    ['as an object', "import shown from './hero.prompt.md?gemini-image&as=object'", false],
    ['as a rendition', "import shown from './hero.prompt.md?gemini-image&as=img'", false],
    ['at run time', "const shown = await import('./hero.prompt.md?gemini-image')", true],
    [
      'in a URL',
      "const shown = new URL('./hero.prompt.md?gemini-image', import.meta.url).href",
      true,
    ],
    ['in a stylesheet', "import './a.css'\nconst shown = 1", true],
    [
      'as a text, too',
      "import shown from './hero.prompt.md?gemini-image'\nimport './hero.prompt.md?raw'",
      true,
    ],
    ['nowhere', 'const shown = 1', false],
  ] as const)('%s', async ([, code, isAsked]) => {
    const site = await createSite({
      ...FILES,
      'src/main.js': `${code}\nglobalThis.shown = shown`,
      ...(code.includes('a.css') && {
        'src/a.css': 'a { background: url("./hero.prompt.md?gemini-image") }',
      }),
    })
    expect((await build(site)).isAsked).toBe(isAsked)
  })
})

test('what looks like an import is shown as it is written', async () => {
  const code = "import hero from './hero.prompt.md?gemini-image'"
  const site = await createSite({
    ...FILES,
    'src/main.js': `import './other.js'\nglobalThis.shown = \`\n${code}\n\``,
    'src/other.js': "import sea from './sea.prompt.md?gemini-image'\nglobalThis.sea = sea",
  })
  expect(await build(site)).toMatchObject(SOUND)
  expect(await run(site)).toBe(`\n${code}\n`)
})

test('source maps lead to the source as it was written', async () => {
  const code =
    "import hero from './hero.prompt.md?gemini-image'; globalThis.shown = [hero, 'after the import']"
  const site = await createSite({ ...FILES, 'src/main.js': code })
  expect(await build(site)).toMatchObject({ ...SOUND, isAsked: false })
  const lines = (await site.read('dist/main.js')).split('\n')
  const line = lines.findIndex((text) => text.includes('after the import'))
  const column = lines[line]?.indexOf('after the import') ?? -1
  const payload = JSON.parse(await site.read('dist/main.js.map')) as SourceMapPayload
  expect(payload.sourcesContent).toContain(code)
  const found = new SourceMap(payload).findEntry(line, column) as { originalColumn: number }
  // The quote before it.
  expect(found.originalColumn).toBe(code.indexOf('after the import') - 1)
})

describe('what no scan sees', () => {
  const OUTSIDE = {
    'app/package.json': '{}',
    'app/hero.prompt.md': FILES['src/hero.prompt.md'],
    'src/main.js':
      "import { alt } from './hero.prompt.md?gemini-image'\nimport sea from './sea.prompt.md?gemini-image'\nglobalThis.shown = { alt, sea }",
    ...FILES,
  }

  test('is drawn all the same, where a module asks for it', async () => {
    const site = await createSite(OUTSIDE)
    expect(await build(site, site.path('app'))).toMatchObject({ ...SOUND, isAsked: false })
    expect(await run(site)).toEqual({
      alt: 'Boats',
      sea: expect.stringMatching(/^\/[0-9a-f]+\.jpg$/) as unknown,
    })
  })

  test('whatever the site makes of Markdown', async () => {
    const site = await createSite(OUTSIDE)
    const gemini = await startGemini()
    const compiler = compilerOf(site, site.path('app'))
    compiler.options.module.rules.push({
      test: /\.md$/,
      type: 'asset/source',
      use: ['html-loader'],
    })
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toEqual(SOUND)
    expect(await run(site)).toMatchObject({ alt: 'Boats' })
  })

  test('is an error, where a stylesheet asks for its file', async () => {
    const site = await createSite({
      ...OUTSIDE,
      'src/main.js': "import './a.css'",
      'src/a.css': 'a { background: url("./hero.prompt.md?gemini-image") }',
    })
    const { errors } = await build(site, site.path('app'))
    expect(errors.join()).toContain('UNRESOLVED_REFERENCE')
    expect(errors.join()).toContain('set the option "root"')
  })
})

test('a compiler that runs again sees what has come', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...FILES,
    'src/main.js': "import shown from './hero.prompt.md?gemini-image'\nglobalThis.shown = shown",
  })
  await withEnv(keyed(gemini), async () => {
    const asked = { isAsked: false }
    const compiler = compilerOf(site, site.root, asked)
    const again = (): Promise<void> => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      compiler.run((error, stats) => {
        const wrong = error ?? (stats?.hasErrors() ? new Error(stats.toString()) : undefined)
        if (wrong) reject(wrong)
        else resolve()
      })
      return promise
    }
    await again()
    expect(asked.isAsked).toBe(false)
    await site.write(
      'src/main.js',
      "globalThis.shown = (await import('./sea.prompt.md?gemini-image')).alt",
    )
    await again()
    expect(asked.isAsked).toBe(true)
    // What Rspack was not told at first, it does not learn later.
    await site.write('src/main.js', "import './hero.prompt.md?gemini-image'")
    await again()
    expect(asked.isAsked).toBe(true)
    await new Promise<void>((resolve) => compiler.close(() => resolve()))
  })
  expect(gemini.requests).toHaveLength(2)
})
