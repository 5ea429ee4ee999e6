import { readFile } from 'node:fs/promises'
import process from 'node:process'
import * as esbuild from 'esbuild'
import geminiImage from 'unplugin-gemini-image/esbuild'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'

const FILES = {
  'src/main.js': `import hero from './hero.prompt.md?gemini-image'\nglobalThis.shown = { hero }`,
  'src/hero.prompt.md': promptFile('A harbour'),
}

/** What a build that fails gives as well. */
async function build(site: Site, options: esbuild.BuildOptions): Promise<esbuild.BuildResult> {
  const gemini = await startGemini()
  return withEnv(keyed(gemini), () =>
    esbuild
      .build({
        absWorkingDir: site.root,
        entryPoints: ['src/main.js'],
        outdir: 'dist',
        bundle: true,
        format: 'esm',
        write: false,
        logLevel: 'silent',
        plugins: [geminiImage({ retryDelay: 5 })],
        ...options,
      })
      .catch((error: esbuild.BuildFailure) => error as never),
  )
}

const textOf = ({ outputFiles = [] }: esbuild.BuildResult): string =>
  outputFiles.map(({ text }) => text).join('\n')

test("the site's loader of images prevails, in modules and in stylesheets", async () => {
  const site = await createSite({
    ...FILES,
    'src/main.js': `import './main.css'\n${FILES['src/main.js']}`,
    'src/main.css': 'main { background: url(hero.prompt.md?gemini-image) }',
  })
  const result = await build(site, { loader: { '.jpg': 'dataurl' } })
  expect(result.outputFiles?.map(({ path }) => path.slice(site.root.length))).toEqual([
    '/dist/main.js',
    '/dist/main.css',
  ])
  expect(textOf(result).match(/data:image\/jpeg;base64,/g)).toHaveLength(2)
})

test('each mistake is a message of its own, at its place', async () => {
  const site = await createSite({
    'src/main.js': `import './a.prompt.md?gemini-image'\nimport './b.prompt.md?gemini-image'`,
    'src/a.prompt.md': promptFile('A', { aspectRatio: "'7:3'" }),
    'src/b.prompt.md': promptFile('B', { alt: 'Büro', aspectRatio: "'7:3'" }),
  })
  const { errors } = await build(site, {})
  expect(errors).toMatchObject([
    { location: { file: 'src/a.prompt.md', line: 3, column: 13 } },
    { location: { file: 'src/b.prompt.md', lineText: "aspectRatio: '7:3'" } },
  ])
  expect(errors.map(({ text }) => text.split(' ')[0])).toEqual([
    'UNSUPPORTED_ASPECT_RATIO',
    'UNSUPPORTED_ASPECT_RATIO',
  ])
})

test('a mistake in an option is a message', async () => {
  const site = await createSite(FILES)
  const { errors } = await build(site, { plugins: [geminiImage({ mode: 'froze' as never })] })
  expect(errors).toMatchObject([{ text: expect.stringMatching(/^INVALID_OPTION/) }])
})

test('a macro is replaced before esbuild takes the types and the JSX away', async () => {
  const site = await createSite({
    'src/main.tsx': `
      import { geminiImage } from 'unplugin-gemini-image/macro'
      const leaf: { src: string } = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
      globalThis.shown = <img src={leaf.src} />`,
    'src/plain.js': `
      import { geminiImage } from 'unplugin-gemini-image/macro'
      globalThis.plain = <img src={geminiImage({ prompt: 'A leaf', alt: 'Leaf' }).src} />`,
  })
  const result = await build(site, {
    entryPoints: ['src/main.tsx', 'src/plain.js'],
    loader: { '.js': 'jsx' },
  })
  expect(result.errors).toEqual([])
  expect(textOf(result)).not.toContain('geminiImage(')
})

test('aliases and packages lead to prompt files', async () => {
  const site = await createSite({
    ...FILES,
    'src/main.js': `
      import a from '@/hero.prompt.md?gemini-image'
      const { default: b } = await import('pictures/sea.prompt.md?gemini-image')
      const c = require('./hero.prompt.md?gemini-image').default
      globalThis.shown = { a, b, c }`,
    'node_modules/pictures/package.json': '{ "name": "pictures", "version": "1.0.0" }',
    'node_modules/pictures/sea.prompt.md': promptFile('The sea'),
  })
  const result = await build(site, { alias: { '@': './src' } })
  expect(result.errors).toEqual([])
  expect(result.outputFiles).toHaveLength(3)
})

test('a bundle is the same wherever a project lies', async () => {
  const site = await createSite({
    ...FILES,
    'src/main.js': `${FILES['src/main.js']}
      import { geminiImage } from 'unplugin-gemini-image/macro'
      globalThis.leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })`,
  })
  const text = textOf(await build(site, {}))
  expect(text).toContain('gemini-image:src/hero.prompt.md')
  expect(text).not.toContain(site.root)
})

