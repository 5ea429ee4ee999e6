import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { CLI, runCli, start, startCli } from '../support/process.ts'
import { createSite, openSite, promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const ONE = {
  'package.json': '{}',
  'main.js': "import './one.prompt.md?gemini-image'\n",
  'one.prompt.md': promptFile('One'),
}
const TWO = {
  'main2.js': "import './two.prompt.md?gemini-image'\n",
  'two.prompt.md': promptFile('Two'),
}

/** What a file on a tmpfs grows by, in bytes. */
const PAGE = 4096

async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(path.join(tmpdir(), 'gemini-image-test-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** A site on a small disk of its own; mounting one takes root. */
async function siteOnDisk(megabytes: number): Promise<Site> {
  const dir = await temporaryFolder()
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir])
  onTestFinished(() => void execFileSync('umount', ['-l', dir]))
  const site = openSite(dir)
  for (const [file, content] of Object.entries(ONE)) await site.write(file, content)
  return site
}

/** Fills the disk, and leaves so many pages of it. */
async function fill(site: Site, pagesLeft = 0): Promise<void> {
  const chunk = Buffer.alloc(PAGE)
  for (let number = 0; ; number += 1) {
    const isFull = await writeFile(site.path(`filler-${number}`), chunk).then(
      () => false,
      () => true,
    )
    if (!isFull) continue
    for (let page = 0; page <= pagesLeft; page += 1) await site.remove(`filler-${number - page}`)
    return
  }
}

const canMount = process.getuid?.() === 0

test.skipIf(!canMount).for([
  { state: 'full', pagesLeft: 0, told: /project\.lock could not be written[\s\S]*ENOSPC/ },
  { state: 'too small', pagesLeft: 40, told: /MB left/ },
])(
  'a disk that is $state before the first call: nothing is paid for',
  async ({ pagesLeft, told }) => {
    const gemini = await startGemini()
    const site = await siteOnDisk(2)
    await fill(site, pagesLeft)
    const { code, output } = await runCli(site.root, ['generate', '--yes'], keyed(gemini))
    expect(code).toBe(1)
    expect(output).toMatch(/WRITE_FAILED/)
    expect(output).toMatch(told)
    expect(gemini.requests).toEqual([])
  },
)

test.skipIf(!canMount).for([
  // With the page of the call's record, the first write succeeds in part, and says so only by its count.
  { state: 'full', pagesLeft: 0, fails: /\.gemini-image\/two\.[0-9a-f]{12}\.jpg could not be/ },
  { state: 'almost full', pagesLeft: 1, fails: /gemini-image\.lock could not be written/ },
])(
  'a disk that is $state amid a call: an error that names the file, and the paid picture is kept',
  async ({ pagesLeft, fails }) => {
    const gemini = await startGemini()
    const site = await siteOnDisk(4)
    const env = { ...keyed(gemini), TMPDIR: await temporaryFolder() }
    expect(await runCli(site.root, ['generate', '--yes'], env)).toMatchObject({ code: 0 })
    const lockfile = await site.read('gemini-image.lock')
    const objects = await site.list('.gemini-image')
    for (const [file, content] of Object.entries(TWO)) await site.write(file, content)
    gemini.setLatency(1500)
    const second = startCli(site.root, ['generate', '--yes'], env)
    await vi.waitUntil(() => gemini.requests.length === 2, { timeout: 20_000 })
    await fill(site, pagesLeft)
    const { code, output } = await second.ended
    expect(code).toBe(1)
    expect(output).toMatch(/WRITE_FAILED at two\.prompt\.md/)
    expect(output).toMatch(fails)
    expect(output).toContain('ENOSPC')
    expect(output).toContain('is paid for')
    expect(await site.read('gemini-image.lock')).toBe(lockfile)
    if (pagesLeft === 0) expect(await site.list('.gemini-image')).toEqual(objects)
    for (const name of await site.list('.')) {
      if (name.startsWith('filler-')) await site.remove(name)
    }
    const third = await runCli(site.root, ['generate', '--yes'], env)
    expect(third.code).toBe(0)
    expect(gemini.requests).toHaveLength(2)
    const plan = await runCli(site.root, ['plan', '--json'], env)
    expect(JSON.parse(plan.output)).toMatchObject({ pinned: 2, missing: 0 })
    const left = await readdir(env.TMPDIR, { recursive: true, withFileTypes: true })
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual([])
  },
)

test.skipIf(!canMount)(
  'where the temporary folder is full as well, each of the pictures that are lost is named',
  async () => {
    const gemini = await startGemini({ latency: 1500 })
    const site = await siteOnDisk(12)
    const names = ['one', 'two', 'three']
    for (const name of names) {
      await site.write(`${name}.prompt.md`, promptFile(name))
      await site.write(`${name}.js`, `import './${name}.prompt.md?gemini-image'\n`)
    }
    const env = { ...keyed(gemini), TMPDIR: site.root }
    const run = startCli(site.root, ['generate', '--yes'], env)
    await vi.waitUntil(() => gemini.requests.length === 3, { timeout: 20_000 })
    await fill(site)
    const { code, output } = await run.ended
    expect(code).toBe(1)
    for (const name of names) {
      expect(output).toMatch(
        new RegExp(
          `WRITE_FAILED at ${name}\\.prompt\\.md:5:1\n(?:  .*\n)*  .*is paid for .*it is lost`,
        ),
      )
    }
  },
)

test('a file that may not grow: an error that names the file, and nothing half written', async () => {
  const gemini = await startGemini()
  const site = await createSite(ONE)
  const env = { ...keyed(gemini), TMPDIR: await temporaryFolder() }
  // In blocks of 1024 bytes: no file of ours may be larger than that.
  const limited = `ulimit -f 1 && exec "${process.execPath}" "${CLI}" generate --yes`
  const { code, output } = await start(['-c', limited], site.root, env, 'bash').ended
  expect(code).toBe(1)
  expect(output).toMatch(/\.gemini-image\/one\.[0-9a-f]{12}\.jpg could not be written/)
  expect(output).toContain('EFBIG')
  expect(output).toContain('it is lost')
  expect(await site.list('.gemini-image')).toEqual([])
  expect(await site.list('.')).not.toContain('gemini-image.lock')
})
