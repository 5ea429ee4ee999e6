import { expect, test, vi } from 'vitest'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { startCli, startVite, viteConfig } from '../support/process.ts'
import { createSite, pageOf, promptFile, type Site } from '../support/site.ts'
import { KEY, keyed } from '../support/vite.ts'

const NAMES = ['one', 'two', 'three']

interface Bench {
  readonly site: Site
  readonly gemini: FakeGemini
  /** Runs the command, and gives what it printed to be read by programs. */
  run(
    ...args: string[]
  ): Promise<{ code: number | null; report: Record<string, unknown>; output: string }>
}

async function bench(): Promise<Bench> {
  const gemini = await startGemini({ batch: { polls: 1 } })
  const prompts = NAMES.map((name) => [`src/${name}.prompt.md`, promptFile(name)])
  const site = await createSite({
    ...pageOf(NAMES),
    ...viteConfig(),
    ...Object.fromEntries(prompts),
  })
  return {
    site,
    gemini,
    run: async (...args) => {
      const { code, output, stdout } = await runCommand(
        site.root,
        [...args, '--json'],
        keyed(gemini),
      )
      expect(output).not.toContain(KEY)
      return { code, output, report: JSON.parse(stdout) as Record<string, unknown> }
    },
  }
}

test('a batch is submitted, shown, waited for and collected, at half the price', async () => {
  const { site, gemini, run } = await bench()
  gemini.batches.steer({ state: 'held' })
  const submitted = await run('generate', '--batch', '--yes')
  expect(submitted.code).toBe(0)
  expect(submitted.report).toMatchObject({
    jobs: [{ model: 'gemini-nano-banana-2.1' }],
    failures: [],
  })
  expect(await site.list('.')).toContain('gemini-image.batch')
  const shown = await runCommand(site.root, ['batch'], keyed(gemini))
  expect(shown.output).toMatch(/gemini-image-\S+ +\w+ +0 of 3 +gemini-nano-banana-2\.1 +\$0\.05/)
  const planned = await run('plan')
  expect(planned).toMatchObject({ code: 2, report: { missing: 0, pending: 3, total: { most: 0 } } })
  expect(await run('status')).toMatchObject({ code: 2, report: { pictures: { pending: 3 } } })
  const early = await run('batch', 'collect')
  expect(early.code).toBe(2)
  expect(early.report).toMatchObject({ landed: [], running: [expect.any(String)] })
  gemini.batches.steer({ state: 'auto' })
  const collected = await run('batch', 'collect')
  expect(collected).toMatchObject({ code: 0, report: { running: [], missing: [] } })
  expect(collected.report['landed']).toHaveLength(3)
  const plan = await run('plan')
  expect(plan).toMatchObject({ code: 0, report: { pinned: 3, missing: 0 } })
  const { report } = await run('status')
  const { cost } = report['pinned'] as { cost: number }
  expect(cost).toBeGreaterThan((3 * 0.0336) / 2)
  expect(cost).toBeLessThan((3 * 0.042) / 2)
  expect(await site.list('.')).not.toContain('gemini-image.batch')
})

test('while it is open nobody pays for the same pictures: not a second batch, a command or a build', async () => {
  const { site, gemini, run } = await bench()
  gemini.batches.steer({ state: 'held' })
  await run('generate', 'one', 'two', '--batch', '--yes')
  const unasked = await run('generate')
  expect(unasked.report).toMatchObject({
    error: { message: expect.stringMatching(/Generate 1 picture for about \$0\.03/) },
  })
  const second = await run('generate', '--batch', '--yes')
  expect(second.report).toMatchObject({
    jobs: [{ items: [{ place: { path: 'src/three.prompt.md' } }] }],
  })
  expect(second.report['pending']).toHaveLength(2)
  const third = await run('generate', '--batch', '--yes')
  expect(third.report).toMatchObject({ jobs: [] })
  const live = await runCommand(site.root, ['generate', '--yes'], keyed(gemini))
  expect(live).toMatchObject({ code: 1, output: expect.stringContaining('BATCH_PENDING') })
  const build = await startVite(site.root, ['build'], keyed(gemini)).ended
  expect(build).toMatchObject({ code: 1, output: expect.stringContaining('BATCH_PENDING') })
  const standIns = { ...keyed(gemini), GEMINI_IMAGE_MODE: 'placeholder' }
  expect(await startVite(site.root, ['build'], standIns).ended).toMatchObject({ code: 0 })
  expect(gemini.requests.filter(({ path }) => path.includes(':generateContent'))).toEqual([])
  const cancelled = await run('batch', 'cancel')
  expect(cancelled.report['missing']).toHaveLength(3)
  expect(await runCommand(site.root, ['generate', '--yes'], keyed(gemini))).toMatchObject({
    code: 0,
  })
})

test('the budget is checked at half the price, and before anything is uploaded', async () => {
  const { site, gemini, run } = await bench()
  const poor = await run('generate', '--batch', '--yes', '--budget', '0.04')
  expect(poor).toMatchObject({ code: 1, report: { error: { code: 'BUDGET_EXCEEDED' } } })
  expect(gemini.requests).toEqual([])
  const enough = await run('generate', '--batch', '--yes', '--budget', '0.06')
  expect(enough.code).toBe(0)
  expect(await site.list('.')).toContain('gemini-image.batch')
})

test('waiting ends with Ctrl-C, and the job stays', async () => {
  const { site, gemini, run } = await bench()
  gemini.batches.steer({ state: 'held' })
  await run('generate', '--batch', '--yes')
  const { child, ended } = startCli(site.root, ['batch', 'collect', '--wait'], keyed(gemini))
  const before = gemini.requests.length
  await vi.waitUntil(() => gemini.requests.length > before, { timeout: 20_000 })
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect(await site.list('.')).toContain('gemini-image.batch')
})

test('without a job, and without a key, it says so', async () => {
  const { site, run } = await bench()
  expect(await run('batch')).toMatchObject({ code: 0, report: [] })
  expect(await run('batch', 'collect')).toMatchObject({ code: 0 })
  const submitted = await runCommand(site.root, ['generate', '--batch', '--yes'])
  expect(submitted).toMatchObject({ code: 1, output: expect.stringContaining('MISSING_KEY') })
})
