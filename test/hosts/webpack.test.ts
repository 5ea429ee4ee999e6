import { createRequire } from 'node:module'
import { rspack } from '@rspack/core'
import { resolveOptions } from '@gemini-image/core/internal'
import forRspack from 'unplugin-gemini-image/rspack'
import forWebpack from 'unplugin-gemini-image/webpack'
import { describe, expect, test, vi } from 'vitest'
import webpack, { type Compiler, type Configuration, type MultiCompiler } from 'webpack'
import DevServer from 'webpack-dev-server'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { withEnv } from '../support/with-env.ts'
import { run } from './output.ts'
import { buildOnce, configurationOf, watching } from './webpack.ts'
import { drive } from '../support/driver.ts'

const HOSTS = [
  { name: 'webpack', bundle: webpack, plugin: forWebpack },
  { name: 'Rspack', bundle: rspack as unknown as typeof webpack, plugin: forRspack },
]

const HERO = {
  'src/main.js': `
    import hero, { width } from './hero.prompt.md?gemini-image'
    globalThis.shown = { hero, width }`,
  'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
}

/** The same, of which nothing but the default export is asked for. */
const HERO_ALONE = {
  ...HERO,
  'src/main.js': `
    import hero from './hero.prompt.md?gemini-image'
    globalThis.shown = { hero }`,
}
const HEROES = [
  ['a default import', HERO_ALONE],
  ['more than that', HERO],
] as const

/** Pictures in `dist`. */
async function pictures(site: Site, dist = 'dist'): Promise<string[]> {
  return (await site.list(dist, true)).filter((file) => /\.(?:jpg|png|webp)$/.test(file))
}

