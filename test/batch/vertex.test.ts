import { createHash, randomBytes } from 'node:crypto'
import { GoogleGenAI } from '@google/genai'
import { resolveOptions } from '@gemini-image/core/internal'
import { vertex, type VertexOptions } from '@gemini-image/core/providers'
import { OAuth2Client } from 'google-auth-library'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { thrownBy } from '../errors/stage.ts'
import { EXPRESS_KEY } from '../fake-vertex/server.ts'
import { SERVICE_ACCOUNT, startVertex, writeCredentials } from '../providers/vertex-credentials.ts'
import { driveBatches, type Batches } from '../support/driver.ts'
import { createSite } from '../support/site.ts'
import { prompt } from './stage.ts'

const HOW = {
  project: 'my-project',
  location: 'europe-west4',
  bucket: 'gs://pictures/of/site',
} as const
const PARENT = `projects/${HOW.project}/locations/${HOW.location}`

type Server = Awaited<ReturnType<typeof startVertex>>

interface Stage {
  readonly server: Server
  readonly site: Awaited<ReturnType<typeof createSite>>
  /** Every line that was logged. */
  readonly log: readonly string[]
  batches(how?: VertexOptions, env?: Readonly<Record<string, string>>): Batches
  files(...names: readonly string[]): string[]
  record(): Promise<string>
  /** How often something was asked for. */
  asked(method: string, path: RegExp): number
}

async function setStage(prompts: Readonly<Record<string, string>>): Promise<Stage> {
  const files = Object.entries(prompts).map(([name, text]) => [`${name}.prompt.md`, text])
  const [server, site] = await Promise.all([startVertex(), createSite(Object.fromEntries(files))])
  const credentials = await writeCredentials(SERVICE_ACCOUNT)
  const log: string[] = []
  const note = (line: string): void => void log.push(line)
  return {
    server,
    site,
    log,
    batches: (how = HOW, env = { GOOGLE_APPLICATION_CREDENTIALS: credentials }) =>
      driveBatches(
        resolveOptions(
          { retryDelay: 5, provider: vertex(how) },
          {
            hostRoot: site.root,
            env: { CLOUDSDK_CONFIG: '/nowhere', ...env },
            logger: { info: note, warn: note },
          },
        ),
      ),
    files: (...names) => names.map((name) => site.path(`${name}.prompt.md`)),
    record: () => site.read('gemini-image.batch').catch(() => ''),
    asked: (method, path) =>
      [...server.requests, ...server.stored].filter(
        (one) => one.method === method && path.test(one.path),
      ).length,
  }
}

test('a batch goes through the bucket: uploaded, recorded, created, collected and pinned', async () => {
  const stage = await setStage({ one: prompt('One'), two: prompt('Two') })
  const { server, site } = stage
  const { jobs, failures } = await stage.batches().submit(stage.files('one', 'two'))
  expect({ failures, jobs: jobs.length }).toEqual({ failures: [], jobs: 1 })
  const id = jobs[0]?.id ?? ''
  expect([...server.bucket.objects.keys()]).toEqual([`of/site/${id}/requests.jsonl`])
  // Plain names alone are recorded: they lead to no other bucket and no other project.
  const record = await stage.record()
  expect(record).toContain(`"file":"files/${id}"`)
  expect(record).toMatch(/"name":"batches\/\w+"/)
  expect(record).not.toMatch(/gs:|my-project/)

  server.gemini.batches.steer({ state: 'held' })
  expect(await stage.batches().show()).toMatchObject([{ state: 'pending', counts: { total: 2 } }])
  expect(await stage.batches().collect()).toMatchObject({ landed: [], running: [id] })
  expect(await stage.batches().submit(stage.files('one', 'two'))).toMatchObject({
    jobs: [],
    pending: [{}, {}],
  })

  server.gemini.batches.steer({ state: 'auto' })
  const collected = await stage.batches().collect()
  expect(collected).toMatchObject({ failures: [], missing: [], closed: [id] })
  expect(collected.landed.map(({ place }) => place.path).toSorted()).toEqual([
    'one.prompt.md',
    'two.prompt.md',
  ])
  expect(await stage.record()).toBe('')
  const lockfile = await site.read('gemini-image.lock')
  expect(lockfile.match(/"provider":"vertex"/g)).toHaveLength(2)
  expect(collected.spent).toBeCloseTo(0.0336, 2)
  // The requests are taken away; results are the bucket's owner's.
  expect([...server.bucket.objects.keys()]).toEqual([
    expect.stringMatching(new RegExp(`^of/site/${id}/results/prediction-model-\\w+/predictions`)),
  ])
  expect(stage.asked('POST', /batchPredictionJobs$/)).toBe(1)
  // Tokens go to Google's hosts, and are nowhere else.
  expect(new Set(server.reached.filter((host) => host.endsWith('.com')))).toEqual(
    new Set([
      'oauth2.googleapis.com',
      'storage.googleapis.com',
      'europe-west4-aiplatform.googleapis.com',
    ]),
  )
  for (const token of server.tokens)
    expect([...stage.log, lockfile, record].join()).not.toContain(token)
})

