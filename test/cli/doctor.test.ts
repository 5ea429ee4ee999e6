import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import type { Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'
import { commitAll, drawn, entryOf, git, plain, runJson, siteOf } from './stage.ts'

interface Check {
  readonly name: string
  readonly verdict: string
  readonly text: string
}

/** What is not well, as `verdict name: text`. */
async function complaints(
  site: Pick<Site, 'root'>,
  env: Record<string, string> = {},
): Promise<{ code: number | null; found: string[]; all: readonly Check[] }> {
  const { code, report } = await runJson(site, ['doctor'], env)
  const all: readonly Check[] = report.checks
  const found = all.filter(({ verdict }) => verdict !== 'ok')
  return { code, all, found: found.map(({ verdict, name, text }) => `${verdict} ${name}: ${text}`) }
}

const ownProvider = (listModels: string): string =>
  `export default { provider: { name: 'own', generate() { throw new Error('no') }, async listModels() { ${listModels} } } }\n`

async function healthy(): Promise<{ site: Site; env: Record<string, string> }> {
  const gemini = await startGemini()
  const site = await siteOf(plain('hero'), {
    '.gitattributes': 'gemini-image.lock merge=union\ngemini-image.ledger merge=union\n',
    '.gitignore': '.env.local\n',
  })
  await drawn(site, gemini)
  commitAll(site)
  await site.write('gemini-image.config.mjs', ownProvider("return ['gemini-nano-banana-2.1']"))
  return { site, env: { GEMINI_API_KEY: KEY } }
}

test('all is well', async () => {
  const { site, env } = await healthy()
  const { code, found, all } = await complaints(site, env)
  expect(found).toEqual([])
  expect(code).toBe(0)
  expect(all.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['key', 'declarations', 'models', 'store', 'merge', 'git', 'secrets']),
  )
  const { stdout } = await runCommand(site.root, ['doctor'], env)
  expect(stdout).toContain('own answers and knows gemini-nano-banana-2.1.')
})

test('without a key, it says where one comes from, and that is no problem', async () => {
  const { site } = await healthy()
  await site.remove('gemini-image.config.mjs')
  const { code, found } = await complaints(site)
  expect(code).toBe(0)
  expect(found).toEqual([expect.stringMatching(/^warning key: .*aistudio/)])
})

