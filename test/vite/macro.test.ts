import { SourceMap, type SourceMapPayload } from 'node:module'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import vue from '@vitejs/plugin-vue'
import * as esbuild from 'esbuild'
import { digestOf as inlineDigest } from '@gemini-image/core/internal'
import type { PluginOption, ViteDevServer } from 'vite'
import { describe, expect, test, vi } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { describeImage } from '../support/images.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { start } from '../support/process.ts'
import { buildSite, failingBuild, keyed, serveSite, watchSite } from '../support/vite.ts'

const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'"

/** A component or module of each kind, with a picture of its own, and one that all of them have. */
const KINDS = {
  'src/plain.ts': `
    ${MACRO}
    interface Leaf { readonly alt: string }
    export const leaf = geminiImage({
      prompt: \`
        An oak leaf
        on white paper
      \`,
      aspectRatio: '16:9',
      alt: 'A "leaf" in the <wind>',
    }) satisfies Leaf
    export const shared: Leaf = geminiImage({ prompt: 'Shared', alt: '' })
    globalThis.mark = 'behind plain'`,
  'src/typed.tsx': `
    /** @jsxRuntime classic @jsx h */
    ${MACRO}
    const h = (tag: string, props: object, ...children: unknown[]) => ({ tag, ...props, children })
    const identity = <T,>(value: T): T => value
    export const typed = <img src={identity(geminiImage({ prompt: 'Typed', alt: 'T' })).src} />
    globalThis.mark = 'behind typed'`,
  'src/markup.jsx': `
    /** @jsxRuntime classic @jsx h */
    ${MACRO}
    const h = (tag, props, ...children) => ({ tag, ...props, children })
    export const markup = <p>It's {geminiImage({ prompt: 'Markup', alt: '' }).width} wide</p>`,
  'src/Vue.vue': `
    <script setup lang="ts">
    import { geminiImage, type GeneratedImage as Image } from 'unplugin-gemini-image/macro'; const wide = '4:1'
    import type { MacroSettings } from 'unplugin-gemini-image/macro'
    const { title } = defineProps<{ title: string; image?: Image; settings?: MacroSettings }>()
    const cover = geminiImage({ prompt: 'Vue', alt: 'From Vue', aspectRatio: '4:1' })
    const shared = geminiImage({ prompt: 'Shared', alt: '' })
    globalThis.mark = 'behind Vue'
    </script>
    <template><img :src="cover.src" :alt="cover.alt" :width="cover.width" :title="title + shared.src" /></template>`,
  'src/Svelte.svelte': `
    <script lang="ts">
      ${MACRO}
      const { title }: { title: string } = $props()
      const cover = geminiImage({ prompt: 'Svelte', alt: 'From Svelte' })
      globalThis.mark = 'behind Svelte'
    </script>
    <img src={cover.src} alt={cover.alt} {title} data-other={geminiImage({ prompt: 'In markup', alt: '' }).src} />`,
  'src/server.ts': `
    import { createSSRApp } from 'vue'
    import { renderToString } from 'vue/server-renderer'
    import { render } from 'svelte/server'
    import Vue from './Vue.vue'
    import Svelte from './Svelte.svelte'
    export { leaf, shared } from './plain'
    export { typed } from './typed'
    export { markup } from './markup'
    export const fromVue = await renderToString(createSSRApp(Vue, { title: 'V' }))
    export const fromSvelte = render(Svelte, { props: { title: 'S' } }).body`,
  'src/client.ts': `
    import { createApp } from 'vue'
    import { mount } from 'svelte'
    import Vue from './Vue.vue'
    import Svelte from './Svelte.svelte'
    import { leaf, shared } from './plain'
    import { typed } from './typed'
    import { markup } from './markup'
    createApp(Vue, { title: 'V' }).mount('#vue')
    mount(Svelte, { target: document.body, props: { title: 'S' } })
    Object.assign(globalThis, { leaf, shared, typed, markup })`,
  'index.html':
    '<!doctype html><div id="vue"></div><script type="module" src="/src/client.ts"></script>',
}