describe.each(HOSTS)('$name', ({ name, bundle, plugin }) => {
  const configured = (site: Site, more: Configuration = {}): Configuration => {
    const base = configurationOf(site, [plugin({ retryDelay: 5, quietPeriod: 100 })])
    return {
      ...base,
      ...more,
      module: { ...base.module, ...more.module },
      output: { ...base.output, ...more.output },
    }
  }
  const single = (configuration: Configuration): Compiler => bundle(configuration)

  test('where files go, and what their addresses are, is what the site says', async () => {
    const gemini = await startGemini()
    const site = await createSite(HERO)
    const output = {
      publicPath: 'https://cdn.example/',
      assetModuleFilename: 'images/[name].[hash:6][ext]',
    }
    const compiler = single(configured(site, { output }))
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toMatchObject({ errors: [] })
    const [file = ''] = await pictures(site)
    expect(file).toMatch(/^images\/hero\.[0-9a-f]{12}\.[0-9a-f]{6}\.jpg$/)
    expect(await describeImage(await site.bytes(`dist/${file}`))).toBe('jpeg 1024x1024')
    expect(await site.read('dist/main.js')).toContain('https://cdn.example/')
  })

  test('a rule of the site for pictures prevails', async () => {
    const gemini = await startGemini()
    const site = await createSite(HERO)
    const rules = [{ test: /\.(?:jpe?g|png)$/, type: 'asset/inline' }]
    const compiler = single(configured(site, { module: { rules } }))
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toMatchObject({ errors: [] })
    expect(await pictures(site)).toEqual([])
    expect(await site.read('dist/main.js')).toContain('data:image/jpeg;base64,')
  })

  test('rules of the site for Markdown leave prompt files alone', async () => {
    const gemini = await startGemini()
    const site = await createSite(HERO)
    const rules = [{ test: /\.md$/, type: 'asset/source' }]
    const compiler = single(configured(site, { module: { rules } }))
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toMatchObject({ errors: [] })
    expect(await site.read('dist/main.js')).not.toContain('alt: Boats')
    expect(await pictures(site)).toHaveLength(1)
  })

  test('several compilers at once pay once', async () => {
    const gemini = await startGemini()
    const site = await createSite(HERO)
    const to = (folder: string): Configuration =>
      configured(site, { name: folder, output: { path: site.path(folder) } })
    const compiler = (bundle as (list: Configuration[]) => MultiCompiler)([
      to('client'),
      to('server'),
    ])
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toMatchObject({ errors: [] })
    expect(askedPrompts(gemini)).toEqual(['A harbour'])
    expect(await pictures(site, 'client')).toHaveLength(1)
    expect(await pictures(site, 'server')).toEqual(await pictures(site, 'client'))
  })

  test.each(HEROES)('with %s, a cache on disk goes by what the lockfile pins', async (_, files) => {
    const gemini = await startGemini()
    const site = await createSite(files)
    const cache = { type: 'filesystem' as const, cacheDirectory: site.path('cache') }
    const more: Configuration =
      name === 'Rspack' ? { cache: rspackCache(site) as never } : { cache }
    const build = async (): Promise<string[]> => {
      await site.remove('dist')
      const compiler = single(configured(site, more))
      expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toEqual({
        errors: [],
        warnings: [],
      })
      return pictures(site)
    }
    const first = await build()
    expect(await build()).toEqual(first)
    const options = resolveOptions({}, { hostRoot: site.root, env: keyed(gemini) })
    await drive(options).generate([site.path('src/hero.prompt.md')], { redraw: true })
    expect(gemini.requests).toHaveLength(2)
    const second = await build()
    expect(second).toHaveLength(1)
    expect(second).not.toEqual(first)
    expect(gemini.requests).toHaveLength(2)
  })

  test('a cache on disk may outlive renditions and placeholders, which are made again', async () => {
    const site = await createSite({
      ...HERO,
      'src/main.js': `
        import hero from './hero.prompt.md?gemini-image&as=picture&widths=16;32'
        import { hero as whole } from './whole.js'
        console.log(hero, whole)`,
      'src/whole.js': `export * as hero from './hero.prompt.md?gemini-image'`,
    })
    const cache = { type: 'filesystem' as const, cacheDirectory: site.path('cache') }
    const more: Configuration =
      name === 'Rspack' ? { cache: rspackCache(site) as never } : { cache }
    const env = { GEMINI_IMAGE_MODE: 'placeholder' }
    const build = async (): Promise<string[]> => {
      await site.remove('dist')
      const compiler = single(configured(site, more))
      expect(await withEnv(env, () => buildOnce(compiler))).toMatchObject({ errors: [] })
      return site.list('dist')
    }
    const first = await build()
    expect(await build()).toEqual(first)
    // As `npm ci` does.
    await site.remove('node_modules')
    expect(await build()).toEqual(first)
  })

  test('a cache on disk goes by presets and forms, wherever the configuration has them from', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...HERO,
      'gemini-image.config.mjs': `import { presets, forms } from './looks.js'\nexport default { presets, forms }`,
      'src/main.js': `
        import srcset from './hero.prompt.md?gemini-image&as=srcset'
        import word from './hero.prompt.md?gemini-image&as=word'
        globalThis.shown = { srcset, word }`,
    })
    const cache = { type: 'filesystem' as const, cacheDirectory: site.path('cache') }
    const more: Configuration =
      name === 'Rspack' ? { cache: rspackCache(site) as never } : { cache }
    const build = async (widths: number, forms: string): Promise<string> => {
      await site.remove('dist')
      const looks = `export const presets = { default: { widths: [${widths}] } }, forms = ${forms}`
      await site.write('looks.js', looks)
      const compiler = single(configured(site, more))
      expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toMatchObject({ errors: [] })
      return site.read('dist/main.js')
    }
    const saying = (word: string): string => `{ word: { value: () => 'said: ${word}' } }`
    expect(await build(16, '{}')).toMatch(/ 16w\b/)
    expect(await build(16, saying('one'))).toContain('said: one')
    expect(await build(16, saying('another'))).toContain('said: another')
    const last = await build(240, saying('a third'))
    expect(last).toContain('said: a third')
    expect(last).toMatch(/ 240w\b/)
    expect(gemini.requests).toHaveLength(1)
  })

  test('no cache on disk keeps a module that had to do without its picture', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      ...HERO,
      'src/main.js': `import { width } from './hero.prompt.md?gemini-image'\nconsole.log('width', width)`,
    })
    const cache = { type: 'filesystem' as const, cacheDirectory: site.path('cache') }
    const more: Configuration =
      name === 'Rspack' ? { cache: rspackCache(site) as never } : { cache }
    const build = (env: Record<string, string>): ReturnType<typeof buildOnce> =>
      withEnv(env, () => buildOnce(single(configured(site, more))))
    expect((await build({ CI: 'true' })).errors).toHaveLength(1)
    const options = resolveOptions({}, { hostRoot: site.root, env: keyed(gemini) })
    await drive(options).generate([site.path('src/hero.prompt.md')])
    expect(await build({ CI: 'true' })).toMatchObject({ errors: [] })
    const script = (await site.list('dist')).find((file) => file.endsWith('.js'))
    expect(await site.read(`dist/${script}`)).toMatch(/"width",\s*1024/)
  })

  test('a mere default import is the stored file, and no other is', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'src/main.js': `
        import alone from './alone.prompt.md?gemini-image'
        import hero from './hero.prompt.md?gemini-image'
        import sea, { width } from './sea.prompt.md?gemini-image'
        import leaf from './leaf.prompt.md?gemini-image'
        import * as other from './other.js'
        const { alt } = await import('./leaf.prompt.md?gemini-image')
        globalThis.shown = { alone, hero, sea, width, leaf, alt, other: other.alt }`,
      'src/other.js': `export * from './hero.prompt.md?gemini-image'`,
      'src/alone.prompt.md': promptFile('One tree', { alt: 'Tree' }),
      'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
      'src/sea.prompt.md': promptFile('The sea', { alt: 'Waves' }),
      'src/leaf.prompt.md': promptFile('A leaf', { alt: 'Leaf' }),
    })
    const compiler = single(configured(site))
    const modules: string[] = []
    compiler.hooks.done.tap('test', (stats) => {
      const all = { all: false, modules: true, nestedModules: true, modulesSpace: Infinity }
      modules.push(JSON.stringify(stats.toJson({ ...all, nestedModulesSpace: Infinity }).modules))
    })
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toEqual({
      errors: [],
      warnings: [],
    })
    const picture: unknown = expect.stringMatching(/^\/[0-9a-f]+\.jpg$/)
    expect(await run(site)).toEqual({
      alone: picture,
      hero: picture,
      sea: picture,
      width: 1024,
      leaf: picture,
      alt: 'Leaf',
      other: 'Boats',
    })
    const isOurs = (slug: string): boolean => modules.join('').includes(`${slug}.prompt.md.js`)
    expect(['alone', 'sea', 'leaf'].filter(isOurs)).toEqual(['sea', 'leaf'])
  })

  test('macros reach loaders that run in threads', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'src/main.js': `
        import { geminiImage } from 'unplugin-gemini-image/macro'
        globalThis.shown = { leaf: geminiImage({ prompt: 'A leaf', alt: 'Leaf' }).src }`,
      'identity.cjs': 'module.exports = (code) => code',
    })
    const use = [createRequire(import.meta.url).resolve('thread-loader'), site.path('identity.cjs')]
    const compiler = single(configured(site, { module: { rules: [{ test: /\.js$/, use }] } }))
    expect(await withEnv(keyed(gemini), () => buildOnce(compiler))).toEqual({
      errors: [],
      warnings: [],
    })
    expect(askedPrompts(gemini)).toEqual(['A leaf'])
    expect(await pictures(site)).toHaveLength(1)
  })

  test('a picture of which only the default is imported follows its prompt file', async () => {
    const gemini = await startGemini()
    const site = await createSite(HERO_ALONE)
    const compiler = single(configured(site, { mode: 'development', devtool: false }))
    const drawn = async (former = ''): Promise<string> =>
      vi.waitUntil(
        async () => {
          const [name] = /hero\.[0-9a-f]{12}/.exec(await site.read('dist/main.js')) ?? []
          return name !== former && name
        },
        { timeout: 20_000 },
      )
    await withEnv(keyed(gemini), async () => {
      const builds = watching(compiler)
      expect(await builds.next()).toEqual({ errors: [], warnings: [] })
      const name = await drawn()
      await site.save('src/hero.prompt.md', promptFile('A harbour at night', { alt: 'Boats' }))
      await drawn(name)
      expect(askedPrompts(gemini)).toEqual(['A harbour', 'A harbour at night'])
    })
  })

  test('while people look on, a stand-in is shown at once and the picture when it has landed', async () => {
    const gemini = await startGemini()
    const release = gemini.hold()
    const site = await createSite(HERO)
    const compiler = single(configured(site, { mode: 'development', devtool: false }))
    await withEnv(keyed(gemini), async () => {
      const builds = watching(compiler)
      expect(await builds.next()).toEqual({ errors: [], warnings: [] })
      expect(await site.read('dist/main.js')).toContain('"placeholder"')
      const [standIn = ''] = await pictures(site)
      expect(await describeImage(await site.bytes(`dist/${standIn}`))).toBe('jpeg 1024x1024')
      release()
      await vi.waitUntil(async () => !(await site.read('dist/main.js')).includes('"placeholder"'), {
        timeout: 20_000,
      })
      expect(gemini.requests).toHaveLength(1)
      await site.save('src/hero.prompt.md', promptFile('A harbour at night'))
      await vi.waitUntil(
        async () => {
          const code = await site.read('dist/main.js')
          return code.includes('A harbour at night') && !code.includes('"placeholder"')
        },
        { timeout: 20_000 },
      )
      expect(askedPrompts(gemini)).toEqual(['A harbour', 'A harbour at night'])
    })
  })
})

