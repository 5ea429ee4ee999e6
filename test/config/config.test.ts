import { describe, expect, test, vi } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { startVite, viteConfig } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, KEY, keyed, serveSite } from '../support/vite.ts'

/** A picture whose prompt needs a style and a variable that only the options know. */
const needy = {
  ...pageOf(['hero']),
  'src/hero.prompt.md': promptFile('A fox in {{town}}', { style: 'house' }),
}

const config = `
  import { defineConfig } from 'unplugin-gemini-image/config'
  const town: string = 'Basel'
  export default defineConfig({ styles: { house: 'As a woodcut.' }, vars: { town } })
`

async function askedBy(site: Site, work: (env: Record<string, string>) => Promise<unknown>) {
  const gemini = await startGemini()
  await work(keyed(gemini))
  await site.remove('gemini-image.lock')
  await site.remove('.gemini-image')
  return gemini.requests.map(({ prompt }) => prompt)
}

test('the command and the plugin read one configuration file', async () => {
  const site = await createSite({ ...needy, ...viteConfig(), 'gemini-image.config.ts': config })
  const byCommand = await askedBy(site, (env) => runCommand(site.root, ['generate', '-y'], env))
  const byPlugin = await askedBy(site, (env) => buildSite(site, { env }))
  const byVite = await askedBy(site, (env) => startVite(site.root, ['build'], env).ended)
  expect(byCommand).toEqual(['A fox in Basel\n\nAs a woodcut.'])
  expect(byPlugin).toEqual(byCommand)
  expect(byVite).toEqual(byCommand)
})

test('options of the plugin and flags of the command beat it, one by one', async () => {
  const site = await createSite({ ...needy, 'gemini-image.config.ts': config })
  const options = { vars: { town: 'Bern' } }
  const asked = await askedBy(site, (env) => buildSite(site, { env, options }))
  expect(asked).toEqual(['A fox in Bern\n\nAs a woodcut.'])
  await site.write('gemini-image.config.ts', config.replace('vars:', 'budget: 0.001, vars:'))
  const gemini = await startGemini()
  const poor = await runCommand(site.root, ['generate', '-y'], keyed(gemini))
  expect(poor.output).toContain('BUDGET_EXCEEDED')
  const rich = await runCommand(site.root, ['generate', '-y', '--budget', '1'], keyed(gemini))
  expect(rich.code).toBe(0)
})

describe('a file that', () => {
  const needyWith = (text: string, name = 'gemini-image.config.ts'): Promise<Site> =>
    createSite({ ...needy, [name]: text })

  test.each([
    [
      'holds what types cannot merely be stripped from',
      "enum Town { Basel = 'Basel' }\nexport default { vars: { town: Town.Basel } }",
      'a constant object in place of an enum',
    ],
    [
      'imports a file by a part of its name',
      "import { house } from './house'\nexport default { styles: { house } }",
      'write "./styles.ts", not "./styles"',
    ],
  ])('%s says how to do without', async (_, text, fix) => {
    const site = await needyWith(text)
    await site.write('house.ts', "export const house: string = 'As a woodcut.'\n")
    const { code, output } = await runCommand(site.root, ['plan'])
    expect(code).toBe(1)
    expect(output).toContain('INVALID_CONFIG at gemini-image.config.ts:1:1')
    expect(output).toContain(fix)
  })

  test('is plain JavaScript, or a promise, is read as well', async () => {
    const text = `export default Promise.resolve({ styles: { house: 'As a woodcut.' }, vars: { town: 'Ulm' } })`
    const site = await needyWith(text, 'gemini-image.config.mjs')
    const { output } = await runCommand(site.root, ['plan', '--json'])
    expect(JSON.parse(output)).toMatchObject({ missing: 1, problems: [] })
  })

  test('imports another file takes it along', async () => {
    const site = await needyWith(`import { house } from './house.ts'
      export default { styles: { house }, vars: { town: 'Ulm' } }`)
    await site.write('house.ts', "export const house: string = 'As a woodcut.'\n")
    const { output } = await runCommand(site.root, ['plan', '--json'])
    expect(JSON.parse(output)).toMatchObject({ missing: 1, problems: [] })
  })

  test('throws says where and why, and nothing is built', async () => {
    const site = await needyWith("throw new Error('no such town')")
    const { code, output } = await runCommand(site.root, ['plan'])
    expect(code).toBe(1)
    expect(output).toContain('INVALID_CONFIG at gemini-image.config.ts:1:1')
    expect(output).toContain('no such town')
    expect(await failingBuild(site)).toContain('INVALID_CONFIG')
  })

  test('has an option that there is none of is named in the message', async () => {
    const site = await needyWith('export default { budgett: 1 }')
    const { output } = await runCommand(site.root, ['plan'])
    expect(output).toContain('INVALID_OPTION')
    expect(output).toContain('Did you mean "budget"?')
    expect(output).toContain('gemini-image.config.ts')
  })

  test('names another root is followed there', async () => {
    const site = await needyWith("export default { root: 'web' }")
    await site.write('web/package.json', '{}')
    const { output } = await runCommand(site.root, ['plan', '--json'])
    expect(JSON.parse(output)).toMatchObject({ root: site.path('web'), rows: [] })
  })
})

