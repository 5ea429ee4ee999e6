import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { startGemini } from './support/gemini.ts'
import { runCommand } from './support/command.ts'
import { start } from './support/process.ts'
import { createSite, type Site } from './support/site.ts'
import { buildSite, keyed } from './support/vite.ts'

const DOCS = path.resolve(import.meta.dirname, '../docs')
const WEBPACK = path.resolve(import.meta.dirname, '../examples/webpack/node_modules')
const bin = (file: string, packages = path.join(import.meta.dirname, 'node_modules')): string =>
  path.join(packages, file)

/** Whatever a page names by `title="…"`, written as the reader would. */
async function siteOf(page: string): Promise<Site> {
  const text = await readFile(path.join(DOCS, page), 'utf8')
  const blocks = text.matchAll(/^```\w+ title="([^"]+)"\n([^]*?)^```$/gm)
  const files = Object.fromEntries(Array.from(blocks, ([, file = '', code = '']) => [file, code]))
  expect(Object.keys(files).length).toBeGreaterThan(1)
  return createSite(files)
}

const TUTORIALS = [
  { page: 'start-vite.md', build: [bin('vite/bin/vite.js'), 'build'], output: 'dist' },
  {
    page: 'start-astro.md',
    build: [bin('astro/bin/astro.mjs'), 'build'],
    output: 'dist',
  },
  {
    page: 'start-webpack.md',
    build: [bin('webpack-cli/bin/cli.js', WEBPACK), '--mode', 'production'],
    output: 'dist',
  },
]

describe.each(TUTORIALS)('the tutorial $page', ({ page, build, output }) => {
  test('leads to one picture that is paid for once, and to a frozen build', async () => {
    const gemini = await startGemini({ drawing: 'photo' })
    const site = await siteOf(page)
    const env = {
      NODE_ENV: 'production',
      ASTRO_TELEMETRY_DISABLED: '1',
    }
    const { code, output: said } = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
    expect(`${code} ${said}`).toMatch(/^0 /)
    const frozen = await start(build, site.root, { ...env, CI: 'true' }).ended
    expect(`${frozen.code} ${frozen.output}`).toMatch(/^0 /)
    expect(gemini.requests).toHaveLength(1)
    const files = (await site.list(output, true)).filter((file) => /\.(?:jpe?g|webp)$/.test(file))
    expect(files.length).toBeGreaterThan(0)
    for (const file of files) {
      const { xmp } = await sharp(await site.bytes(`${output}/${file}`)).metadata()
      expect(xmp?.toString()).toContain('trainedAlgorithmicMedia')
    }
  })
})

/** A build of Next.js takes a while: the example is built elsewhere. */
test('the tutorial start-next.md declares one picture, and shows it as the example does', async () => {
  const site = await siteOf('start-next.md')
  expect(await statesIn(site)).toEqual(['missing'])
  const example = path.join(DOCS, '../examples/next')
  const theirs = await Promise.all(
    ['next.config.ts', 'app/page.tsx', 'app/layout.tsx'].map((file) =>
      readFile(path.join(example, file), 'utf8'),
    ),
  )
  const [config, page] = await Promise.all(['next.config.mjs', 'app/page.jsx'].map(site.read))
  for (const [, line = ''] of `${config}${page}`.matchAll(/^(import .* from '(?!\.).*')$/gm)) {
    expect(theirs.join('\n')).toContain(line)
  }
  const flat = (text = ''): string => text.replaceAll(/\s+|,(?=\s*})/g, '')
  expect(flat(theirs[0])).toContain(flat(config))
  expect(page).toContain(".prompt.md?gemini-image'")
})

test.each([
  ['series.md', 5],
  ['photos.md', 1],
  ['sheets.md', 3],
  ['migrate.md', 1],
] as const)('the declarations of %s are sound', async (page, count) => {
  const text = await readFile(path.join(DOCS, page), 'utf8')
  const site = page === 'migrate.md' ? await migrated(text) : await siteOf(page)
  const photo = { create: { width: 800, height: 600, channels: 3, background: '#687' } } as const
  await site.write('src/landing.jpg', await sharp(photo).jpeg().toBuffer())
  const states = (await statesIn(site)).filter((state) => state !== 'unused')
  expect(states).toEqual(Array(count).fill('missing'))
})

test('the example of sheets.md builds, with one call for each picture', async () => {
  const gemini = await startGemini()
  const site = await siteOf('sheets.md')
  await site.write('index.html', '<script type="module" src="/src/main.js"></script>')
  await buildSite(site, { env: keyed(gemini) })
  await buildSite(site, { options: { mode: 'frozen' } })
  expect(gemini.requests).toHaveLength(3)
  const files = await site.list('dist/assets')
  const script = files.find((name) => name.endsWith('.js')) ?? ''
  const code = await site.read(`dist/assets/${script}`)
  for (const frame of ['idle', 'walk', 'jump']) expect(code).toMatch(new RegExp(`\\b${frame}:`))
  const { hasAlpha } = await sharp(
    await site.bytes(`dist/assets/${files.find((name) => name.endsWith('.png')) ?? ''}`),
  ).metadata()
  expect(hasAlpha).toBe(true)
})

/** The states of all pictures; spends nothing. */
async function statesIn(site: Site): Promise<string[]> {
  const { stdout, stderr } = await runCommand(site.root, ['plan', '--json'])
  expect(stderr).toBe('')
  const { rows } = JSON.parse(stdout) as { rows: readonly { state: string }[] }
  return rows.map(({ state }) => state)
}

/** Its import stands in a difference. */
async function migrated(text: string): Promise<Site> {
  const [, hero = ''] = /```md title="[^"]+"\n([^]*?)```/.exec(text) ?? []
  const [, added = ''] = /^\+(import .*)$/m.exec(text) ?? []
  return createSite({
    'src/hero.prompt.md': hero,
    'src/main.js': `${added}\nconsole.log(hero, alt)\n`,
  })
}