test('webpack-dev-server shows the picture, and no address makes it spend', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...HERO,
    'src/hero.prompt.md': promptFile('A harbour', { alt: '' }),
  })
  const base = configurationOf(site, [forWebpack({ retryDelay: 5 })])
  const compiler = webpack({
    ...base,
    mode: 'development',
    devtool: false,
    experiments: {},
    output: { ...base.output, module: false },
  })
  const warnings: string[] = []
  compiler.hooks.infrastructureLog.tap('test', (name, type, args) => {
    if (name === 'gemini-image' && type === 'warn') warnings.push(String(args?.[0]))
    return undefined
  })
  await withEnv(keyed(gemini), async () => {
    const server = new DevServer(
      { host: '127.0.0.1', port: 'auto', hot: true, open: false },
      compiler,
    )
    await server.start()
    try {
      const address = server.server?.address()
      const port = typeof address === 'object' ? address?.port : 0
      const get = async (path: string): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}${path}`)
      for (const path of [
        '/src/other.prompt.md?gemini-image',
        '/main.js?gemini-image&prompt=A+cat',
      ]) {
        await get(path)
      }
      await vi.waitUntil(
        async () => !(await (await get('/main.js')).text()).includes('"placeholder"'),
        {
          timeout: 20_000,
        },
      )
      expect(askedPrompts(gemini)).toEqual(['A harbour'])
      // Built twice, with the stand-in and with the picture, and told once.
      expect(warnings).toEqual([
        expect.stringMatching(/^MISSING_ALT: 1 picture [^]*hero\.prompt\.md:5:1/),
      ])
      const code = await (await get('/main.js')).text()
      const name = /"([0-9a-f]+\.jpg)"/.exec(code)?.[1] ?? ''
      const picture = new Uint8Array(await (await get(`/${name}`)).arrayBuffer())
      expect(await describeImage(picture)).toBe('jpeg 1024x1024')
    } finally {
      await server.stop()
    }
  })
})

test('a mistake is an error of stats with its code, its file and its place', async () => {
  const site = await createSite({
    ...HERO,
    'src/hero.prompt.md': promptFile('A', { aspectRatio: "'7:3'" }),
  })
  const compiler = webpack(configurationOf(site, [forWebpack({ mode: 'auto' })]))
  const { promise, resolve } = Promise.withResolvers<readonly Error[]>()
  compiler.run((_, stats) => compiler.close(() => resolve(stats?.compilation.errors ?? [])))
  const [error, ...others] = await promise
  expect(others).toEqual([])
  expect(error).toMatchObject({
    code: 'UNSUPPORTED_ASPECT_RATIO',
    file: 'src/hero.prompt.md',
    loc: { start: { line: 3, column: 13 } },
  })
})

/** Rspack keeps its cache with other settings. */
function rspackCache(site: Site): object {
  return { type: 'persistent', storage: { type: 'filesystem', directory: site.path('cache') } }
}
