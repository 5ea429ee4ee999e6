import { describe, expect, test } from 'vitest'
import type { Answered, Fault } from '../fake-gemini/server.ts'
import { prompt, setBatchStage, type BatchStage } from './stage.ts'

const five = ['one', 'two', 'three', 'four', 'five']

/** Five pictures in one job. */
async function submitFive(): Promise<BatchStage> {
  const stage = await setBatchStage(Object.fromEntries(five.map((name) => [name, prompt(name)])))
  const { failures } = await stage.batches().submit(stage.files(...five))
  expect(failures).toEqual([])
  return stage
}

function codes(failures: readonly { readonly code: string }[]): string[] {
  return failures.map(({ code }) => code)
}

describe('partial failures', () => {
  test('what is blocked or refused is told at its place, and the rest lands', async () => {
    const stage = await submitFive()
    stage.gemini.fault({ kind: 'blocked', match: /^one$/, on: 'batchLine' })
    stage.gemini.fault({ kind: 'unavailable', match: /^two$/, on: 'batchLine' })
    stage.gemini.fault({ kind: 'text-only', match: /^three$/, on: 'batchLine' })
    const { landed, failures, missing, spent, closed } = await stage.batches().collect()
    expect(landed.map(({ place }) => place.path).toSorted()).toEqual([
      'five.prompt.md',
      'four.prompt.md',
    ])
    const told = failures.map(({ code, place }) => `${code} ${place?.path}:${place?.line}`)
    expect(told.toSorted()).toEqual([
      'BLOCKED one.prompt.md:4',
      'NO_IMAGE three.prompt.md:4',
      'PROVIDER_UNAVAILABLE two.prompt.md:4',
    ])
    expect({ missing, closed: closed.length }).toEqual({ missing: [], closed: 1 })
    // What was blocked has cost its prompt and its thoughts.
    expect(spent).toBeGreaterThan(landed.reduce((sum, { entry }) => sum + entry.cost, 0))
    expect(await stage.record()).toBe('')
    // What the model refused is not asked for again, in a batch or without one, before a person wants it.
    const { jobs, refused } = await stage.batches().submit(stage.files(...five))
    expect(jobs[0]?.items.map(({ place }) => place.path)).toEqual(['two.prompt.md'])
    expect(refused.map(({ place }) => place.path)).toEqual(['one.prompt.md', 'three.prompt.md'])
  })

  test('a picture that comes as a thought alone is kept as a draft', async () => {
    const stage = await submitFive()
    const change = ({ candidates: [{ content }] }: Answered): void => {
      for (const part of content.parts) part.thought = true
    }
    stage.gemini.fault({ kind: 'odd', match: /^two$/, on: 'batchLine', change })
    const { landed, failures } = await stage.batches().collect()
    expect(landed).toHaveLength(4)
    expect(codes(failures)).toEqual(['NO_IMAGE'])
    expect(failures[0]?.fix).toContain('npx gemini-image pick "two.prompt.md" --draft 1')
    expect(await stage.site.list('node_modules/.cache/gemini-image/drafts')).toHaveLength(2)
    expect(await stage.pinned()).toHaveLength(4)
  })

  test('a request without an answer is told as missing, and asked for anew', async () => {
    const stage = await submitFive()
    stage.gemini.batches.tamper((lines) => lines.slice(2))
    const { landed, failures, missing } = await stage.batches().collect()
    expect(landed).toHaveLength(3)
    expect(missing).toHaveLength(2)
    expect(codes(failures)).toEqual(['BATCH_FAILED'])
    for (const { place } of missing) expect(failures[0]?.message).toContain(place.path)
    expect((await stage.batches().submit(stage.files(...five))).jobs[0]?.items).toHaveLength(2)
  })

  test('a key that comes twice lands once, and a stranger’s not at all', async () => {
    const stage = await submitFive()
    const stranger = JSON.stringify({ key: 'f'.repeat(64), response: {} })
    const noKey = JSON.stringify({ response: {} })
    const refusals = (lines: readonly string[]): string[] =>
      lines.map((line) => JSON.stringify({ key: JSON.parse(line).key, error: { code: 13 } }))
    stage.gemini.batches.tamper((lines) => [
      ...refusals(lines),
      stranger,
      noKey,
      'not JSON',
      ...lines,
      ...lines,
    ])
    const { landed, failures, missing } = await stage.batches().collect()
    expect({ failures, missing }).toEqual({ failures: [], missing: [] })
    expect(landed).toHaveLength(5)
    expect(await stage.site.list('.gemini-image')).toHaveLength(5)
  })
})

