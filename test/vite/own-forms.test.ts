import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { Options } from 'unplugin-gemini-image/vite'
import { expect, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed, serveSite, type Run } from '../support/vite.ts'

/** How long files must be left alone before a build remembers what it found in them, in milliseconds. */
const REST = 2100
const INDEX = 'node_modules/.cache/gemini-image/index'

function siteOf(form: string, more: Readonly<Record<string, string>> = {}): Promise<Site> {
  return createSite({
    'gemini-image.config.mjs': `import { forms } from './forms.js'\nexport default { forms }\n`,
    'forms.js': form,
    'src/hero.prompt.md': promptFile('A harbour', { alt: 'Boats' }),
    'src/main.js': `export { default, model } from './hero.prompt.md?gemini-image&as=own'\n`,
    ...more,
  })
}

const saying = (word: string): string =>
  `export const forms = { own: { value: () => '${word}' } }\n`

async function build(site: Site, run: Run): Promise<{ default: unknown; model: string }> {
  await buildSite(site, { ...run, config: { build: { ssr: 'src/main.js' } } })
  const file = site.path('dist/main.js')
  return import(`${pathToFileURL(file).href}?${(await stat(file)).mtimeMs}`)
}

test('a build that is answered from the build index makes forms anew', async () => {
  const gemini = await startGemini()
  const env = keyed(gemini)
  const site = await siteOf(saying('one'))
  await build(site, { env })
  await sleep(REST)
  expect(await build(site, { env })).toMatchObject({ default: 'one' })
  const name = (await site.list(INDEX)).find((file) => file.endsWith('.json'))
  const index = await site.read(`${INDEX}/${name}`)
  await site.write(`${INDEX}/${name}`, index.replace(/"model":"[^"]+"/, '"model":"of the index"'))
  await site.write('forms.js', saying('another'))
  expect(await build(site, { env })).toMatchObject({ default: 'another', model: 'of the index' })
  expect(gemini.requests).toHaveLength(1)
})

test('a dev server follows a form that is edited, in a module of the configuration', async () => {
  const gemini = await startGemini()
  const env = keyed(gemini)
  const site = await siteOf(saying('one'))
  await build(site, { env })
  const { server } = await serveSite(site, { env })
  const shown = async (): Promise<unknown> =>
    (await server.ssrLoadModule('/src/main.js'))['default']
  expect(await shown()).toBe('one')
  await site.save('forms.js', saying('another'))
  await vi.waitUntil(async () => (await shown().catch(() => undefined)) === 'another', {
    timeout: 20_000,
  })
})

test('a dev server makes one file for a form, unless that says which files it wants', async () => {
  const gemini = await startGemini()
  const env = keyed(gemini)
  const value = `value: ([set]) => set.sources.map(({ type, files }) => type + files.length).join()`
  const site = await siteOf(
    `export const forms = {
      own: { ${value} },
      exact: { makes: (asked) => ({ settings: { ...asked, widths: [8, 16] }, formats: ['avif', 'png'] }), ${value} },
    }`,
    {
      'src/main.js': `
        export { default } from './hero.prompt.md?gemini-image&formats=avif;webp&widths=8;16&as=own'
        export { default as exact, model } from './hero.prompt.md?gemini-image&as=exact'`,
    },
  )
  const all = { default: 'image/avif2,image/webp2', exact: 'image/avif2,image/png2' }
  expect(await build(site, { env })).toMatchObject(all)
  const { server } = await serveSite(site, { env })
  const shown = await server.ssrLoadModule('/src/main.js')
  expect(shown).toMatchObject({ ...all, default: 'image/webp1' })
})

test.for([
  ['what no module can hold', 'new Date(0)', /value\(\) is an object of the class Date/],
  ['a function', '({ list: [() => 1] })', /value\(\)\.list\[0\] is a function/],
  ['no number', '({ ratio: 0 / 0 })', /value\(\)\.ratio is NaN/],
  ['itself', 'endless', /holds itself/],
  ['an address that is encoded', 'encodeURIComponent(url)', /encodes an address/],
  ['an address that is completed', 'new URL(url, "https://a.example").href', /encodes an address/],
  ['a file of another picture', 'write.url("/etc/passwd")', /\/etc\/passwd is no file of this/],
] as const)('a form that gives %s is an error at the import', async ([, given, said]) => {
  const gemini = await startGemini()
  const site = await siteOf(`
    const endless = []
    endless.push(endless)
    export const forms = { own: { value: ([set], _, write) => {
      const url = write.url(set.sources[0].files[0].file)
      return ${given}
    } } }`)
  const failure = await failingBuild(site, {
    env: keyed(gemini),
    config: { build: { ssr: 'src/main.js' } },
  })
  expect(failure).toMatch(/FORM_FAILED at src\/main\.js:1:33/)
  expect(failure).toMatch(said)
  expect(failure).toMatch(/What to do: fix forms\.own/)
})

test.for([
  [
    '{ settings: { ratio: "wide" }, formats: ["webp"] }',
    /"makes" gives no files[^]*settings\.ratio/,
  ],
  ['{ settings: asked, formats: [] }', /formats/],
  ['asked', /settings/],
  ['undefined', /"makes" gives no files/],
] as const)(
  'a form that asks for files that cannot be made is an error: %s',
  async ([made, said]) => {
    const gemini = await startGemini()
    const site = await siteOf(
      `export const forms = { own: { makes: (asked) => (${made}), value: () => 1 } }`,
    )
    const failure = await failingBuild(site, {
      env: keyed(gemini),
      config: { build: { ssr: 'src/main.js' } },
    })
    expect(failure).toMatch(/FORM_FAILED at src\/main\.js:1:33/)
    expect(failure).toMatch(said)
  },
)

test.for([
  ['picture', { value: () => '' }, 'this name is taken'],
  ['object', { value: () => '' }, 'this name is taken'],
  ['two words', { value: () => '' }, 'small letters, digits and hyphens'],
  ['own', {}, 'a function "value"'],
  ['own', null, 'a function "value"'],
  ['own', { value: () => '', make: () => ({}) }, 'a form has no "make"'],
  ['own', { value: () => '', makes: [{ form: 'icons' }] }, '"makes" is a function, or a list'],
  ['own', { value: () => '', takes: ['colour'] }, '"takes" is a list of'],
  ['own', { value: () => '', isOneFile: 'yes' }, '"isOneFile" is true or false'],
] as readonly (readonly [string, unknown, string])[])(
  'a form that is none is an error of the options: %s %o',
  async ([name, form, said]) => {
    const gemini = await startGemini()
    const site = await siteOf(saying('one'))
    await site.remove('gemini-image.config.mjs')
    const options = { forms: { [name]: form } } as unknown as Options
    const failure = await failingBuild(site, { env: keyed(gemini), options })
    expect(failure).toContain('INVALID_OPTION')
    expect(failure).toContain(`"forms.${name}"`)
    expect(failure).toContain(said)
    expect(gemini.requests).toEqual([])
  },
)
