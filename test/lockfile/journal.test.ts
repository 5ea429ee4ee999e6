import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { CLI, start, startCli, type Running } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const JOBS = 'node_modules/.cache/gemini-image/jobs'

const ONE = {
  'main.js': "import './one.prompt.md?gemini-image'\n",
  'one.prompt.md': promptFile('One'),
}

interface Stage {
  readonly site: Site
  readonly gemini: FakeGemini
  /** The system's temporary folder. */
  readonly temporary: string
  readonly env: Record<string, string>
}

async function stage(files: Record<string, string> = ONE): Promise<Stage> {
  const gemini = await startGemini()
  const site = await createSite(files)
  const temporary = await mkdtemp(path.join(tmpdir(), 'gemini-image-test-'))
  onTestFinished(() => rm(temporary, { recursive: true, force: true }))
  return { site, gemini, temporary, env: { ...keyed(gemini), TMPDIR: temporary } }
}

/** Runs `generate`, and spoils something while the call is under way. */
async function spoilAmid(
  { site, gemini, env }: Stage,
  spoil: () => Promise<unknown>,
): Promise<string> {
  gemini.setLatency(1000)
  const { ended } = startCli(site.root, ['generate', '--yes'], env)
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
  await spoil()
  const { code, output } = await ended
  expect(code).toBe(1)
  gemini.setLatency(0)
  return output
}

/** The journal's files: a job each. */
async function jobsOf({ site }: Stage): Promise<string[]> {
  const names = (await site.list(JOBS)).filter((name) => name.endsWith('.json'))
  return names.map((name) => site.path(JOBS, name))
}

/** Waits until a job has been answered, and kills its process at that moment. */
async function killOnceAnswered(one: Stage, { child, ended }: Running): Promise<void> {
  const isAnswered = async (): Promise<boolean> => {
    const texts = await Promise.all(
      (await jobsOf(one)).map((file) => readFile(file, 'utf8').catch(() => '')),
    )
    return texts.some((text) => text.includes('"state":"answered"'))
  }
  await vi.waitUntil(isAnswered, { timeout: 20_000, interval: 1 })
  child.kill('SIGKILL')
  await ended
}

/** Moves what was answered to where answers were kept before there was a journal, as they were. */
async function salvage(one: Stage): Promise<void> {
  const [file = ''] = await jobsOf(one)
  const { state, ...rest } = JSON.parse(await readFile(file, 'utf8')) as { state: string }
  expect(state).toBe('answered')
  const project = createHash('sha256').update(one.site.root).digest('hex').slice(0, 12)
  const folder = path.join(one.temporary, `gemini-image-${process.getuid?.()}`, project)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(path.join(folder, path.basename(file)), JSON.stringify(rest))
  await rm(file)
}

test.for([
  ['gemini-image.lock', 'a newer version of the lockfile', 'CORRUPT_LOCKFILE'],
  ['.gemini-image/.gitignore/folder', 'a folder in the place of .gitignore', 'WRITE_FAILED'],
] as const)('amid a call, %s becomes %s: the paid picture is kept', async ([file, , code]) => {
  const one = await stage()
  const { site, gemini, env } = one
  const output = await spoilAmid(one, () => site.write(file, 'version: 9\n'))
  expect(output).toContain(code)
  const [kept] = await jobsOf(one)
  expect(output).toContain(`is paid for ($0.0354) and kept in ${kept}`)
  await site.remove(file.startsWith('.') ? '.gemini-image' : file)
  const again = await runCommand(site.root, ['generate', '--yes'], env)
  expect(again.code).toBe(0)
  expect(again.output).toContain('1 call of an earlier run had been answered')
  expect(gemini.requests).toHaveLength(1)
  expect(await jobsOf(one)).toEqual([])
})

test('what was answered is not paid for again, whatever became of its process', async () => {
  const one = await stage()
  const { site, gemini, env } = one
  await killOnceAnswered(one, startCli(site.root, ['generate', '--yes'], env))
  const plan = await runCommand(site.root, ['plan', '--json'], env)
  expect(JSON.parse(plan.stdout)).toMatchObject({ missing: 1, total: { least: 0, most: 0 } })
  // Neither a question nor a budget is needed.
  const again = await runCommand(site.root, ['generate', '--budget', '0'], env)
  expect(again.output).toContain('1 picture generated for $0.00')
  expect(again.code).toBe(0)
  expect(gemini.requests).toHaveLength(1)
  expect(await jobsOf(one)).toEqual([])
})

test('a batch takes over what was answered, and submits nothing for it', async () => {
  const one = await stage()
  const { site, gemini, env } = one
  await killOnceAnswered(one, startCli(site.root, ['generate', '--yes'], env))
  const batch = await runCommand(site.root, ['generate', '--batch', '--yes', '--budget', '0'], env)
  expect(batch.output).toContain('No job was submitted.')
  expect(batch.code).toBe(0)
  expect(gemini.requests).toHaveLength(1)
  expect(await jobsOf(one)).toEqual([])
  const plan = await runCommand(site.root, ['plan', '--json'], env)
  expect(JSON.parse(plan.stdout)).toMatchObject({ pinned: 1, missing: 0 })
})