const PROMPTS = [
  'An oak leaf\non white paper',
  'In markup',
  'Markup',
  'Shared',
  'Svelte',
  'Typed',
  'Vue',
]

const plugins = (): PluginOption[] => [vue(), svelte({ configFile: false })]

/** The line of the source that a text in built code comes from, such as `src/plain.ts:5`. */
async function originOf(site: Site, script: string, text: string): Promise<string> {
  const [code, json] = await Promise.all([site.read(script), site.read(`${script}.map`)])
  const before = code.slice(0, code.indexOf(text)).split('\n')
  const map = new SourceMap(JSON.parse(json) as SourceMapPayload)
  const entry = map.findEntry(before.length - 1, before.at(-1)?.length ?? 0)
  if (!('originalSource' in entry)) throw new Error(`${text} has no origin`)
  return `${entry.originalSource.replace(/^.*\/(?=src\/)/, '')}:${entry.originalLine + 1}`
}

/** The one script that a build has written. */
async function scriptIn(site: Site, dir: string): Promise<string> {
  const script = (await site.list(dir)).find((name) => name.endsWith('.js'))
  return `${dir}/${script}`
}

/** Where a text stands in a source file, as {@link originOf} says it. */
function lineOf(file: keyof typeof KINDS, text: string): string {
  const before = KINDS[file].slice(0, KINDS[file].indexOf(text)).split('\n')
  return `${file}:${before.length}`
}

test('the macro is a picture in modules and components of every kind, on server and client', async () => {
  const gemini = await startGemini()
  const site = await createSite(KINDS)
  const build = { sourcemap: true, minify: false }
  const server = { ssr: 'src/server.ts', outDir: 'dist/server', ssrEmitAssets: true }
  await buildSite(site, {
    env: keyed(gemini),
    config: { plugins: plugins(), build: { ...build, ...server } },
  })
  expect(askedPrompts(gemini)).toEqual(PROMPTS)

  const built = await import(pathToFileURL(site.path('dist/server/server.js')).href)
  expect(built.leaf).toEqual({
    src: expect.stringMatching(
      /^\/assets\/plain-an-oak-leaf-on-white-paper\.[0-9a-f]{12}-.+\.jpg$/,
    ),
    width: 1376,
    height: 768,
    format: 'jpeg',
    alt: 'A "leaf" in the <wind>',
    prompt: 'An oak leaf\non white paper',
    model: 'gemini-nano-banana-2.1',
    text: '',
    digitalSourceType: 'trainedAlgorithmicMedia',
    grounding: undefined,
    color: expect.stringMatching(/^#[0-9a-f]{6}$/),
  })
  const picture = await site.bytes(`dist/server${built.leaf.src}`)
  expect(await describeImage(picture)).toBe('jpeg 1376x768')
  expect(built.typed.src).toMatch(/^\/assets\/typed-typed\./)
  expect(built.markup.children).toEqual(["It's ", 1024, ' wide'])
  expect(built.fromVue).toMatch(
    /^<img src="\/assets\/vue-vue\.\S+" alt="From Vue" width="2048" title="V\/assets\/.*">$/,
  )
  // What says the same is one picture, whichever file it is declared in.
  expect(built.fromVue).toContain(`title="V${built.shared.src}"`)
  expect(built.fromSvelte).toMatch(
    /<img src="\/assets\/svelte-svelte\.\S+" alt="From Svelte" title="S" data-other="\/assets\/svelte-in-markup\./,
  )

  gemini.reset()
  const log = await buildSite(site, {
    env: keyed(gemini),
    config: { plugins: plugins(), build: { ...build, outDir: 'dist/client' } },
  })
  expect(log).toContain('8 pictures: 8 pinned')
  expect(gemini.requests).toEqual([])
  const pictures = (names: readonly string[]): string[] =>
    names.filter((name) => name.endsWith('.jpg'))
  expect(pictures(await site.list('dist/client/assets'))).toEqual(
    pictures(await site.list('dist/server/assets')),
  )
  const client = await scriptIn(site, 'dist/client/assets')
  const code = await site.read(client)
  // Neither the macro's own module, nor more than one copy of what makes an object of a picture.
  expect(code).not.toContain('MISSING_PLUGIN')
  expect(code.match(/new Proxy\(image/g)).toHaveLength(1)

  for (const script of [client, 'dist/server/server.js']) {
    for (const [file, mark] of [
      ['src/plain.ts', "'behind plain'"],
      ['src/typed.tsx', "'behind typed'"],
      ['src/Vue.vue', "'behind Vue'"],
      ['src/Svelte.svelte', "'behind Svelte'"],
    ] as const) {
      const text = mark.replaceAll("'", '"')
      expect(await originOf(site, script, text)).toBe(lineOf(file, mark))
    }
  }
})

test('a prompt file is an object as well, where the import asks for one', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'main.js': `
      import hero, { alt } from './hero.prompt.md?gemini-image&as=object'
      import url from './hero.prompt.md?gemini-image'
      export { hero, alt, url }`,
    'hero.prompt.md': promptFile('A lighthouse', { alt: 'Light', aspectRatio: '16:9' }),
  })
  await buildSite(site, { env: keyed(gemini), config: { build: { ssr: 'main.js' } } })
  const built = await import(pathToFileURL(site.path('dist/main.js')).href)
  expect(built).toMatchObject({
    hero: { src: built.url, width: 1376, height: 768, alt: 'Light', prompt: 'A lighthouse' },
    alt: 'Light',
    url: expect.stringMatching(/^\/assets\/hero\..+\.jpg$/),
  })
  expect(gemini.requests).toHaveLength(1)
})

