import { describe, expect, test } from 'vitest'
import { thrownBy } from '../errors/stage.ts'
import type { Fault } from '../fake-gemini/server.ts'
import { runCommand } from '../support/command.ts'
import { KEY, keyed } from '../support/vite.ts'
import { prompt, setBatchStage, type BatchStage } from './stage.ts'

/** Nothing was uploaded, recorded or left behind. */
async function expectUntouched(stage: BatchStage): Promise<void> {
  expect(stage.gemini.requests).toEqual([])
  expect(await stage.record()).toBe('')
  expect(await stage.site.list('node_modules/.cache/gemini-image/batch')).toEqual([])
}

test('the budget is checked for all of it, at the price of a batch, before the first upload', async () => {
  const stage = await setBatchStage({ a: prompt('A'), b: prompt('B', 'model: nano-banana-pro') })
  const error = await thrownBy(() =>
    stage.batches({ options: { budget: 0.08 } }).submit(stage.files('a', 'b')),
  )
  expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED', place: { path: 'a.prompt.md' } })
  expect(String(error)).toContain('a.prompt.md:4:1  $0.0168–$0.01')
  expect(String(error)).toContain('b.prompt.md:4:1  $0.0672–$0.07')
  await expectUntouched(stage)
  // Live, these two would cost twice as much.
  const { jobs } = await stage.batches({ options: { budget: 0.1 } }).submit(stage.files('a', 'b'))
  expect(jobs).toHaveLength(2)
})

test('an image that cannot be read stops the submission before the first upload', async () => {
  const stage = await setBatchStage({
    a: prompt('A'),
    b: prompt('B', 'references: [./missing.png]'),
  })
  const error = await thrownBy(() => stage.batches().submit(stage.files('a', 'b')))
  expect(error).toMatchObject({ code: 'REFERENCE_NOT_FOUND' })
  await expectUntouched(stage)
})

test.for<{ fault: Fault; creates: number }>([
  { fault: { kind: 'rate-limited', on: 'createBatch' }, creates: 2 },
  { fault: { kind: 'unavailable', on: 'createBatch' }, creates: 2 },
  { fault: { kind: 'reset', on: 'createBatch' }, creates: 2 },
  { fault: { kind: 'lost', on: 'createBatch' }, creates: 1 },
  { fault: { kind: 'truncated', on: 'createBatch' }, creates: 1 },
])('$fault.kind on creation: one job comes of it', async ({ fault, creates }) => {
  const stage = await setBatchStage({ a: prompt('A') })
  stage.gemini.fault(fault)
  const { jobs, failures } = await stage.batches().submit(stage.files('a'))
  expect({ failures, jobs: jobs.length }).toEqual({ failures: [], jobs: 1 })
  expect(stage.gemini.batches.jobs).toHaveLength(1)
  expect(stage.count('createBatch')).toBe(creates)
  expect(jobs[0]?.name).toBe(stage.gemini.batches.jobs[0]?.name)
})

test.for([false, true])(
  'a lost job is found on any page of the list (empty token at the end: %s)',
  async (emptyPageToken) => {
    const fake = { batch: { polls: 1, emptyPageToken } }
    const stage = await setBatchStage({ a: prompt('A') }, fake)
    await stage.batches().submit(stage.files('a'))
    const [job] = stage.gemini.batches.jobs
    const all = stage.gemini.batches.jobs as unknown[]
    for (let index = 0; index < 120; index += 1) {
      all.push({ ...job, name: `batches/other${index}`, displayName: `other ${index}` })
    }
    const record = await stage.record()
    const submitting = record
      .replace(/,"name":"[^"]+"/, '')
      .replace(/"state":"\w+"/, '"state":"submitting"')
    await stage.site.write('gemini-image.batch', submitting)
    expect(await stage.batches().resume()).toMatchObject({ adopted: [{}], created: [] })
    expect(stage.count('listBatches')).toBe(2)
    expect(await stage.record()).toContain(`"name":"${job?.name}"`)
    // Where the list does not hold it, the pager ends as well.
    await stage.site.write(
      'gemini-image.batch',
      submitting.replaceAll(/(?<!files\/)gemini-image-\w+/g, 'other-one'),
    )
    expect(await stage.batches().resume()).toMatchObject({ adopted: [], created: ['other-one'] })
  },
)