describe('jobs that fail', () => {
  test.for([
    { state: 'FAILED', message: 'Out of paint.', says: 'Google said: Out of paint.' },
    { state: 'EXPIRED', says: 'had not ended within 48 hours' },
  ] as const)('$state: all is told as missing, and asked for anew', async ({ says, ...fate }) => {
    const stage = await submitFive()
    stage.gemini.batches.steer({ ...fate, answered: 2 })
    const { landed, missing, failures, closed } = await stage.batches().collect()
    expect(codes(failures)).toEqual(['BATCH_FAILED'])
    expect(failures[0]?.message).toContain(says)
    expect(failures[0]?.place?.path).toBe(missing[0]?.place.path)
    expect([landed.length, missing.length, closed.length]).toEqual([2, 3, 1])
    expect((await stage.batches().pending()).size).toBe(0)
    expect((await stage.batches().submit(stage.files(...five))).jobs[0]?.items).toHaveLength(3)
  })

  test('a cancelled job lands what was drawn until then', async () => {
    const stage = await submitFive()
    stage.gemini.batches.steer({ state: 'held', answered: 2 })
    const [id = ''] = (await stage.batches().show()).map((job) => job.id)
    const unknown = await stage.batches().cancel(['gemini-image-nobody'])
    expect(codes(unknown.failures)).toEqual(['BATCH_NOT_FOUND'])
    const cancelled = await stage.batches().cancel([id])
    expect(cancelled).toMatchObject({ closed: [id], running: [], failures: [] })
    expect([cancelled.landed.length, cancelled.missing.length]).toEqual([2, 3])
    expect(stage.gemini.batches.jobs[0]?.state).toBe('CANCELLED')
    expect(await stage.record()).toBe('')
  })

  test('a job that the server does not know stays, until it is given up', async () => {
    const stage = await submitFive()
    stage.gemini.batches.forget(stage.gemini.batches.jobs[0]?.name ?? '')
    expect(codes((await stage.batches().collect()).failures)).toEqual(['BATCH_NOT_FOUND'])
    const [status] = await stage.batches().show()
    expect(status?.problem?.code).toBe('BATCH_NOT_FOUND')
    expect((await stage.batches().pending()).size).toBe(5)
    const given = await stage.batches().cancel()
    expect([given.missing.length, given.closed.length]).toEqual([5, 1])
    expect((await stage.batches().pending()).size).toBe(0)
  })

  test('a job whose time is long over is pending no more, and is closed', async () => {
    const stage = await submitFive()
    const old = (await stage.record()).replaceAll(
      /"created":"[^"]+"/g,
      '"created":"2026-01-01T00:00:00Z"',
    )
    await stage.site.write('gemini-image.batch', old)
    stage.gemini.batches.forget(stage.gemini.batches.jobs[0]?.name ?? '')
    expect((await stage.batches().pending()).size).toBe(0)
    const { failures, missing } = await stage.batches().collect()
    expect(codes(failures)).toEqual(['BATCH_FAILED'])
    expect(missing).toHaveLength(5)
    expect(await stage.record()).toBe('')
  })
})