test('a script in a page may use it', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html': `<!doctype html>
      <script type="module">
        ${MACRO}
        // geminiImage({ prompt: 'In a comment', alt: '' })
        document.title = geminiImage({ prompt: 'In a page', alt: '' }).src
      </script>`,
  })
  await buildSite(site, { env: keyed(gemini) })
  const picture = (await site.list('dist/assets')).find((name) => name.endsWith('.jpg'))
  expect(await site.read(await scriptIn(site, 'dist/assets'))).toContain(picture)
  expect(askedPrompts(gemini)).toEqual(['In a page'])
})

/** A site of one module, which a page loads. */
function siteOf(source: string, file = 'main.ts'): Promise<Site> {
  return createSite({
    'index.html': `<!doctype html><script type="module" src="/${file}"></script>`,
    [file]: source,
  })
}

test('vite build --watch pays for a macro that is edited, once', async () => {
  const gemini = await startGemini()
  const source = `${MACRO}\ndocument.title = geminiImage({ prompt: 'Before', alt: '' }).src`
  const site = await siteOf(source)
  const watching = await watchSite(site, { env: keyed(gemini) })
  await watching.built(1)
  await site.save('main.ts', source.replace('Before', 'After'))
  await watching.built(2)
  await site.save('main.ts', source)
  await watching.built(3)
  expect(askedPrompts(gemini)).toEqual(['After', 'Before'])
  expect(await site.read(await scriptIn(site, 'dist/assets'))).toContain('/main-before.')
})

describe('what declares nothing', () => {
  test('is not paid for: comments, texts, and functions of the same name', async () => {
    const gemini = await startGemini()
    const site = await siteOf(`
      ${MACRO}
      // geminiImage({ prompt: 'In a comment' })
      /* geminiImage({ prompt: 'In a block' }) */
      const shown = "geminiImage({ prompt: 'In a text' })"
      const code = \`geminiImage({ prompt: 'In a template' })\`
      const mine = { geminiImage: ({ prompt }) => prompt }
      document.title = shown + code + mine.geminiImage({ prompt: 'Mine' })
      document.title += geminiImage({ prompt: 'Declared', alt: '' }).src`)
    await buildSite(site, { env: keyed(gemini) })
    expect(askedPrompts(gemini)).toEqual(['Declared'])
    const code = await site.read(await scriptIn(site, 'dist/assets'))
    for (const kept of ['In a text', 'In a template', 'Mine']) expect(code).toContain(kept)
  })

  test('is the code of packages, whose call throws when it runs', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'main.js': "export { leaf } from 'a-package'",
      'node_modules/a-package/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/a-package/index.js': `${MACRO}\nexport const leaf = () => geminiImage({ prompt: 'In a package' })`,
    })
    const build = { ssr: 'main.js' }
    await buildSite(site, {
      env: keyed(gemini),
      config: { build, ssr: { noExternal: ['a-package'] } },
    })
    const built = await import(pathToFileURL(site.path('dist/main.js')).href)
    expect(() => built.leaf()).toThrow('A package in node_modules cannot use the macro.')
    expect(gemini.requests).toEqual([])
  })
})