test('an answer that is lost while the list cannot be read either leaves the job to resume', async () => {
  const stage = await setBatchStage({ a: prompt('A') })
  stage.gemini.fault({ kind: 'lost', on: 'createBatch' })
  stage.gemini.fault({ kind: 'unavailable', on: 'listBatches', times: 2 })
  const run = { options: { attempts: 2 } }
  const { jobs, failures } = await stage.batches(run).submit(stage.files('a'))
  expect(jobs).toEqual([])
  expect(failures).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE', place: { path: 'a.prompt.md' } }])
  expect(failures[0]?.fix).toContain('gemini-image batch resume')
  expect(await stage.record()).toContain('"state":"submitting"')
  expect(await stage.batches().submit(stage.files('a'))).toMatchObject({ jobs: [], pending: [{}] })
  // The list cannot be read: nothing is created.
  stage.gemini.fault({ kind: 'unavailable', on: 'listBatches', times: 2 })
  expect(await stage.batches(run).resume()).toMatchObject({
    adopted: [],
    created: [],
    failures: [{ code: 'PROVIDER_UNAVAILABLE' }],
  })
  expect(await stage.batches().resume()).toMatchObject({ adopted: [{}], failures: [] })
  expect(stage.gemini.batches.jobs).toHaveLength(1)
  expect(await stage.batches().collect()).toMatchObject({ landed: [{}] })
})

test('an answer to the creation that cannot be read leaves the job to resume', async () => {
  const stage = await setBatchStage({ a: prompt('A') })
  stage.gemini.fault({ kind: 'html', on: 'createBatch' })
  const { failures } = await stage.batches().submit(stage.files('a'))
  expect(failures).toMatchObject([{ code: 'BAD_ANSWER' }])
  const broke = await stage.batches({ options: { budget: 0.01 } }).resume()
  expect(broke).toMatchObject({ created: [], failures: [{ code: 'BUDGET_EXCEEDED' }] })
  expect(await stage.batches().resume()).toMatchObject({ adopted: [], created: [{}], failures: [] })
  expect(await stage.batches().collect()).toMatchObject({ landed: [{}] })
})