test('a build without entries of its own watches what is wrong, too', async () => {
  const site = await createSite({
    ...FILES,
    'src/hero.prompt.md': promptFile('Anna at sea', { references: '[./anna.prompt.md]' }),
    'src/anna.prompt.md': promptFile('Anna', { aspectRatio: "'7:3'" }),
  })
  const gemini = await startGemini()
  const ended: esbuild.BuildResult[] = []
  for (const [name, value] of Object.entries(keyed(gemini))) vi.stubEnv(name, value)
  onTestFinished(() => void vi.unstubAllEnvs())
  const context = await esbuild.context({
    absWorkingDir: site.root,
    stdin: { contents: FILES['src/main.js'], resolveDir: site.path('src') },
    outfile: 'dist/main.js',
    bundle: true,
    logLevel: 'silent',
    plugins: [
      geminiImage({ retryDelay: 5 }),
      { name: 'ended', setup: (build) => build.onEnd((result) => void ended.push(result)) },
    ],
  })
  onTestFinished(() => context.dispose())
  await context.watch()
  await vi.waitUntil(() => ended.length > 0, { timeout: 20_000 })
  expect(ended[0]?.errors).not.toEqual([])

  await site.save('src/anna.prompt.md', promptFile('Anna'))
  await vi.waitUntil(() => ended.length > 1, { timeout: 20_000 })
  expect(ended[1]?.errors).toEqual([])
})

test('new URL() of a prompt file is an error at its place: esbuild would ship nothing', async () => {
  const code = `const url = new URL('./hero.prompt.md?gemini-image', import.meta.url)\nglobalThis.shown = { url }`
  const site = await createSite({ ...FILES, 'src/main.js': code })
  const { errors } = await build(site, {})
  expect(errors).toMatchObject([
    {
      text: expect.stringContaining('UNRESOLVED_REFERENCE'),
      location: { file: 'src/main.js', line: 1, column: 20 },
    },
  ])
})

/** Loads scripts before anybody else, and styles where no plugin is asked, as Angular's compiler does. */
const compiler: esbuild.Plugin = {
  name: 'angular-compiler',
  setup: (build) => {
    const { absWorkingDir = '', metafile } = build.initialOptions
    build.onLoad({ filter: /component\.ts$/ }, async ({ path }) => ({
      contents: await readFile(path, 'utf8'),
      loader: 'ts',
    }))
    build.onEnd(async (result) => {
      if (!metafile) return
      const styles = await esbuild.build({
        absWorkingDir,
        entryPoints: ['docs/apart.css'],
        outdir: 'dist',
        bundle: true,
        loader: { '.md': 'file' },
        metafile: true,
        write: false,
      })
      Object.assign(result.metafile?.outputs ?? {}, styles.metafile.outputs)
    })
  },
}

const COMPONENT = `
  import { geminiImage } from 'unplugin-gemini-image/macro'
  globalThis.leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })`

test('a macro that another plugin loads first is an error, and nothing of it is written', async () => {
  const site = await createSite({
    'src/main.js': `import './leaf.component.ts'`,
    'src/leaf.component.ts': COMPONENT,
  })
  const plugins = [compiler, geminiImage({ retryDelay: 5 })]
  const { errors } = await build(site, { plugins, write: true })
  expect(errors).toMatchObject([
    {
      text: expect.stringMatching(/^UNRESOLVED_REFERENCE at src\/leaf\.component\.ts:2:/),
      location: { file: 'src/leaf.component.ts', line: 2 },
    },
  ])
  expect(await site.list('dist').catch(() => [])).toEqual([])
})

test('a macro that another build may bundle is left alone, and what Angular spends is told', async () => {
  const site = await createSite({ ...FILES, 'src/leaf.component.ts': COMPONENT })
  const plugins = [compiler, geminiImage({ retryDelay: 5 })]
  const told = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  onTestFinished(() => told.mockRestore())
  expect((await build(site, { plugins })).errors).toEqual([])
  expect(told.mock.calls.join('')).toContain('2 calls cost $')
})

test('a stylesheet, which Angular bundles apart, is an error where it asks for a picture', async () => {
  const style = 'main { background: url(./hero.prompt.md?gemini-image) }'
  const site = await createSite({ ...FILES, 'src/apart.css': style })
  const plugins = [compiler, geminiImage({ retryDelay: 5 })]
  const { errors } = await build(site, { plugins })
  expect(errors).toMatchObject([{ location: { file: 'src/apart.css', line: 1 } }])
  expect(errors[0]?.text).toContain('Angular would publish the prompt file "./hero.prompt.md"')
})

test('a prompt file among the outputs is an error, wherever it comes from', async () => {
  // As the styles of a component do, which stand in its code.
  const style = 'main { background: url(./hero.prompt.md?gemini-image) }'
  const site = await createSite({ ...FILES, 'docs/package.json': '{}', 'docs/apart.css': style })
  await site.write('docs/hero.prompt.md', promptFile('A harbour'))
  const plugins = [compiler, geminiImage({ retryDelay: 5 })]
  const { errors } = await build(site, { plugins, metafile: true })
  expect(errors).toMatchObject([{ text: expect.stringMatching(/^UNRESOLVED_REFERENCE\n/) }])
  expect(errors[0]?.text).toMatch(
    /dist\/hero\.prompt-\w+\.md would carry .* docs\/hero\.prompt\.md/,
  )
})

test('a stylesheet without the marker is an error before anything is paid for', async () => {
  const site = await createSite({
    ...FILES,
    'src/a.css': 'main { background: url(hero.prompt.md) }',
  })
  const { errors } = await build(site, {})
  expect(errors).toMatchObject([{ location: { file: 'src/a.css', line: 1, column: 23 } }])
  await expect(site.read('gemini-image.lock')).rejects.toThrow('ENOENT')
})

test('stylesheets of another package than Angular’s are its own', async () => {
  const site = await createSite({
    ...FILES,
    'docs/package.json': '{}',
    'docs/main.css': 'main { background: url(../src/hero.prompt.md?gemini-image) }',
  })
  const plugins = [compiler, geminiImage({ retryDelay: 5 })]
  expect((await build(site, { plugins })).errors).toEqual([])
})