test('without the plugin, the call names the line of configuration that is missing', async () => {
  const site = await createSite({
    'leaf.mjs': `${MACRO}\ngeminiImage({ prompt: 'A leaf', alt: '' })`,
  })
  await esbuild.build({
    entryPoints: [site.path('leaf.mjs')],
    outfile: site.path('dist/leaf.mjs'),
    bundle: true,
    format: 'esm',
    logLevel: 'silent',
  })
  for (const script of ['leaf.mjs', 'dist/leaf.mjs']) {
    const { code, stderr } = await start([site.path(script)], site.root, {}).ended
    expect(code).toBe(1)
    expect(stderr).toContain('geminiImage({ prompt: "A leaf"… }) was not replaced at build time.')
    expect(stderr).toContain('import geminiImage from "unplugin-gemini-image/vite"')
    expect(stderr).toContain('plugins: [geminiImage()]')
    expect(stderr).toContain("code: 'MISSING_PLUGIN'")
  }
})

describe('what is wrong', () => {
  test('is told with the place of the macro: what is missing, with its price', async () => {
    const gemini = await startGemini()
    const site = await siteOf(
      `${MACRO}\nconst a = geminiImage({\n  size: '2K',\n  prompt: 'A',\n  alt: '',\n})\n`,
    )
    const said = await failingBuild(site, { env: keyed(gemini), options: { mode: 'frozen' } })
    expect(said).toContain('MISSING_PICTURE at main.ts:4:11')
    expect(said).toMatch(/main\.ts:4:11 +1:1 2K +gemini-nano-banana-2\.1 +\$0\.\d+/)
    expect(gemini.requests).toEqual([])
  })

  test('is told with the place of the macro: what is not a literal, and settings', async () => {
    const gemini = await startGemini()
    const site = await siteOf(
      `${MACRO}\nconst words = 'A'\nconst a = geminiImage({ prompt: words })\nconst b = geminiImage({ prompt: 'B', size: '9K' })`,
    )
    const said = await failingBuild(site, { env: keyed(gemini) })
    expect(said).toContain('NOT_STATIC at main.ts:3:33')
    expect(said).toContain('UNSUPPORTED_SIZE at main.ts:4:44')
    expect(gemini.requests).toEqual([])
  })
})

