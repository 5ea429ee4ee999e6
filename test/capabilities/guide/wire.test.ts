import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { resolveOptions } from '@gemini-image/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFakeGemini, type FakeGemini, type RecordedRequest } from '../../fake-gemini/server.ts'
import { drive } from '../../support/driver.ts'
import { prompt, setBatchStage } from '../../batch/stage.ts'
import { chargeFor } from '../charge.ts'
import {
  askedDeclarations,
  comparable,
  folderOf,
  materialFor,
  sentBySamples,
  writeSamples,
} from './ask.ts'
import { DIFFERENCES, translate } from './differences.ts'
import type { Asked } from './guide.ts'
import { SAMPLES } from './samples.ts'

const PRINTS = SAMPLES.flatMap(({ shows, prints }) =>
  prints.flatMap(({ version, lines, asks }) =>
    asks
      ? [{ name: `${version}:${Object.values(lines)[0]} ${Object.keys(lines)[0]}, ${shows}`, asks }]
      : [],
  ),
)

let ours: FakeGemini
let sent: ReadonlyMap<Asked, object>
const roots: string[] = []
const planned = new Map<string, { readonly least: number; readonly most: number }>()

beforeAll(async () => {
  ours = await startFakeGemini()
  sent = await sentBySamples()
  const all = askedDeclarations()
  for (const serverState of [false, true]) {
    await settle(
      all.filter(({ declared }) => (declared.serverState ?? false) === serverState),
      serverState,
    )
  }
})

afterAll(async () => {
  await ours.close()
  for (const root of roots) await rm(root, { recursive: true, force: true })
})

/** Plans and draws the pictures of samples. */
async function settle(all: readonly Asked[], serverState: boolean): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'gemini-image-samples-'))
  roots.push(root)
  await writeSamples(root, all)
  const env = { GEMINI_API_KEY: 'a-key', GOOGLE_GEMINI_BASE_URL: ours.url }
  const logger = { info: () => undefined, warn: () => undefined }
  const options = { budget: 20, retryDelay: 5, serverState }
  const driver = drive(resolveOptions(options, { hostRoot: root, env, logger }))
  const { rows, problems } = await driver.plan()
  expect(problems).toEqual([])
  for (const { declared, estimate } of rows) {
    planned.set(path.basename(path.dirname(declared.place.path)), estimate)
  }
  await driver.prepare()
}

/** What our declaration asked for, call by call. */
async function askedBy(asked: Asked): Promise<readonly RecordedRequest[]> {
  const { words, next } = await materialFor(asked)
  return ours.requests.filter(({ prompt: text }) => text.includes(words) || text.includes(next))
}

describe('a sample and its declaration ask for the same', () => {
  test.for(PRINTS)('$name', async ({ asks }) => {
    const { body, differs } = translate(sent.get(asks) ?? {}, asks)
    const requests = await askedBy(asks)
    expect(requests.map(({ outcome }) => outcome)).not.toContain('error')
    const last = requests.at(-1)
    expect(last?.model).toBe(asks.model)
    expect(comparable(JSON.parse(last?.rawBody ?? '{}'))).toEqual(comparable(body))
    // What a sample says of itself is so.
    expect(differs).toEqual(expect.arrayContaining([...(asks.declared.differs ?? [])]))
  })
})

test('every difference is one of some sample', () => {
  const found = new Set([...sent].flatMap(([asked, body]) => translate(body, asked).differs))
  expect(DIFFERENCES.map(({ id }) => id).filter((id) => !found.has(id))).toEqual([])
})

test('the plan holds what each sample costs between its bounds', async () => {
  for (const asked of askedDeclarations()) {
    const charged = (await askedBy(asked)).reduce((sum, request) => sum + chargeFor(request), 0)
    const { least = 0, most = 0 } = planned.get(folderOf(asked)) ?? {}
    expect([folderOf(asked), charged > 0, charged >= least, charged <= most]).toEqual([
      folderOf(asked),
      true,
      true,
      true,
    ])
  }
})

/** 003:723 and 003:828 write lines and jobs like this. */
function batchAsked(text: string): object {
  const contents = [{ parts: [{ text }] }]
  return { contents, generation_config: { responseModalities: ['TEXT', 'IMAGE'] } }
}

test('the lines of a batch, and its job, are those of the sample', async () => {
  const settings = `alt: ""\nmodel: gemini-2.5-flash-image\noutput: text-and-image`
  const stage = await setBatchStage({ a: prompt('A letter A', settings) })
  await stage.batches().submit(stage.files('a'))
  const [job] = stage.gemini.batches.jobs
  const asked = { api: 'generate-content', model: 'gemini-2.5-flash-image' } as Asked
  const line = JSON.parse(job?.lines[0] ?? '{}')
  expect(Object.keys(line)).toEqual(['key', 'request'])
  const sample = { ...asked, declared: { name: '003:723', settings: [], images: [] } } as Asked
  expect(line.request).toEqual(translate(batchAsked('A letter A'), sample).body)
  const created = stage.gemini.requests.find(({ route }) => route === 'createBatch')
  expect(created?.path).toBe('/v1beta/models/gemini-2.5-flash-image:batchGenerateContent')
  const { batch } = JSON.parse(created?.rawBody ?? '{}')
  expect(Object.keys(batch).toSorted()).toEqual(['displayName', 'inputConfig'])
  expect(Object.keys(batch.inputConfig)).toEqual(['fileName'])
})
