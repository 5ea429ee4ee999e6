import { mkdir, rename, symlink } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { runCli, startVite, type Ended } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const APP = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
  'vite.config.js': `import geminiImage from 'unplugin-gemini-image/vite'
export default { plugins: [geminiImage()], build: { assetsInlineLimit: 0 } }
`,
}

/** Two apps that share a package, linked as package managers link them, and a folder by a relative path. */
const WORKSPACE = {
  '.git/HEAD': 'ref: refs/heads/main',
  'package.json': '{ "private": true, "workspaces": ["apps/*", "packages/*"] }',
  'packages/ui/package.json': JSON.stringify({
    name: '@acme/ui',
    type: 'module',
    exports: { '.': './src/index.js', './*': './src/*' },
  }),
  'packages/ui/src/index.js': `
    import logo, { alt } from './logo.prompt.md?gemini-image'
    import { geminiImage } from 'unplugin-gemini-image/macro'
    import './ui.css'
    // import draft from './draft.prompt.md?gemini-image'
    export const leaf = geminiImage({ prompt: 'A leaf', alt: 'Leaf' })
    export { logo, alt }`,
  'packages/ui/src/ui.css': '.ui { background: url(./ground.prompt.md?gemini-image) }',
  'packages/ui/src/other.js': `export { default } from './draft.prompt.md?gemini-image'`,
  'packages/ui/src/logo.prompt.md': promptFile('A logo'),
  'packages/ui/src/ground.prompt.md': promptFile('A ground'),
  'packages/ui/src/draft.prompt.md': promptFile('A draft'),
  'shared/banner.js': `export { default as banner } from './banner.prompt.md?gemini-image'`,
  'shared/banner.prompt.md': promptFile('A banner'),
}

const SHARED = ['A banner', 'A ground', 'A leaf', 'A logo']

async function createWorkspace(): Promise<Site> {
  const site = await createSite(WORKSPACE)
  for (const name of ['one', 'two']) {
    const main = `import { logo, leaf } from '@acme/ui'
import direct from '@acme/ui/logo.prompt.md?gemini-image'
import { banner } from '../../shared/banner.js'
import own from './own.prompt.md?gemini-image'
document.body.append(logo, leaf.src, direct, banner, own)`
    const files = {
      ...APP,
      'main.js': main,
      'own.prompt.md': promptFile(`Only ${name}`),
      'package.json': JSON.stringify({ name, type: 'module', dependencies: { '@acme/ui': '*' } }),
    }
    for (const [file, text] of Object.entries(files)) await site.write(`apps/${name}/${file}`, text)
  }
  // npm and Yarn link into the root's folder, pnpm into the app's.
  const links = ['node_modules/@acme', 'apps/two/node_modules/@acme']
  for (const folder of links) {
    await mkdir(site.path(folder), { recursive: true })
    await symlink(site.path('packages/ui'), site.path(folder, 'ui'), 'junction')
  }
  return site
}

async function rowsOf(site: Site, app: string): Promise<string[]> {
  const { stdout } = await runCli(site.path('apps', app), ['plan', '--json'])
  const { rows } = JSON.parse(stdout) as { rows: { state: string; place: string }[] }
  return rows.map(({ state, place }) => `${state} ${place}`).toSorted()
}

test('what apps of a workspace share is planned by each, paid for once, and pruned by none', async () => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  const build = (app: string, env: Record<string, string>): Promise<Ended> =>
    startVite(site.path('apps', app), ['build'], env).ended
  expect(await rowsOf(site, 'one')).toEqual([
    'missing ../../packages/ui/src/ground.prompt.md:5:1',
    'missing ../../packages/ui/src/index.js:6:47',
    'missing ../../packages/ui/src/logo.prompt.md:5:1',
    'missing ../../shared/banner.prompt.md:5:1',
    'missing own.prompt.md:5:1',
  ])
  expect(await build('one', keyed(gemini))).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual([...SHARED, 'Only one'])
  gemini.reset()
  expect(await build('two', keyed(gemini))).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual(['Only two'])
  for (const app of ['one', 'two']) {
    const { output } = await runCli(site.path('apps', app), ['prune', '--yes'])
    expect(output).toMatch(/nothing/i)
    expect(await build(app, { CI: 'true' })).toMatchObject({ code: 0 })
  }
  // An alias of the bundler leads to a picture: no scan sees it, and prune leaves it.
  const alias = `, resolve: { alias: { '~': ${JSON.stringify(site.path('packages/ui'))} } } }`
  await site.write('apps/two/vite.config.js', APP['vite.config.js'].replace(/ \}\n$/, alias))
  await site.write('apps/two/main.js', `import '~/src/other.js'\nimport '@acme/ui'`)
  expect(await build('two', keyed(gemini))).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual(['A draft', 'Only two'])
  await runCli(site.path('apps/two'), ['prune', '--yes'])
  expect(await build('two', { CI: 'true' })).toMatchObject({ code: 0 })
  // Another picture of the package is asked for now, which no build index may hide.
  await site.write('packages/ui/src/ui.css', '@import "./more.css";')
  await site.write(
    'packages/ui/src/more.css',
    'a { background: url(./draft.prompt.md?gemini-image) }',
  )
  const frozen = await build('one', { CI: 'true' })
  expect(frozen.code).toBe(1)
  expect(frozen.output).toMatch(/MISSING_PICTURE[^]*packages\/ui\/src\/draft\.prompt\.md/)
})