describe('a dev server', () => {
  /** The specifier and the module id of the picture that a module declares first. */
  async function picturesOf(server: ViteDevServer, url: string): Promise<string[]> {
    const { code = '' } = (await server.transformRequest(url)) ?? {}
    return [...code.matchAll(/"(\/@id\/__x00__gemini-image:object:[^"?]+)/g)].map(
      ([, id = '']) => id,
    )
  }

  test('pays for an edit once it rests, and for none that is taken back', async () => {
    const gemini = await startGemini()
    // Long enough for a busy machine to show an edit before it has rested.
    const quietPeriod = 1000
    const before = `${MACRO}\nexport const a = geminiImage({ prompt: 'Before', alt: '' })\n`
    const site = await siteOf(before)
    const { server } = await serveSite(site, { env: keyed(gemini), options: { quietPeriod } })
    await vi.waitUntil(() => gemini.requests.length === 1, 30_000)
    const [first] = await picturesOf(server, '/main.ts')

    await site.save('main.ts', before.replace('Before', 'A slip'))
    await vi.waitFor(
      async () => expect(await picturesOf(server, '/main.ts')).not.toEqual([first]),
      30_000,
    )
    await site.save('main.ts', before)
    await vi.waitFor(
      async () => expect(await picturesOf(server, '/main.ts')).toEqual([first]),
      30_000,
    )
    await sleep(2 * quietPeriod)
    expect(askedPrompts(gemini)).toEqual(['Before'])

    for (const words of ['Af', 'After', 'Afterwards']) {
      await site.save('main.ts', before.replace('Before', words))
      await sleep(100)
    }
    await vi.waitUntil(() => gemini.requests.length > 1, 30_000)
    await sleep(2 * quietPeriod)
    expect(askedPrompts(gemini)).toEqual(['Afterwards', 'Before'])
  })

  test('previews for a URL what the source declares, and nothing else', async () => {
    const gemini = await startGemini()
    const source = `${MACRO}\nexport const a = geminiImage({ prompt: 'Declared', alt: '' })\n`
    const site = await createSite({
      'index.html': '<!doctype html><script type="module" src="/main.ts"></script>',
      'main.ts': source,
      // Declared by a package and by a file that is no source of the project's.
      'node_modules/a-package/index.js': source.replace('Declared', 'In a package'),
      'dist/old.js': source.replace('Declared', 'Built before'),
    })
    await buildSite(site, { env: keyed(gemini), config: { build: { outDir: 'out' } } })
    gemini.reset()
    const { server, url } = await serveSite(site, {
      env: keyed(gemini),
      options: { quietPeriod: 0 },
    })
    const [picture = ''] = await picturesOf(server, '/main.ts')
    expect((await fetch(url + picture)).status).toBe(200)

    const digestOf = (prompt: string): string => inlineDigest({ prompt, alt: '' })
    const specifier = (file: string, prompt: string): string =>
      `${file}?gemini-image&declared=${digestOf(prompt)}&as=object`
    const module = (file: string, prompt: string): string =>
      `/@id/__x00__gemini-image:object::${file}/${digestOf(prompt)}.js`
    // The digest is the one that the plugin has written itself.
    expect(picture).toBe(module('main.ts', 'Declared'))
    const attacks = [
      specifier('/main.ts', 'A bill'),
      specifier(`/@fs${site.path('main.ts')}`, 'A bill'),
      specifier(`/@id/${site.path('main.ts')}`, 'A bill'),
      module('main.ts', 'A bill'),
      module('/etc/passwd', 'Declared'),
      module('../../../../../../../etc/passwd', 'Declared'),
      module(site.path('main.ts'), 'A bill'),
      ...[
        ['node_modules/a-package/index.js', 'In a package'],
        ['dist/old.js', 'Built before'],
      ].flatMap(([file = '', prompt = '']) => [
        specifier(`/${file}`, prompt),
        specifier(`/@fs${site.path(file)}`, prompt),
        specifier(`/@id/${site.path(file)}`, prompt),
        module(file, prompt),
      ]),
    ]
    for (const attack of attacks) {
      const response = await fetch(url + attack, { headers: { accept: '*/*' } })
      expect(await response.text()).not.toMatch(/toObject|placeholder/)
      const failed = await server.transformRequest(attack).catch(String)
      if (failed) expect(JSON.stringify(failed)).not.toMatch(/toObject|placeholder/)
    }
    // A save of what they name draws nothing either.
    await site.save('dist/old.js', `${await site.read('dist/old.js')}\n`)
    await sleep(300)
    expect(gemini.requests).toEqual([])
    expect(await site.list('.gemini-image')).toHaveLength(1)
  })
})