test('a job is, to the byte, the one of Google’s own SDK', async () => {
  const stage = await setStage({
    one: prompt('A heron — “grey” ✨', 'alt: ""\nmodel: nano-banana-pro'),
  })
  stage.server.gemini.batches.steer({ state: 'held' })
  const { jobs } = await stage
    .batches({ ...HOW, labels: { team: 'web' } })
    .submit(stage.files('one'))
  const [{ id = '', name = '' } = {}] = jobs
  await stage.batches().cancel()
  const ours = stage.server.requests.slice()
  const authClient = new OAuth2Client()
  const expiry_date = Date.now() + 3_600_000
  authClient.setCredentials({ access_token: stage.server.tokens[0] ?? '', expiry_date })
  const sdk = new GoogleGenAI({
    vertexai: true,
    project: HOW.project,
    location: HOW.location,
    googleAuthOptions: { authClient: authClient as never },
  })
  const src = `${HOW.bucket}/${id}/requests.jsonl`
  const config = { displayName: id, dest: `${HOW.bucket}/${id}/results` }
  const request = Buffer.from('{"request":{"contents":[{"parts":[{"text":"x"}],"role":"user"}]}}\n')
  stage.server.bucket.objects.set(src.replace('gs://pictures/', ''), {
    bytes: request,
    metadata: {},
  })
  await sdk.batches.create({ model: 'gemini-3-pro-image', src, config })
  const number = name.replace('batches/', `${PARENT}/batchPredictionJobs/`)
  await sdk.batches.cancel({ name: number })
  await sdk.batches.get({ name: number })
  const theirs = stage.server.requests.slice(ours.length)
  const essence = (all: typeof ours): unknown =>
    all
      .filter(({ method }) => method === 'POST')
      .map(({ path, query, body, headers }) => [
        path,
        query,
        body,
        headers['content-type'],
        headers['authorization']?.replace(/token-\d/, 'token'),
      ])
  expect(essence(ours)).toEqual(essence(theirs))
  expect(ours.at(-1)?.path).toBe(theirs.at(-1)?.path)
})

describe('nothing is paid for twice', () => {
  test('where the answer to a creation is lost: the job is found by its name', async () => {
    const stage = await setStage({ one: prompt('One') })
    stage.server.gemini.fault({ kind: 'lost', on: 'createBatch' })
    expect(await stage.batches().submit(stage.files('one'))).toMatchObject({ failures: [] })
    expect(stage.server.gemini.batches.jobs).toHaveLength(1)
    expect(stage.asked('POST', /batchPredictionJobs$/)).toBe(1)
    expect(await stage.batches().collect()).toMatchObject({ running: [{}] })
    expect(await stage.batches().collect()).toMatchObject({ landed: [{}], failures: [] })
  })

  test('where it stays lost: the record knows, and resume adopts it', async () => {
    const stage = await setStage({ one: prompt('One') })
    stage.server.gemini.fault({ kind: 'lost', on: 'createBatch' })
    stage.server.gemini.fault({ kind: 'unavailable', on: 'listBatches', times: 9 })
    const { failures } = await stage.batches().submit(stage.files('one'))
    expect(failures).toHaveLength(1)
    expect(await stage.record()).toContain('"state":"submitting"')
    stage.server.gemini.reset()
    expect(await stage.batches().resume()).toMatchObject({
      adopted: [{}],
      created: [],
      failures: [],
    })
    expect(stage.server.gemini.batches.jobs).toHaveLength(1)
  })

  test('where a record names other requests than were uploaded', async () => {
    const stage = await setStage({ one: prompt('One') })
    stage.server.gemini.fault({ kind: 'lost', on: 'createBatch' })
    stage.server.gemini.fault({ kind: 'unavailable', on: 'listBatches', times: 9 })
    await stage.batches().submit(stage.files('one'))
    stage.server.gemini.reset()
    const [job] = stage.server.gemini.batches.jobs
    stage.server.gemini.batches.forget(job?.name ?? '')
    const record = await stage.record()
    await stage.site.write(
      'gemini-image.batch',
      record.replace(/"sha256":"[0-9a-f]{64}"/, `"sha256":"${'0'.repeat(64)}"`),
    )
    const refused = await stage.batches().resume()
    expect(refused.failures).toMatchObject([{ code: 'CORRUPT_BATCH_RECORD' }])
    await stage.site.write('gemini-image.batch', record)
    expect(await stage.batches().resume()).toMatchObject({ created: [{}], failures: [] })
    expect(stage.asked('POST', /batchPredictionJobs$/)).toBe(2)
  })

  test('where a download ends early: what came lands, and the rest the next time', async () => {
    const stage = await setStage({ one: prompt('One'), two: prompt('Two') })
    await stage.batches().submit(stage.files('one', 'two'))
    await stage.batches().collect()
    stage.server.bucket.faults.push('ends amid a download')
    const { landed, failures } = await stage.batches().collect()
    expect(failures).toEqual([])
    expect(landed).toHaveLength(2)
    expect(stage.asked('GET', /predictions\.jsonl$/)).toBe(2)
    expect(await stage.record()).toBe('')
  })
})

