import { pathToFileURL } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { CLI, runCli, start, startCli } from '../support/process.ts'
import { promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { drawn, inTerminal, plain, runJson, siteOf } from './stage.ts'

/** Every command that ends by itself, with what it needs to say something. */
const COMMANDS = [
  ['init'],
  ['plan'],
  ['generate', '--yes'],
  ['status'],
  ['costs'],
  ['explain', 'one'],
  ['variants', 'one'],
  ['pick', 'one', '1'],
  ['models'],
  ['outdated'],
  ['upgrade', '--yes'],
  ['verify'],
  ['prune'],
  ['doctor'],
]

// oxlint-disable-next-line no-control-regex
const ESCAPE = /\u001B/

async function siteOfTwo(): Promise<Site> {
  return siteOf({ ...plain('two'), one: promptFile('one', { variants: '2' }) })
}

describe('--json', () => {
  test.each(COMMANDS)('%s prints one document, whatever happens', async (...args) => {
    const gemini = await startGemini()
    const site = await siteOfTwo()
    const before = await runJson(site, args, keyed(gemini))
    expect([0, 1, 2]).toContain(before.code)
    expect(before.report.error).toBeUndefined()
    await site.write('gemini-image.config.mjs', 'export default { budgett: 1 }\n')
    const broken = await runJson(site, args, keyed(gemini))
    if (args[0] === 'init') return
    expect(broken.code).toBe(1)
    if (args[0] !== 'doctor')
      expect(broken.report).toMatchObject({ error: { code: 'INVALID_OPTION' } })
    expect(broken.stderr).toContain(args[0] === 'doctor' ? '' : 'Did you mean "budget"?')
  })

  test('errors say where, and list each of several', async () => {
    const site = await siteOf({ one: '---\nsize: 9K\naspectRatio: 9:1\n---\nOne' })
    const { report } = await runJson(site, ['generate', '--yes'])
    expect(report.error.code).toBe('SEVERAL_PROBLEMS')
    const places = report.error.errors.map((one: { place: object }) => one.place)
    expect(places).toEqual(
      expect.arrayContaining([
        { file: 'src/one.prompt.md', line: 2, column: 7 },
        { file: 'src/one.prompt.md', line: 3, column: 14 },
      ]),
    )
  })

  test.each([
    [['plan', '--jsno']],
    [['explain']],
    [['nonsense']],
    [['generate', '--budget', 'abc']],
    [['generate', '--concurrency', '0']],
    [['plan', '--format', 'html']],
    [['status', 'too', 'many']],
  ])('a command line with a mistake is one document as well: %s', async (args) => {
    const site = await siteOf({})
    const { code, report, stderr } = await runJson(site, args)
    expect(code).toBe(1)
    expect(report).toEqual({ error: { code: 'INVALID_ARGUMENT', message: expect.any(String) } })
    expect(stderr).toContain(report.error.message.split('\n')[0])
  })
})

describe('a plan with thousands of pinned pictures that nothing declares', () => {
  const lines = Array.from({ length: 3000 }, (_, index) => {
    const object = index.toString(16).padStart(64, '0')
    const picture = { file: `old-${index}.${object.slice(0, 12)}.jpg`, object, type: 'image/jpeg' }
    const drawn = { width: 9, height: 9, model: 'm', cost: 0.01, created: '2026-11-21T00:00:00Z' }
    const tokens = { input: 1, image: 1, text: 0 }
    return `  ${object}: ${JSON.stringify({ ...picture, ...drawn, tokens })}\n`
  })
  const lockfile = `version: 1\npictures:\n${lines.join('')}`

  test('lists a few for people, and all of them as data', async () => {
    const site = await siteOf(plain('one'), { 'gemini-image.lock': lockfile })
    const { stdout } = await runCommand(site.root, ['plan'])
    expect(stdout).toContain('src/one.prompt.md')
    expect(stdout.match(/^unused /gm)).toHaveLength(20)
    expect(stdout).toContain(
      '\n2980 more are unused: "npx gemini-image plan --json" lists them all.\n',
    )
    expect(stdout).toContain('0 pinned, 1 missing, 3000 unused.')
    const { report } = await runJson(site, ['plan'])
    expect(report.rows).toHaveLength(3001)
  })
})

describe('mistakes', () => {
  test.each([
    [['paln'], '(Did you mean plan?)'],
    [['plan', '--bse', 'main'], '(Did you mean --base?)'],
    [['explain'], "missing required argument 'picture|code'"],
    [['pick', 'hero'], "missing required argument 'number'"],
    [['generate', '--budget', 'abc'], 'Write an amount in US dollars, such as 2.50.'],
    [['generate', '--budget', ''], 'Write an amount in US dollars'],
    [['generate', '--budget', '-1'], 'Write an amount in US dollars'],
    [['generate', '--concurrency', '1.5'], 'Write a whole number from 1.'],
    [['generate', '--shard', '5/4'], '--shard is "5/4"'],
    [['plan', '--format', 'html'], 'Allowed choices are table, markdown'],
    [['plan', '--model', 'nano-bananna'], 'Did you mean "nano-banana"?'],
    [['plan', '--root', 'nowhere'], 'there is no such folder'],
    [['init', '--root', 'package.json'], 'there is no such folder'],
    [['doctor', '--root', 'nowhere'], 'there is no such folder'],
  ])('%s', async (args, expected) => {
    const site = await siteOf(plain('one'))
    const { code, stdout, stderr } = await runCommand(site.root, args)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(expected)
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  test('a fault that nobody foresaw says so, in one document as well', async () => {
    const site = await siteOf(plain('one'), {
      'gemini-image.config.mjs': `export default { provider: {
        name: { toString() { throw new TypeError('odd') } }, generate() {}, async listModels() { return [] } } }`,
    })
    const { code, report, stderr } = await runJson(site, ['doctor'])
    expect(code).toBe(1)
    expect(report).toMatchObject({ error: { code: 'DEFECT' } })
    expect(stderr).toMatch(/^DEFECT\n[^]*TypeError: odd/)
  })
})

describe('help', () => {
  test('names all commands and the exit codes', async () => {
    const site = await siteOf({})
    const { code, stdout } = await runCli(site.root, ['--help'])
    expect(code).toBe(0)
    for (const [name] of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    expect(stdout).toMatch(/Exit codes:\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}130 /)
    expect((await runCli(site.root, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test.each(['plan', 'status', 'verify', 'outdated', 'upgrade', 'watch'])(
    'of %s names its own',
    async (name) => {
      const site = await siteOf({})
      const { code, stdout } = await runCommand(site.root, [name, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain(`Usage: gemini-image ${name}`)
      expect(stdout).toContain('Exit codes:')
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    },
  )
})

describe('colours', () => {
  test('are for terminals, unless somebody asks for them or forbids them', async () => {
    const site = await siteOfTwo()
    const outputOf = async (env: Record<string, string>): Promise<string> =>
      (await runCommand(site.root, ['plan'], { NO_COLOR: '', ...env })).output
    expect(await outputOf({})).not.toMatch(ESCAPE)
    expect(await outputOf({ FORCE_COLOR: '1' })).toMatch(ESCAPE)
    expect((await inTerminal(site, ['plan'])).screen).toMatch(ESCAPE)
    expect((await inTerminal(site, ['plan'], { env: { NO_COLOR: '1' } })).screen).not.toMatch(
      ESCAPE,
    )
    const document = await runCommand(site.root, ['plan', '--json'], {
      NO_COLOR: '',
      FORCE_COLOR: '1',
    })
    expect(document.output).not.toMatch(ESCAPE)
  })
})

describe('progress', () => {
  const names = ['a', 'b', 'c', 'd']

  test('on a terminal is a bar with the count, the dollars and the time left', async () => {
    const gemini = await startGemini({ latency: 150 })
    const site = await siteOf(plain(...names))
    const args = ['generate', '--yes', '--concurrency', '1']
    const { code, screen } = await inTerminal(site, args, { env: keyed(gemini) })
    expect(code).toBe(0)
    expect(screen).toMatch(/█{12}░{12} {2}2 of 4 {2}\$0\.\d+ {2}about \d+ s left/)
    expect(screen).toMatch(/4 pictures generated for \$0\.\d+/)
    const narrow = await siteOf(plain(...names.map((name) => `${name}${name}`)))
    const small = await inTerminal(narrow, args, { env: keyed(gemini), columns: 30 })
    expect(small.code).toBe(0)
    expect(small.screen).toMatch(/2 of 4 {2}\$0\.\d+/)
    // oxlint-disable-next-line no-control-regex
    const shown = small.screen.split(/\u001B\[\d[GK]|\r?\n/).filter((line) => / of 4 /.test(line))
    for (const line of shown) expect(line.length).toBeLessThan(30)
  })

  test('elsewhere is a few plain lines', async () => {
    const gemini = await startGemini()
    const site = await siteOf(plain(...names))
    const { stderr } = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
    expect(stderr).not.toMatch(/[█\r]/)
    expect(stderr).not.toMatch(ESCAPE)
    expect(stderr).toMatch(/^1 of 4 {2}\$0\.\d+ {2}about \d+ s left$/m)
    expect(stderr).toMatch(/^4 of 4 {2}\$0\.\d+$/m)
    const other = await siteOf(plain('e', 'f'))
    const env = { ...keyed(gemini), CI: 'true', GEMINI_IMAGE_MODE: 'auto' }
    const inCi = await inTerminal(other, ['generate', '--yes'], { env })
    expect(inCi.screen).toMatch(/^2 of 2 {2}\$/m)
    expect(inCi.screen).not.toContain('█')
  })
})

describe('tables', () => {
  const long = `src/${'very-long-folder-name/'.repeat(6)}hero`

  /** What stands on the screen, line by line. */
  function linesOf(screen: string): string[] {
    // oxlint-disable-next-line no-control-regex
    return screen.replaceAll(/\u001B\[[\d;]*m/g, '').split(/\r?\n/)
  }

  test('shorten paths to fit a narrow terminal, and nowhere else', async () => {
    const gemini = await startGemini()
    const site = await siteOf(plain('one'))
    await site.write(`${long}.prompt.md`, promptFile('hero'))
    await site.write('src/more.js', `import '/${long}.prompt.md?gemini-image'\n`)
    await drawn(site, gemini)
    const { screen } = await inTerminal(site, ['plan'], { columns: 100 })
    const row = linesOf(screen).find((line) => line.includes('hero')) ?? ''
    expect(row).toMatch(/…[\w/-]+hero\.prompt\.md:5:1 /)
    expect(row.length).toBeLessThanOrEqual(100)
    const { stdout } = await runCommand(site.root, ['plan'])
    expect(stdout).toContain(`${long}.prompt.md:5:1`)
    const status = await inTerminal(site, ['status'], { columns: 60 })
    expect(status.code).toBe(0)
    expect(status.screen).toContain('2 pinned')
  })

  test('line up whatever the script', async () => {
    const site = await siteOf(plain('plain', '狐の絵', 'ｗｉｄｅ'))
    const planned = (await runCommand(site.root, ['plan'])).stdout.split('\n')
    const columns = planned
      .filter((line) => line.startsWith('missing'))
      .map((line) => {
        const before = line.slice(0, line.indexOf('gemini-'))
        const wide = before.match(/[狐の絵ｗｉｄｅ]/gu)?.length ?? 0
        return before.length + wide
      })
    expect(new Set(columns).size).toBe(1)
  })
})

test('whoever has read enough may go', async () => {
  const site = await siteOf(plain(...Array.from({ length: 300 }, (_, index) => `picture-${index}`)))
  const command = `'${process.execPath}' '${CLI}' plan | head -n 1; exit \${PIPESTATUS[0]}`
  const { output } = await start(['-c', command], site.root, {}, '/bin/bash').ended
  expect(output).toMatch(/^STATE/)
  expect(output).not.toMatch(/EPIPE|at /)
})

test('status tells how the project stands', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('one', 'two')), gemini)
  await site.write('src/two.prompt.md', promptFile('three'))
  await site.write('gemini-image.config.mjs', 'export default {}\n')
  const { code, report } = await runJson(site, ['status'], keyed(gemini))
  expect(code).toBe(2)
  expect(report).toMatchObject({
    root: site.root,
    config: 'gemini-image.config.mjs',
    mode: 'auto',
    canGenerate: true,
    pictures: { pinned: 1, missing: 1, stale: 0, unused: 1 },
    pinned: { count: 2, models: { 'gemini-nano-banana-2.1': 2 } },
    problems: 0,
  })
  expect(report.pinned.bytes).toBeGreaterThan(100)
  const keyless = await runCommand(site.root, ['status'])
  expect(keyless.stdout).toContain('auto, without a key')
})

test('Ctrl-C ends also what waits for another process', async () => {
  const gemini = await startGemini({ latency: 30_000 })
  const site = await siteOf(plain('one'))
  const first = startCli(site.root, ['generate', '--yes'], keyed(gemini))
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 30_000 })
  const second = startCli(site.root, ['generate', '--yes', '--json'], keyed(gemini))
  let said = ''
  second.child.stderr?.on('data', (text: string) => (said += text))
  await vi.waitUntil(() => said.includes('waiting for another process'), { timeout: 30_000 })
  second.child.kill('SIGINT')
  const { code, stdout } = await second.ended
  expect(first.child.exitCode).toBeNull()
  expect(code).toBe(130)
  expect(JSON.parse(stdout)).toMatchObject({ generated: 0, isInterrupted: true })
  first.child.kill('SIGKILL')
  await first.ended
  expect(gemini.requests).toHaveLength(1)
})

test('a plan loads neither the watcher, nor sharp, nor what reads odd configuration files', async () => {
  const site = await siteOf(plain('one'), {
    'gemini-image.config.ts': 'const budget: number = 2\nexport default { budget }\n',
    'loaded.mjs': `import { registerHooks } from 'node:module'
      import { writeFileSync } from 'node:fs'
      const loaded = []
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context) } })
      process.on('exit', () => writeFileSync('loaded.json', JSON.stringify(loaded)))\n`,
  })
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(site.path('loaded.mjs')).href}` }
  const { stdout } = await runCli(site.root, ['plan', '--json'], env)
  expect(JSON.parse(stdout).missing).toBe(1)
  const loaded: string[] = JSON.parse(await site.read('loaded.json'))
  expect(loaded.some((url) => url.includes('gemini-image/') || url.includes('packages/cli'))).toBe(
    true,
  )
  expect(loaded.filter((url) => /chokidar|sharp/.test(url))).toEqual([])
})

test('where sharp does not load, nothing is paid for', async () => {
  const gemini = await startGemini()
  const site = await siteOf(plain('one'), {
    'broken.mjs': `import { registerHooks } from 'node:module'
      const resolve = (specifier, context, next) => {
        if (specifier === 'sharp') throw new Error('sharp is not there for this platform')
        return next(specifier, context)
      }
      registerHooks({ resolve })\n`,
  })
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(site.path('broken.mjs')).href}` }
  const args = ['generate', '--yes', '--budget', '1']
  const { code, output } = await runCli(site.root, args, { ...keyed(gemini), ...env })
  expect(code).toBe(1)
  expect(output).toContain('sharp is not there for this platform')
  expect(gemini.requests).toEqual([])
})