describe('downloads', () => {
  test.for<Fault>([
    { kind: 'truncated', on: 'download' },
    { kind: 'cut-short', on: 'download', share: 0.4 },
    { kind: 'reset', on: 'download' },
    { kind: 'unavailable', on: 'download' },
  ])('$kind: is tried again', async (fault) => {
    const stage = await submitFive()
    stage.gemini.fault(fault)
    expect(await stage.batches().collect()).toMatchObject({ failures: [], missing: [] })
    expect(stage.count('download')).toBe(2)
    expect(await stage.pinned()).toHaveLength(5)
  })

  test.for<Fault>([
    { kind: 'truncated', on: 'download', times: Infinity },
    { kind: 'cut-short', on: 'download', times: Infinity, share: 0.6 },
  ])('$kind for good: what is whole lands, the rest stays', async (fault) => {
    const stage = await submitFive()
    stage.gemini.fault(fault)
    const run = { options: { attempts: 2 } }
    const first = await stage.batches(run).collect()
    expect(codes(first.failures)).toEqual(['BATCH_INCOMPLETE'])
    expect(first).toMatchObject({ missing: [], closed: [] })
    const count = first.landed.length
    expect(count).toBeGreaterThan(0)
    expect(count).toBeLessThan(5)
    expect((await stage.batches().pending()).size).toBe(5 - count)
    stage.gemini.reset()
    const second = await stage.batches(run).collect()
    expect(second).toMatchObject({ failures: [], missing: [], kept: [] })
    expect(second.landed).toHaveLength(5 - count)
    expect(await stage.site.list('node_modules/.cache/gemini-image/batch')).toEqual([])
  })

  test.for<Fault>([
    { kind: 'unavailable', on: 'download' },
    { kind: 'server-error', status: 410, on: 'download' },
    { kind: 'cut-short', on: 'download' },
    { kind: 'unavailable', on: 'getBatch' },
  ])('%o: told where a picture of the job is declared', async (fault) => {
    const stage = await submitFive()
    stage.gemini.fault({ ...fault, times: Infinity })
    const run = { options: { attempts: 1 } }
    const { failures } = await stage.batches(run).collect()
    expect(failures).toHaveLength(1)
    expect(failures[0]?.place).toMatchObject({
      path: expect.stringMatching(/\.prompt\.md$/),
      line: 4,
    })
    if (fault.on !== 'getBatch') return
    const [status] = await stage.batches(run).show()
    expect(status?.problem?.place).toMatchObject({ line: 4 })
  })

  test('one that ends between two lines is not taken for the whole', async () => {
    const stage = await submitFive()
    const lines: string[] = []
    stage.gemini.batches.tamper((all) => {
      lines.push(...all)
      return all
    })
    stage.gemini.batches.steer({ state: 'SUCCEEDED' })
    await stage.batches().show()
    const whole = Buffer.byteLength(lines.map((line) => `${line}\n`).join(''))
    const part = Buffer.byteLength(
      lines
        .slice(0, 2)
        .map((line) => `${line}\n`)
        .join(''),
    )
    stage.gemini.fault({ kind: 'cut-short', on: 'download', share: (part + 0.5) / whole })
    expect(await stage.batches().collect()).toMatchObject({ failures: [], missing: [] })
    expect(await stage.pinned()).toHaveLength(5)
  })

  const nameless = (answer: Answered): void => {
    delete answer.metadata.output
    delete answer.response
  }

  test.for<[Fault, code: string]>([
    [{ kind: 'not-found', on: 'download' }, 'BATCH_NOT_FOUND'],
    [{ kind: 'not-found', on: 'getBatch' }, 'BATCH_NOT_FOUND'],
    [{ kind: 'odd', on: 'getBatch', change: nameless }, 'BATCH_INCOMPLETE'],
    [{ kind: 'server-error', status: 403, on: 'download' }, 'INVALID_KEY'],
  ])('%o: the job is kept, and what is paid for lands the next time', async ([fault, code]) => {
    const stage = await submitFive()
    stage.gemini.batches.steer({ state: 'SUCCEEDED' })
    await stage.batches().show()
    stage.gemini.fault({ ...fault, times: 4 })
    const first = await stage.batches({ options: { attempts: 1 } }).collect()
    expect(first).toMatchObject({ landed: [], missing: [], closed: [] })
    expect(codes(first.failures)).toEqual([code])
    expect((await stage.batches().submit(stage.files(...five))).pending).toHaveLength(5)
    stage.gemini.reset()
    const second = await stage.batches().collect()
    expect(second).toMatchObject({ missing: [], failures: [] })
    expect(second.landed).toHaveLength(5)
    expect(stage.count('createBatch')).toBe(0)
  })

  test('results that are not found can be given up, and are told when their time is over', async () => {
    const given = await submitFive()
    given.gemini.fault({ kind: 'not-found', on: 'download', times: Infinity })
    const cancelled = await given.batches().cancel()
    expect([cancelled.missing.length, cancelled.closed.length]).toEqual([5, 1])

    const late = await submitFive()
    const old = '"created":"2026-01-01T00:00:00Z"'
    const record = (await late.record()).replaceAll(/"created":"[^"]+"/g, old)
    await late.site.write('gemini-image.batch', record)
    late.gemini.fault({ kind: 'not-found', on: 'download', times: Infinity })
    const { failures, missing } = await late.batches().collect()
    expect(codes(failures)).toEqual(['BATCH_NOT_FOUND', 'BATCH_FAILED'])
    expect(missing).toHaveLength(5)
  })
})