test('the command finds the key in .env.local, and the process beats it', async () => {
  const gemini = await startGemini()
  const site = await createSite({ ...pageOf(['hero']), 'src/hero.prompt.md': promptFile('A fox') })
  const { url } = gemini
  await site.write('.env', 'GEMINI_API_KEY=invalid-key\n')
  await site.write('.env.local', `GEMINI_API_KEY="${KEY}"\nGOOGLE_GEMINI_BASE_URL=${url}\n`)
  const process = { GEMINI_API_KEY: 'invalid-key', GOOGLE_GEMINI_BASE_URL: `${url}/` }
  const wrong = await runCommand(site.root, ['generate', '-y'], process)
  expect(wrong.output).toContain('INVALID_KEY')
  const right = await runCommand(site.root, ['generate', '-y'])
  expect(right.code).toBe(0)
  expect(gemini.requests).toHaveLength(2)
})

describe('an env file', () => {
  const files = {
    ...pageOf(['hero']),
    ...viteConfig(),
    'src/hero.prompt.md': promptFile('A fox'),
  }
  const byCommand = (root: string, env: Record<string, string>) =>
    runCommand(root, ['generate', '--yes'], env)
  const byVite = (root: string, env: Record<string, string>) =>
    startVite(root, ['build'], env).ended

  test.for([
    ['the command', byCommand],
    ['Vite', byVite],
  ] as const)('moves no key of the machine, for %s', async ([, run]) => {
    const gemini = await startGemini()
    const site = await createSite(files)
    await site.write('.env', `GOOGLE_GEMINI_BASE_URL=${gemini.url}\n`)
    // Frozen, because nothing in a test may reach Google.
    const env = { GEMINI_API_KEY: KEY, GEMINI_IMAGE_MODE: 'frozen' }
    const { output } = await run(site.root, env)
    expect(output).toContain('.env sets GOOGLE_GEMINI_BASE_URL, which is ignored')
    expect(output).toContain('MISSING_PICTURE')
  })

  test('lifts no freeze that the configuration asks for', async () => {
    const gemini = await startGemini()
    const config = 'export default { mode: "frozen" }\n'
    const site = await createSite({ ...files, 'gemini-image.config.mjs': config })
    await site.write('.env', 'GEMINI_IMAGE_MODE=auto\n')
    const { code, output } = await byVite(site.root, keyed(gemini))
    expect(code).toBe(1)
    expect(output).toContain('.env sets GEMINI_IMAGE_MODE, which is ignored')
    expect(gemini.requests).toEqual([])
  })

  test('lifts no freeze of CI, also with a key of its own', async () => {
    const gemini = await startGemini()
    const site = await createSite(files)
    const own = `GOOGLE_GEMINI_BASE_URL=${gemini.url}\nGEMINI_API_KEY=${KEY}\n`
    await site.write('.env', `${own}GEMINI_IMAGE_MODE=auto\n`)
    const frozen = await startVite(site.root, ['build'], { CI: 'true' }).ended
    expect(frozen).toMatchObject({ code: 1, output: expect.stringContaining('MISSING_PICTURE') })
    expect(gemini.requests).toEqual([])
    const free = await startVite(site.root, ['build']).ended
    expect(free).toMatchObject({ code: 0 })
    expect(gemini.requests).toHaveLength(1)
  })
})

test('a dev server starts again when it is saved', async () => {
  const gemini = await startGemini()
  const env = `GEMINI_API_KEY=${KEY}\nGOOGLE_GEMINI_BASE_URL=${gemini.url}\n`
  const site = await createSite({ ...needy, '.env.local': env })
  await serveSite(site, { options: { quietPeriod: 20 } })
  await site.save('gemini-image.config.ts', config)
  await vi.waitUntil(() => gemini.requests.length > 0, { timeout: 30_000 })
  expect(gemini.requests.map(({ prompt }) => prompt)).toEqual(['A fox in Basel\n\nAs a woodcut.'])
})
