import { chmod, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { startGemini } from '../support/gemini.ts'
import { CLI, runCli, start, startCli } from '../support/process.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

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
  calls = 1,
): Promise<string> {
  gemini.setLatency(1000)
  const { ended } = startCli(site.root, ['generate', '--yes'], env)
  await vi.waitUntil(() => gemini.requests.length === calls, { timeout: 20_000 })
  await spoil()
  const { code, output } = await ended
  expect(code).toBe(1)
  gemini.setLatency(0)
  return output
}

/** The name of the folder in the temporary one. */
function salvageName(): string {
  return `gemini-image-${process.getuid?.() ?? 'salvage'}`
}

/** The files that wait to be stored. */
async function keptIn({ temporary }: Stage): Promise<string[]> {
  const entries = await readdir(temporary, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((one) => path.join(one.parentPath, one.name))
}

test.for([
  ['gemini-image.lock', 'a newer version of the lockfile', 'CORRUPT_LOCKFILE'],
  ['.gemini-image/.gitignore/folder', 'a folder in the place of .gitignore', 'WRITE_FAILED'],
] as const)('amid a call, %s becomes %s: the paid picture is kept', async ([file, , code]) => {
  const one = await stage()
  const { site, gemini, env } = one
  const output = await spoilAmid(one, () => site.write(file, 'version: 9\n'))
  expect(output).toContain(code)
  expect(output).toContain('is paid for')
  expect(await keptIn(one)).toHaveLength(1)
  await site.remove(file.startsWith('.') ? '.gemini-image' : file)
  expect(await runCli(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(1)
  expect(await keptIn(one)).toEqual([])
})

test.for([
  ['saved', 'kept in '],
  ['lost', 'could not be kept anywhere else: it is lost.'],
] as const)('every picture that is %s is named, in one error', async ([how, words]) => {
  const names = ['one', 'two', 'three']
  const one = await stage({
    'main.js': names.map((name) => `import './${name}.prompt.md?gemini-image'\n`).join(''),
    ...Object.fromEntries(names.map((name) => [`${name}.prompt.md`, promptFile(name)])),
  })
  const spoil = async (): Promise<void> => {
    await one.site.write('gemini-image.lock', 'version: 9\n')
    if (how === 'lost') await writeFile(path.join(one.temporary, salvageName()), 'in the way')
  }
  const output = await spoilAmid(one, spoil, 3)
  for (const name of names) {
    expect(output).toMatch(
      new RegExp(`^ +${name}\\.prompt\\.md is paid for \\(\\$0\\.0\\d+\\) and ${words}`, 'm'),
    )
  }
  expect(output.match(/What to do:/g)).toHaveLength(1)
  expect(await keptIn(one)).toHaveLength(how === 'saved' ? 3 : 1)
})

test('what was kept is no fresher than its answer, and nothing secret is in it', async () => {
  const one = await stage({
    ...ONE,
    'one.prompt.md': promptFile('One', { fresh: '1d', grounding: '{ web: true }' }),
  })
  const { site, gemini, env } = one
  await spoilAmid(one, () => site.write('gemini-image.lock', 'version: 9\n'))
  await site.remove('gemini-image.lock')
  const [file = ''] = await keptIn(one)
  const text = await readFile(file, 'utf8')
  expect(text).not.toContain(env['GEMINI_API_KEY'])
  const { answered } = JSON.parse(text) as { answered: string }
  await writeFile(file, text.replace(answered, '2020-01-01T00:00:00Z'))
  expect(await runCli(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
  expect(gemini.requests).toHaveLength(2)
  expect(await keptIn(one)).toEqual([])
})

test('what lies in a folder that others may write to is not taken', async () => {
  const one = await stage()
  const { site, gemini, env, temporary } = one
  await spoilAmid(one, () => site.write('gemini-image.lock', 'version: 9\n'))
  await site.remove('gemini-image.lock')
  const [folder = ''] = await readdir(temporary)
  await chmod(path.join(temporary, folder), 0o777)
  expect(await runCli(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
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
  const { code, output } = await runCli(site.root, ['generate', '--yes'], env)
  expect(code).toBe(1)
  expect(output).toContain('leads nowhere')
  expect(gemini.requests).toEqual([])
})