test("the root's plan, its frozen build and what it generates count what apps have pinned as paid for", async () => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  await site.write('packages/ui/src/other.js', 'export {}')
  interface Report {
    rows: { state: string; pinnedIn?: string }[]
    total: { most: number }
  }
  const plan = async (): Promise<Report> => {
    const { stdout } = await runCli(site.root, ['plan', '--json'])
    const { rows, total } = JSON.parse(stdout) as Report
    return { rows: rows.filter(({ state }) => state !== 'unused'), total }
  }
  const before = await plan()
  expect(before.total.most).toBeGreaterThan(0)
  for (const app of ['one', 'two']) {
    const { code } = await startVite(site.path('apps', app), ['build'], keyed(gemini)).ended
    expect(code).toBe(0)
  }
  const asked = gemini.requests.length
  const { rows, total } = await plan()
  expect(total).toEqual({ least: 0, most: 0 })
  expect(rows).toHaveLength(before.rows.length)
  const pinnedIn = rows.map((row) => row.pinnedIn)
  expect(new Set(pinnedIn)).toEqual(new Set(['apps/one', 'apps/two']))
  const { output } = await runCli(site.root, ['plan'])
  expect(output).toContain('free: pinned in apps/one')
  const markdown = await runCli(site.root, ['plan', '--format', 'markdown'])
  expect(markdown.stdout).toMatch(/free: pinned in <code>apps\/one<\/code>/)
  expect(markdown.stdout).not.toMatch(/\| \$/)
  const generated = await runCli(site.root, ['generate'], keyed(gemini))
  expect(generated).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(asked)
  expect((await plan()).rows.every((row) => row.pinnedIn === undefined)).toBe(true)
})

test('two apps that are built at once pay once for what they share', async () => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  const builds = ['one', 'two'].map(
    (app) => startVite(site.path('apps', app), ['build'], keyed(gemini)).ended,
  )
  for (const { code, output } of await Promise.all(builds))
    expect(`${code} ${output}`).toMatch(/^0 /)
  expect(askedPrompts(gemini)).toEqual([...SHARED, 'Only one', 'Only two'])
})

test.each([true, false])('links are kept as they are: %s', async (preserveSymlinks) => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  await site.write(
    'apps/two/vite.config.js',
    `import geminiImage from 'unplugin-gemini-image/vite'
export default { plugins: [geminiImage()], resolve: { preserveSymlinks: ${preserveSymlinks} } }`,
  )
  const { code, output } = await startVite(site.path('apps/two'), ['build'], keyed(gemini)).ended
  expect(`${code} ${output}`).toMatch(/^0 /)
  expect(askedPrompts(gemini)).toEqual([...SHARED, 'Only two'])
  expect(output).not.toContain('generating 1 picture')
})

test('a batch asks for nothing that another app of the workspace has pinned', async () => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  const env = keyed(gemini)
  expect(await startVite(site.path('apps/one'), ['build'], env).ended).toMatchObject({ code: 0 })
  const { code, output } = await runCli(
    site.path('apps/two'),
    ['generate', '--batch', '--yes'],
    env,
  )
  expect(`${code} ${output}`).toMatch(/^0 /)
  const lines = gemini.batches.jobs.flatMap((job) => job.lines)
  expect(lines).toHaveLength(1)
  expect(JSON.stringify(lines)).toContain('Only two')
})

test("what another app's open batch job has been asked for is not asked for again", async () => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  const env = keyed(gemini)
  const batch = ['generate', '--batch', '--yes']
  expect(await runCli(site.path('apps/one'), batch, env)).toMatchObject({ code: 0 })
  expect(linesOf(gemini)).toHaveLength(SHARED.length + 1)
  expect(await rowsOf(site, 'two')).toContain('pending ../../packages/ui/src/logo.prompt.md:5:1')

  const submitted = await runCli(site.path('apps/two'), batch, env)
  expect(`${submitted.code} ${submitted.output}`).toMatch(
    /^0 [^]*logo\.prompt\.md:5:1: \S+ of \.\.\/one has been asked for it/,
  )
  expect(linesOf(gemini)).toHaveLength(SHARED.length + 2)
  const live = await runCli(site.path('apps/two'), ['generate', '--yes'], env)
  expect(live.output).toMatch(/BATCH_PENDING[^]*logo\.prompt\.md:5:1\s+in \.\.\/one/)
  // Uploads and batch jobs have no prompt of their own.
  expect(askedPrompts(gemini).filter(Boolean)).toEqual([])
})

test('a folder that is no package of the workspace has paid for nothing', async () => {
  const gemini = await startGemini()
  const site = await createWorkspace()
  const env = keyed(gemini)
  expect(await startVite(site.path('apps/one'), ['build'], env).ended).toMatchObject({ code: 0 })
  await mkdir(site.path('fixtures'))
  await rename(site.path('apps/one'), site.path('fixtures/one'))
  gemini.reset()
  expect(await startVite(site.path('apps/two'), ['build'], env).ended).toMatchObject({ code: 0 })
  expect(askedPrompts(gemini)).toEqual([...SHARED, 'Only two'])
})

function linesOf(gemini: FakeGemini): readonly unknown[] {
  return gemini.batches.jobs.flatMap((job) => job.lines)
}
