import path from 'node:path'
import { expect, test, vi } from 'vitest'
import { start, type Running } from '../support/process.ts'
import { keyed } from '../support/vite.ts'
import { prompt, setBatchStage, type BatchStage } from './stage.ts'

const SCRIPT = path.join(import.meta.dirname, 'run.ts')
const names = ['one', 'two', 'three', 'four', 'five']

function stageOfFive(): Promise<BatchStage> {
  return setBatchStage(Object.fromEntries(names.map((name) => [name, prompt(name)])))
}

function run(stage: BatchStage, work: 'submit' | 'collect'): Running {
  const args = [SCRIPT, work, stage.site.root, ...stage.files(...names)]
  return start(args, stage.site.root, keyed(stage.gemini))
}

test.for([
  { moment: 'after the job came into being', kind: 'slow', adopts: 1 },
  { moment: 'before the job came into being', kind: 'hang', adopts: 0 },
] as const)(
  'a submission killed amid the creation, $moment, loses no job and pays for one',
  async ({ kind, adopts }) => {
    const stage = await stageOfFive()
    stage.gemini.fault({ kind, delay: 60_000, on: 'createBatch' })
    const { child, ended } = run(stage, 'submit')
    const isDone = (): boolean =>
      stage.count('createBatch') === 1 && stage.gemini.batches.jobs.length === adopts
    await vi.waitUntil(isDone, { timeout: 20_000, interval: 10 })
    child.kill('SIGKILL')
    expect((await ended).signal).toBe('SIGKILL')
    expect(await stage.record()).toContain('"state":"submitting"')
    expect((await stage.batches().pending()).size).toBe(5)

    const again = await stage.batches().submit(stage.files(...names))
    expect([again.jobs.length, again.pending.length]).toEqual([0, 5])
    const before = await stage.batches().collect()
    expect([before.unconfirmed.length, before.running.length]).toEqual([1 - adopts, adopts])
    // Collecting adopts what is there, and leaves it to a person to create what is not.
    const resumed = await stage.batches().resume()
    expect([resumed.adopted.length, resumed.created.length]).toEqual([0, 1 - adopts])
    expect((await stage.batches().collect()).landed).toHaveLength(5)
    expect(stage.gemini.batches.jobs).toHaveLength(1)
    expect(await stage.pinned()).toHaveLength(5)
    expect(await stage.record()).toBe('')
  },
)

test('a job that was cut off while it was created is adopted, not created again', async () => {
  const stage = await stageOfFive()
  stage.gemini.batches.steer({ state: 'held' })
  stage.gemini.fault({ kind: 'slow', delay: 60_000, on: 'createBatch' })
  const { child, ended } = run(stage, 'submit')
  await vi.waitUntil(() => stage.gemini.batches.jobs.length === 1, { timeout: 20_000 })
  child.kill('SIGKILL')
  await ended
  const resumed = await stage.batches().resume()
  expect(resumed).toMatchObject({ adopted: [{}], created: [], missing: [], failures: [] })
  expect(await stage.batches().resume()).toMatchObject({ adopted: [], created: [] })
  expect(await stage.record()).toContain(`"name":"${stage.gemini.batches.jobs[0]?.name}"`)
  expect(stage.count('createBatch')).toBe(1)
})

test('collecting that is killed amid the landing lands the rest when it is run again', async () => {
  const stage = await stageOfFive()
  await stage.batches().submit(stage.files(...names))
  const { child, ended } = run(stage, 'collect')
  await vi.waitUntil(async () => (await stage.pinned()).length > 0, {
    timeout: 20_000,
    interval: 1,
  })
  child.kill('SIGKILL')
  await ended
  const { failures, missing } = await stage.batches().collect()
  expect({ failures, missing }).toEqual({ failures: [], missing: [] })
  expect(await stage.pinned()).toHaveLength(5)
  expect(await stage.site.list('.gemini-image')).toHaveLength(5)
  expect(stage.gemini.batches.jobs).toHaveLength(1)
})

test('two that collect together land each picture once', async () => {
  const stage = await stageOfFive()
  await stage.batches().submit(stage.files(...names))
  const both = await Promise.all([run(stage, 'collect').ended, run(stage, 'collect').ended])
  const summaries = both.map(({ output }) => JSON.parse(output))
  const landed = summaries.flatMap((summary) => summary.landed)
  expect(summaries.flatMap(({ failures }) => failures)).toEqual([])
  expect(landed).toHaveLength(5)
  expect(stage.count('download')).toBe(1)
})

test('two that submit together submit once', async () => {
  const stage = await stageOfFive()
  const both = await Promise.all([run(stage, 'submit').ended, run(stage, 'submit').ended])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(stage.gemini.batches.jobs.map(({ lines }) => lines.length)).toEqual([5])
})