test('an upload that breaks, and whose last answer is lost, goes on from where the bucket is', async () => {
  const stage = await setStage({ one: prompt('One', 'alt: ""\nreferences: [./noise.png]') })
  // More than one piece.
  const [width, height] = [1600, 1400]
  const raw = { width, height, channels: 3 } as const
  const noise = sharp(randomBytes(width * height * 3), { raw })
  await stage.site.write('noise.png', await noise.png({ compressionLevel: 0 }).toBuffer())
  stage.server.bucket.faults.push('breaks amid a piece', 'loses the last answer')
  expect(await stage.batches().submit(stage.files('one'))).toMatchObject({ failures: [] })
  const [stored] = stage.server.bucket.objects.values()
  expect(stored?.bytes.length).toBeGreaterThan(8 * 1024 * 1024)
  expect(
    createHash('sha256')
      .update(stored?.bytes ?? '')
      .digest('hex'),
  ).toBe(stored?.metadata['sha256'])
  const ranges = stage.server.stored.map(({ headers }) => headers['content-range'])
  expect(ranges.filter((range) => range?.startsWith('bytes */'))).toHaveLength(2)
  expect(stage.server.bucket.objects.size).toBe(1)
})

test('a line that went wrong is told in Google’s words, and the others land', async () => {
  const stage = await setStage({ one: prompt('One'), two: prompt('Two') })
  stage.server.gemini.fault({ kind: 'unavailable', on: 'batchLine' })
  await stage.batches().submit(stage.files('one', 'two'))
  await stage.batches().collect()
  const { landed, failures } = await stage.batches().collect()
  expect(landed).toHaveLength(1)
  expect(failures).toMatchObject([{ code: 'PROVIDER_UNAVAILABLE' }])
  expect(await stage.record()).toBe('')
})

describe('what is told', () => {
  test('of a bucket that is not there: nothing was asked for', async () => {
    const stage = await setStage({ one: prompt('One') })
    const how = { ...HOW, bucket: 'gs://nowhere' }
    const { failures, jobs } = await stage.batches(how).submit(stage.files('one'))
    expect(jobs).toEqual([])
    expect(failures).toMatchObject([{ code: 'INVALID_OPTION' }])
    expect(String(failures[0])).toContain('gs://nowhere')
    expect(stage.server.requests).toEqual([])
    expect(await stage.record()).toBe('')
  })

  test('of a key, which Cloud Storage does not take', async () => {
    const stage = await setStage({ one: prompt('One') })
    const batches = stage.batches({ ...HOW, useKey: true }, { GOOGLE_API_KEY: EXPRESS_KEY })
    const { failures } = await batches.submit(stage.files('one'))
    expect(failures).toMatchObject([{ code: 'INVALID_OPTION' }])
    expect(stage.server.stored).toEqual([])
  })

  test('where there is no bucket', async () => {
    const stage = await setStage({ one: prompt('One') })
    const batches = stage.batches({ project: 'my-project' })
    const error = await thrownBy(() => batches.submit(stage.files('one')))
    expect(error).toMatchObject({ code: 'BATCH_UNSUPPORTED' })
  })

  test.for([
    'pictures',
    'gs://',
    'gs://evil.example/../x',
    'https://evil.example',
    'gs://Pictures',
  ])('of a bucket called %s', async (bucket) => {
    const error = await thrownBy(async () => vertex({ bucket }))
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
  })
})

test('results in another bucket are not fetched', async () => {
  const stage = await setStage({ one: prompt('One') })
  await stage.batches().submit(stage.files('one'))
  await stage.batches().collect()
  const elsewhere = stage.batches({ ...HOW, bucket: 'gs://pictures/elsewhere' })
  const { failures, landed } = await elsewhere.collect()
  expect(landed).toEqual([])
  expect(failures).toMatchObject([{ code: 'INVALID_OPTION' }])
  expect(stage.asked('GET', /predictions/)).toBe(0)
  expect(await stage.record()).toContain('batches/')
  expect(await stage.batches().collect()).toMatchObject({ landed: [{}], failures: [] })
})