describe('models', () => {
  test('that the provider does not list', async () => {
    const { site, env } = await healthy()
    await site.write('gemini-image.config.mjs', ownProvider("return ['other']"))
    const { code, found } = await complaints(site, env)
    expect(code).toBe(0)
    expect(found).toEqual([expect.stringContaining('does not list gemini-nano-banana-2.1')])
  })

  test('of a provider that cannot be reached, or throws anything', async () => {
    const { site, env } = await healthy()
    await site.write('gemini-image.config.mjs', ownProvider(`throw new Error('down: ${KEY}')`))
    const { code, found } = await complaints(site, env)
    expect(code).toBe(1)
    expect(found).toEqual(['problem models: It failed: Error: down: [secret]'])
  })

  test.each(['INVALID_KEY', 'PROVIDER_UNAVAILABLE'])('that are refused with %s', async (code) => {
    const { site, env } = await healthy()
    const thrown = `Object.assign(new Error('${code}\\n  Because ${KEY}.'), { name: 'GeminiImageError', code: '${code}' })`
    await site.write('gemini-image.config.mjs', ownProvider(`throw ${thrown}`))
    const { code: ended, found } = await complaints(site, env)
    expect(ended).toBe(1)
    expect(found).toEqual([`problem models: ${code}\n  Because [secret].`])
    const { stdout } = await runCommand(site.root, ['doctor'], env)
    expect(stdout).toContain(`${code} Because [secret].`)
  })

  test('of Google, if nobody answers, or the key is refused, never end in a stack', async () => {
    const { site } = await healthy()
    await site.write('gemini-image.config.mjs', 'export default { retryDelay: 5 }\n')
    const gemini = await startGemini()
    for (const [env, said] of [
      [keyed(gemini), /answers and knows/],
      [{ ...keyed(gemini), GEMINI_API_KEY: 'invalid-key' }, /INVALID_KEY/],
      [
        { GEMINI_API_KEY: KEY, GOOGLE_GEMINI_BASE_URL: 'http://127.0.0.1:9' },
        /PROVIDER_UNAVAILABLE/,
      ],
    ] as const) {
      const { all } = await complaints(site, env)
      const text = all.find(({ name }) => name === 'models')?.text
      expect(text).toMatch(said)
      expect(text).not.toMatch(/at \w+ \(|node:internal/)
    }
  })
})

describe('secrets', () => {
  test('a key in a variable that goes to the browser, wherever it is written', async () => {
    const { site, env } = await healthy()
    await site.write('.env.production', `VITE_AI=${KEY}\nVITE_TITLE=Hello\n`)
    await site.write('.gitignore', '.env*\n')
    await site.write('.env', 'NEXT_PUBLIC_GEMINI_API_KEY=another-key-0123456789\n')
    const { code, found } = await complaints(site, { ...env, PUBLIC_MAPS: `AIza${'x'.repeat(35)}` })
    expect(code).toBe(1)
    expect(found).toEqual([
      expect.stringMatching(/^problem secrets: NEXT_PUBLIC_GEMINI_API_KEY holds an API key/),
      expect.stringMatching(/^warning secrets: PUBLIC_MAPS looks like/),
      expect.stringMatching(/^problem secrets: VITE_AI holds an API key/),
    ])
  })

  test.each([
    ['.env', 'GEMINI_API_KEY=some-other-key-0123\n'],
    ['.env.local', 'export GOOGLE_API_KEY = "some-other-key-0123"\n'],
    ['deep/.env.production', 'GEMINI_API_KEY=some-other-key-0123\n'],
    ['src/config.js', `const key = '${KEY}'\n`],
    ['notes.txt', `AIza${'B'.repeat(35)}\n`],
  ])('a key committed in %s', async (file, text) => {
    const { site, env } = await healthy()
    await site.write(file, text)
    git(site.root, 'add', '--force', file)
    const { code, found } = await complaints(site, env)
    expect(code).toBe(1)
    expect(found).toContainEqual(
      expect.stringMatching(
        new RegExp(`^problem secrets: ${file} holds an API key and is in version`),
      ),
    )
  })

  test('an example is none; a file that git does not ignore may become one', async () => {
    const { site, env } = await healthy()
    await site.write('.env.example', 'GEMINI_API_KEY=your-key\n')
    git(site.root, 'add', '.env.example')
    await site.write('.env', 'GEMINI_API_KEY=some-other-key-0123\n')
    const { code, found } = await complaints(site, env)
    expect(code).toBe(0)
    expect(found).toEqual([expect.stringMatching(/^warning secrets: git does not ignore \.env,/)])
  })
})

describe('version control', () => {
  test('that ignores the lockfile or the pictures', async () => {
    const { site, env } = await healthy()
    await site.write('.gitignore', '*.lock\n.*/\n.env.local\n')
    const { code, found } = await complaints(site, env)
    expect(code).toBe(1)
    expect(found).toEqual([
      expect.stringContaining('git ignores gemini-image.lock (.gitignore:1:*.lock)'),
      expect.stringContaining('git ignores .gemini-image/x.jpg (.gitignore:2:.*/)'),
    ])
  })

  test('whose exceptions let them through is fine', async () => {
    const { site, env } = await healthy()
    await site.write('.gitignore', '*.lock\n!gemini-image.lock\n.env.local\n')
    expect((await complaints(site, env)).found).toEqual([])
  })

  test('that does not merge lockfiles', async () => {
    const { site, env } = await healthy()
    await site.write('.gitattributes', '')
    const { code, found } = await complaints(site, env)
    expect(code).toBe(0)
    expect(found).toEqual([
      expect.stringContaining('"gemini-image.lock merge=union"'),
      expect.stringContaining('"gemini-image.ledger merge=union"'),
    ])
    await site.write('.gitignore', 'gemini-image.ledger\n.env.local\n')
    expect((await complaints(site, env)).found).toHaveLength(1)
  })
})

test('what is missing, lost, corrupt or broken is told, and none of it hides the rest', async () => {
  const { site, env } = await healthy()
  const { file } = await entryOf(site, 'src/hero.prompt.md')
  await site.remove(`.gemini-image/${file}`)
  const lost = await complaints(site, env)
  expect(lost.found.map((line) => line.split(':')[0])).toEqual([
    'warning declarations',
    'warning store',
  ])
  await site.write(`.gemini-image/${file}`, 'x')
  expect((await complaints(site, env)).found).toEqual([
    expect.stringMatching(/^problem store: CORRUPT_OBJECT/),
  ])
  await site.write('gemini-image.lock', 'nonsense\n')
  const corrupt = await complaints(site, env)
  expect(corrupt.found[0]).toMatch(/^problem lockfile: CORRUPT_LOCKFILE/)
  expect(corrupt.all.some(({ name }) => name === 'merge')).toBe(true)
  await site.write('gemini-image.config.mjs', "throw new Error('broken')\n")
  const broken = await complaints(site, env)
  expect(broken.code).toBe(1)
  expect(broken.found).toEqual([expect.stringMatching(/^problem options: INVALID_CONFIG/)])
  expect(broken.all.some(({ name }) => name === 'merge')).toBe(true)
})

test('no command ever shows the key, whatever goes wrong', async () => {
  const { site } = await healthy()
  const commands = [
    ['plan'],
    ['generate', '--yes'],
    ['status'],
    ['explain', 'hero'],
    ['variants', KEY],
    ['models'],
    ['outdated'],
    ['upgrade', '--yes'],
    ['verify'],
    ['prune'],
    ['doctor'],
    ['init'],
  ]
  await site.write('gemini-image.config.mjs', `throw new Error('with ${KEY}')\n`)
  for (const args of commands) {
    const { output } = await runCommand(site.root, args, { GEMINI_API_KEY: KEY })
    expect(output).not.toContain(KEY)
  }
  await site.write('gemini-image.config.mjs', 'export default { retryDelay: 5 }\n')
  await site.write('src/hero.prompt.md', 'Another fox')
  await site.write('.env.local', `GEMINI_API_KEY=${KEY}\n`)
  for (const env of [
    { GOOGLE_GEMINI_BASE_URL: KEY },
    { GEMINI_IMAGE_MODE: KEY },
    { GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:9/?key=${KEY}`, GEMINI_API_KEY: KEY },
  ]) {
    for (const args of [['generate', '--yes'], ['doctor', '--json'], ['status']]) {
      const { output } = await runCommand(site.root, args, env)
      expect(output).not.toContain(KEY)
    }
  }
})

test('a configuration without the plugin is told which line it lacks', async () => {
  const { site, env } = await healthy()
  const manifest = { type: 'module', devDependencies: { vite: '8' } }
  await site.write('package.json', JSON.stringify(manifest))
  await site.write('vite.config.js', 'export default { plugins: [] }\n')
  const { code, found } = await complaints(site, env)
  expect(code).toBe(0)
  expect(found).toEqual([
    'warning plugin: vite.config.js lacks: import geminiImage from \'unplugin-gemini-image/vite\'; plugins: [geminiImage(), …]. "npx gemini-image init" adds it.',
  ])
  await site.write('vite.config.js', 'const plugins = []\nexport default { plugins }\n')
  const { found: byHand } = await complaints(site, env)
  expect(byHand).toEqual([expect.stringContaining('to the plugins in vite.config.js')])
  const text = `import geminiImage from 'unplugin-gemini-image/vite'\nexport default { plugins: [geminiImage()] }\n`
  await site.write('vite.config.js', text)
  expect((await complaints(site, env)).found).toEqual([])
})