describe('a key that is not accepted', () => {
  test('is told once, and every job stays', async () => {
    const stage = await setBatchStage({ a: prompt('A'), b: prompt('B', 'model: nano-banana-pro') })
    await stage.batches().submit(stage.files('a', 'b'))
    const record = await stage.record()
    const env = { GEMINI_API_KEY: 'invalid-key', GOOGLE_GEMINI_BASE_URL: stage.gemini.url }
    const { failures, closed } = await stage.batches({ env }).collect({ wait: true })
    expect([codes(failures), closed]).toEqual([['INVALID_KEY'], []])
    expect(await stage.record()).toBe(record)
    const [status] = await stage.batches({ env: {} }).show()
    expect(status).toMatchObject({ state: 'pending', problem: undefined })
  })

  test('a server that is down for a while ends no waiting', async () => {
    const stage = await submitFive()
    stage.gemini.fault({ kind: 'unavailable', on: 'getBatch', times: 3 })
    const run = { options: { attempts: 1 } }
    const summary = await stage.batches(run).collect({ wait: true, firstPause: 1, longestPause: 1 })
    expect(summary).toMatchObject({ failures: [], running: [] })
    expect(summary.landed).toHaveLength(5)
    expect(stage.log.filter((line) => line.includes('looked at again'))).toHaveLength(3)
  })
})

describe('landing', () => {
  test('twice lands nothing twice and costs nothing', async () => {
    const stage = await submitFive()
    const record = await stage.record()
    await stage.batches().collect()
    const before = await stage.site.read('gemini-image.lock')
    expect(await stage.batches().collect()).toMatchObject({ landed: [], spent: 0, failures: [] })
    // As after a kill between the last landing and the end of the record.
    await stage.site.write('gemini-image.batch', record)
    const again = await stage.batches().collect()
    expect(again).toMatchObject({ landed: [], failures: [], missing: [], spent: 0 })
    expect(again.kept).toHaveLength(5)
    expect(await stage.site.read('gemini-image.lock')).toBe(before)
    expect(await stage.record()).toBe('')
  })

  test('what was pinned meanwhile stays, and a declaration that was edited lands all the same', async () => {
    const stage = await submitFive()
    await stage.site.write('main.js', `import './one.prompt.md?gemini-image'\n`)
    // Somebody pays for it who does not have the record: another branch, merged since.
    const record = await stage.site.read('gemini-image.batch')
    await stage.site.remove('gemini-image.batch')
    await stage.prepare()
    await stage.site.write('gemini-image.batch', record)
    const live = await stage.site.read('gemini-image.lock')
    await stage.site.remove('two.prompt.md')
    await stage.site.write('three.prompt.md', prompt('Another prompt'))
    const { landed, kept, failures } = await stage.batches().collect()
    expect(failures).toEqual([])
    expect(kept.map(({ place }) => place.path)).toEqual(['one.prompt.md'])
    expect(landed.map(({ place }) => place.path)).toContain('two.prompt.md')
    expect(landed).toHaveLength(4)
    const [line = ''] = live.match(/^ {2}[0-9a-f]{64}: .*$/m) ?? []
    expect(await stage.site.read('gemini-image.lock')).toContain(line)
    expect(await stage.site.list('.gemini-image')).toContainEqual(expect.stringMatching(/^two\./))
  })

  test('a stale picture is replaced by its answer', async () => {
    const stage = await setBatchStage({
      news: prompt('News', 'grounding: { web: true }\nfresh: 1d'),
    })
    await stage.batches().submit(stage.files('news'))
    await stage.batches().collect()
    const lock = await stage.site.read('gemini-image.lock')
    const old = lock.replace(/"created":"[^"]+"/, '"created":"2026-01-01T00:00:00Z"')
    await stage.site.write('gemini-image.lock', old)
    expect((await stage.batches().submit(stage.files('news'))).jobs).toHaveLength(1)
    expect(await stage.batches().collect()).toMatchObject({ landed: [{}], kept: [] })
    expect(await stage.site.read('gemini-image.lock')).not.toContain('2026-01-01')
  })

  test('a disk that cannot be written to loses no result', async () => {
    const stage = await submitFive()
    await stage.site.write('.gemini-image', 'A file where the folder should be')
    const failed = await stage.batches({ options: { concurrency: 1 } }).collect()
    expect(codes(failed.failures)).toEqual(['WRITE_FAILED'])
    expect(failed).toMatchObject({ landed: [], missing: [], closed: [] })
    await stage.site.remove('.gemini-image')
    expect((await stage.batches().collect()).landed).toHaveLength(5)
  })
})