test('an answer whose process died once it was pinned is kept no longer', async () => {
  const one = await stage()
  const { site, gemini, env } = one
  await killOnceAnswered(one, startCli(site.root, ['generate', '--yes'], env))
  const [kept = ''] = await jobsOf(one)
  const text = await readFile(kept)
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(0)
  await writeFile(kept, text)
  await site.write('main.js', `${ONE['main.js']}import './two.prompt.md?gemini-image'\n`)
  await site.write('two.prompt.md', promptFile('Two'))
  expect((await runCommand(site.root, ['generate', '--yes'], env)).code).toBe(0)
  expect(await jobsOf(one)).toEqual([])
  expect(gemini.requests).toHaveLength(2)
})

test('a call whose process died before the answer may have been paid for: that is told once', async () => {
  const one = await stage()
  const { site, gemini, env } = one
  gemini.setLatency(60_000)
  const { child, ended } = startCli(site.root, ['generate', '--yes'], env)
  await vi.waitUntil(() => gemini.requests.length === 1, { timeout: 20_000 })
  child.kill('SIGKILL')
  await ended
  gemini.setLatency(0)
  const again = await runCommand(site.root, ['generate', '--yes'], env)
  expect(again.output).toMatch(
    /1 call of a process that was killed may have been paid for, up to \$0\.03\d+, without an answer:\n  one\.prompt\.md:5:1  \$0\.03/,
  )
  expect(again.output).toMatch(/1 call cost \$0\.0354 .*; those of a killed process up to \$0\.03/)
  expect(again.code).toBe(0)
  expect(gemini.requests).toHaveLength(2)
  await site.write('one.prompt.md', promptFile('Two'))
  const third = await runCommand(site.root, ['generate', '--yes'], env)
  expect(third.output).not.toContain('killed')
})

test('what was kept is no fresher than its answer, and nothing secret is in it', async () => {
  const one = await stage({
    ...ONE,
    'one.prompt.md': promptFile('One', { fresh: '1d', grounding: '{ web: true }' }),
  })
  const { site, gemini, env } = one
  await spoilAmid(one, () => site.write('gemini-image.lock', 'version: 9\n'))
  await site.remove('gemini-image.lock')
  const [file = ''] = await jobsOf(one)
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain(env['GEMINI_API_KEY'])
  const { answered } = JSON.parse(text) as { answered: string }
  await writeFile(file, text.replace(answered, '2020-01-01T00:00:00Z'))
  expect(await runCommand(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(2)
  expect(await jobsOf(one)).toEqual([])
})

test('what waits in the temporary folder, where older versions kept it, is taken from there', async () => {
  const one = await stage()
  const { site, gemini, env, temporary } = one
  await killOnceAnswered(one, startCli(site.root, ['generate', '--yes'], env))
  await salvage(one)
  expect(await runCommand(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(1)
  const left = await readdir(temporary, { recursive: true, withFileTypes: true })
  expect(left.filter((entry) => entry.isFile())).toEqual([])
})

test('a draft of alternative text that was paid for and cannot be kept waits as well', async () => {
  const one = await stage({ ...ONE, 'one.prompt.md': 'One\n' })
  const { site, gemini, env } = one
  expect(await runCommand(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  await site.write('node_modules/.cache/gemini-image/alt-drafts', 'A file in the place of a folder')
  const failed = await runCommand(site.root, ['alt', '--yes'], env)
  expect(failed.output).toContain('WRITE_FAILED')
  expect(await jobsOf(one)).toHaveLength(1)
  await site.remove('node_modules/.cache/gemini-image/alt-drafts')
  const again = await runCommand(site.root, ['alt', '--yes'], env)
  expect(again.output).toContain('1 alternative text drafted for $0.00')
  expect(await site.read('one.prompt.md')).toContain('altDraft: ')
  expect(gemini.requests).toHaveLength(2)
  expect(await jobsOf(one)).toEqual([])
})

test('what lies in a folder that others may write to is not taken', async () => {
  const one = await stage()
  const { site, gemini, env, temporary } = one
  await killOnceAnswered(one, startCli(site.root, ['generate', '--yes'], env))
  await salvage(one)
  const [folder = ''] = await readdir(temporary)
  await chmod(path.join(temporary, folder), 0o777)
  expect(await runCommand(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(2)
})

test.skipIf(process.getuid?.() !== 0)('a user without a name generates as well', async () => {
  const { site, gemini, env, temporary } = await stage()
  await Promise.all([chmod(site.root, 0o777), chmod(temporary, 0o777)])
  const script = 'process.setgid(54321); process.setuid(54321); process.argv.splice(1, 1)'
  const run = `${script}; await import(${JSON.stringify(CLI)})`
  const args = ['--input-type=module', '-e', run, '--', 'x', CLI, 'generate', '--yes']
  const { code, output } = await start(args, site.root, env).ended
  expect(output).toContain('1 picture generated')
  expect(code).toBe(0)
  expect(gemini.requests).toHaveLength(1)
})

test('a store that is a link to nowhere: nothing is paid for', async () => {
  const { site, gemini, env } = await stage()
  await symlink(site.path('nowhere'), site.path('.gemini-image'))
  const { code, output } = await runCommand(site.root, ['generate', '--yes'], env)
  expect(code).toBe(1)
  expect(output).toContain('leads nowhere')
  expect(gemini.requests).toEqual([])
})