describe('a job that is to be created after all', () => {
  /** A submission whose creation failed, with the record that a person or a merge has changed. */
  async function cutOff(change: (record: string) => string): Promise<BatchStage> {
    const stage = await setBatchStage({ a: prompt('A'), b: prompt('B') })
    stage.gemini.fault({ kind: 'html', on: 'createBatch' })
    await stage.batches().submit(stage.files('a', 'b'))
    stage.gemini.reset()
    await stage.site.write('gemini-image.batch', change(await stage.record()))
    return stage
  }

  const free = (record: string): string =>
    record.replaceAll(/"estimate":\{[^}]*\}/g, '"estimate":{"least":0,"most":0}')

  test('costs what the catalogue says, whatever the record does', async () => {
    const stage = await cutOff(free)
    const poor = await stage.batches({ options: { budget: 0.01 } }).resume()
    expect(poor).toMatchObject({ created: [], failures: [{ code: 'BUDGET_EXCEEDED' }] })
    const { created, estimate } = await stage.batches().resume()
    expect(created).toHaveLength(1)
    expect(estimate.most).toBeGreaterThan(0.02)
    expect(stage.count('createBatch')).toBe(1)
  })

  test.for<[what: string, change: (record: string) => string]>([
    ['another model', (record) => record.replace(/("model":")gemini[^"]+/, '$1veo-9')],
    ['another file', (record) => record.replace(/("sha256":")\w{64}/, `$1${'0'.repeat(64)}`)],
    ['other requests', (record) => record.replace('"prompt":"A"', '"prompt":"Z"')],
    ['none', (record) => record.replaceAll(/,"request":\{.*?\}\}/g, '}')],
  ])('is not created for %s than were submitted', async ([, change]) => {
    const stage = await cutOff(change)
    const { created, failures, missing } = await stage.batches().resume()
    expect({ created, missing }).toEqual({ created: [], missing: [] })
    expect(failures).toMatchObject([{ code: 'CORRUPT_BATCH_RECORD', place: { line: 4 } }])
    expect(stage.count('createBatch')).toBe(0)
    expect((await stage.batches().pending()).size).toBe(2)
  })

  test('is created in no mode but auto, and where nobody says no', async () => {
    const stage = await cutOff((record) => record)
    const frozen = await stage.batches({ options: { mode: 'frozen' } }).resume()
    expect(frozen).toMatchObject({ created: [], failures: [{ code: 'MISSING_PICTURE' }] })
    const asked: number[] = []
    const refused = await stage.batches().resume({
      mayCreate: async (items, { most }) => asked.push(items.length, most) < 0,
    })
    expect(refused).toMatchObject({ created: [], failures: [] })
    expect(asked).toEqual([2, expect.closeTo(0.04, 1)])
    expect(stage.count('createBatch')).toBe(0)
    const run = runCommand(stage.site.root, ['batch', 'resume'], keyed(stage.gemini))
    expect((await run).output).toMatch(
      /Google has no job for 2 pictures\. Create it, for about \$0\.0\d+.*\? This needs a yes, and this is not a terminal/,
    )
    const yes = await runCommand(stage.site.root, ['batch', 'resume', '--yes'], keyed(stage.gemini))
    expect(yes.output).toContain('Created now')
    expect(stage.count('createBatch')).toBe(1)
  })
})

test('a file that Google has deleted meanwhile cannot be resumed, and is asked for anew', async () => {
  const stage = await setBatchStage({ a: prompt('A') })
  stage.gemini.fault({ kind: 'html', on: 'createBatch' })
  await stage.batches().submit(stage.files('a'))
  const [file = ''] = /files\/[\w-]+/.exec(await stage.record()) ?? []
  const headers = { 'x-goog-api-key': 'k' }
  await fetch(`${stage.gemini.url}/v1beta/${file}`, { method: 'DELETE', headers })
  const { missing, failures } = await stage.batches().resume()
  expect(failures).toMatchObject([{ code: 'REFUSED_REQUEST' }])
  expect(missing).toHaveLength(1)
  expect((await stage.batches().submit(stage.files('a'))).jobs).toHaveLength(1)
})

test('a job that Google refuses leaves nothing in the record, and others are submitted', async () => {
  const stage = await setBatchStage({ a: prompt('A', 'model: ghost'), b: prompt('B') })
  const options = { models: { ghost: { like: 'gemini-nano-banana-2.1' } }, budget: 0.04 }
  const batches = stage.batches({ options })
  const { jobs, failures } = await batches.submit(stage.files('a', 'b'))
  expect(jobs).toHaveLength(1)
  expect(failures).toMatchObject([{ code: 'MODEL_NOT_FOUND', place: { path: 'a.prompt.md' } }])
  expect((await batches.pending()).size).toBe(1)
  // What was set aside for it is free again.
  await stage.site.write('c.prompt.md', prompt('C'))
  expect((await batches.submit(stage.files('c'))).jobs).toHaveLength(1)
})

test.for<Fault>([
  { kind: 'quota-exhausted', on: 'createBatch' },
  { kind: 'quota-exhausted', on: 'startUpload' },
])('after $kind on $on nothing is recorded, and what was set aside is free', async (fault) => {
  const stage = await setBatchStage({ a: prompt('A') })
  const batches = stage.batches({ options: { budget: 0.02 } })
  stage.gemini.fault(fault)
  const { jobs, failures } = await batches.submit(stage.files('a'))
  expect(jobs).toEqual([])
  expect(failures).toMatchObject([{ code: 'QUOTA_EXHAUSTED', place: { path: 'a.prompt.md' } }])
  expect(await stage.record()).toBe('')
  expect((await batches.submit(stage.files('a'))).jobs).toHaveLength(1)
})

test('a file larger than a job may be becomes several', async () => {
  const stage = await setBatchStage({ a: prompt('A'), b: prompt('B'), c: prompt('C') })
  const { provider } = stage.driver().project.options
  if (!provider?.batch) throw new Error('The provider has batch jobs')
  const small = { ...provider, batch: { ...provider.batch, fileBytes: 500 } }
  const run = { options: { provider: small } }
  const { jobs } = await stage.batches(run).submit(stage.files('a', 'b', 'c'))
  expect(jobs.map(({ items }) => items.length)).toEqual([2, 1])
  expect((await stage.batches(run).collect()).landed).toHaveLength(3)
})

test('the key goes into one header, to the address that was configured, and nowhere else', async () => {
  const stage = await setBatchStage({ a: prompt('A') })
  await stage.batches().submit(stage.files('a'))
  await stage.batches().show()
  await stage.batches().collect()
  const routes = new Set(stage.gemini.requests.map(({ route }) => route))
  expect([...routes]).toEqual([
    'startUpload',
    'uploadChunk',
    'createBatch',
    'getBatch',
    'download',
    'deleteFile',
  ])
  for (const { headers, path, query, rawBody } of stage.gemini.requests) {
    expect(headers['x-goog-api-key']).toBe(KEY)
    const rest = JSON.stringify({ ...headers, 'x-goog-api-key': '', path, query, rawBody })
    expect(rest).not.toContain(KEY)
  }
  const files = await stage.site.list('.', true)
  for (const file of files.filter((name) => name.startsWith('gemini-image'))) {
    expect(await stage.site.read(file)).not.toContain(KEY)
  }
})
