import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { s3Store, type SharedStore } from '@gemini-image/core'
import {
  openObjectStore,
  openTeamStore,
  type LockEntry,
  type ObjectStore,
  type StoredImage,
  type TeamStore,
  type TeamStoreOptions,
} from '@gemini-image/core/internal'
import sharp from 'sharp'
import { expect, onTestFinished, test } from 'vitest'
import { thrownBy } from '../errors/stage.ts'
import { startFakeS3, type FakeS3, type FakeS3Options } from '../fake-s3/server.ts'
import { createSite, type Site } from '../support/site.ts'

const KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a/secret+of=ours' }
const FINGERPRINT = 'f'.repeat(64)

/** A machine of the team: a folder, and what it asks the shared store with. */
interface Machine {
  readonly site: Site
  readonly local: ObjectStore
  readonly team: TeamStore
  readonly warnings: string[]
  /** The same machine in its next run. */
  again(options?: Partial<TeamStoreOptions>): TeamStore
}

async function serve(options: FakeS3Options = {}): Promise<FakeS3> {
  const server = await startFakeS3({ keys: KEYS, ...options })
  onTestFinished(() => server.close())
  return server
}

function storeAt({ url }: FakeS3): SharedStore {
  const credentials = async (): Promise<typeof KEYS> => KEYS
  return s3Store({ bucket: 'team', endpoint: url, credentials, retryDelay: 2, timeout: 500 })
}

async function machine(server: FakeS3, options: Partial<TeamStoreOptions> = {}): Promise<Machine> {
  const site = await createSite({})
  const warnings: string[] = []
  const logger = { info: () => undefined, warn: (line: string) => void warnings.push(line) }
  const cacheDir = site.path('cache')
  const open = (more: Partial<TeamStoreOptions> = {}): [ObjectStore, TeamStore] => {
    const local = openObjectStore(site.path('.gemini-image'), path.join(cacheDir, 'objects.json'))
    const given = { store: storeAt(server), readonly: false, logger, cacheDir, ...options, ...more }
    return [local, openTeamStore(given, local)]
  }
  const [local, team] = open()
  return { site, local, team, warnings, again: (more) => open(more)[1] }
}

async function draw({ local }: Machine, name = 'hero', width = 8): Promise<LockEntry> {
  const background = { r: width, g: 100, b: 50 }
  const bytes = await sharp({ create: { width, height: 6, channels: 3, background } })
    .png()
    .toBuffer()
  const stored = await local.put(bytes, name, 'png')
  const image: StoredImage = { ...stored, type: 'image/png', width, height: 6 }
  const tokens = { input: 1, image: 2, text: 0 }
  return { ...image, model: 'a-model', cost: 0.04, tokens, created: '2026-01-01T00:00:00Z' }
}

const keyOf = ({ object }: { object: string }): string => `objects/${object}`
const resultKey = `results/${FINGERPRINT}`

test('what one machine publishes, another finds, with its pictures', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const first = await draw(hers, 'hero', 9)
  const last = await draw(hers, 'hero', 10)
  const { model: _model, cost: _cost, tokens: _tokens, created: _created, ...image } = first
  const { file, object, type, width, height } = last
  const entry = { ...last, images: [image, { file, object, type, width, height }] }
  await hers.team.publish(FINGERPRINT, entry)
  expect(server.requests.at(-1)).toBe(`PUT ${resultKey}`)
  expect(await his.team.findResult(FINGERPRINT)).toEqual(entry)
  expect(await his.site.list('.gemini-image')).toEqual([first.file, file].toSorted())
  expect(await his.local.verify(first)).toBe('sound')
  expect(await his.team.findResult('0'.repeat(64))).toBeUndefined()
})

test('a result whose pictures are not all there is as good as none', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const entry = await draw(hers)
  await hers.team.publish(FINGERPRINT, entry)
  server.objects.delete(keyOf(entry))
  expect(await his.team.findResult(FINGERPRINT)).toBeUndefined()
})

test.for([
  ['text', () => 'half a resu'],
  ['JSON of another kind', () => '{"version":1}'],
  ['one without images', (text: string) => text.replace(/\}$/, ',"images":[]}')],
  ['a name that leads elsewhere', (text: string) => text.replace('"hero.', '"../hero.')],
  [
    'a name of another picture',
    (text: string) => text.replace(/"hero\.\w{12}/, '"hero.0123456789ab'),
  ],
] as const)('a result that is %s is passed over with a warning', async ([, spoil]) => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  await hers.team.publish(FINGERPRINT, await draw(hers))
  server.objects.set(resultKey, Buffer.from(spoil(String(server.objects.get(resultKey)))))
  expect(await his.team.findResult(FINGERPRINT)).toBeUndefined()
  expect(his.warnings).toEqual([expect.stringContaining(`${resultKey} is not a result`)])
  expect(await his.site.list('.')).not.toContain('.gemini-image')
})

test.each([
  ['nothing is written', false],
  ['it is so where the picture is here already', true],
])('a result that lies about its picture is refused, and %s', async (_, isHere) => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  await hers.team.publish(FINGERPRINT, await draw(hers))
  if (isHere) await draw(his)
  const text = String(server.objects.get(resultKey)).replace('"width":8', '"width":4096')
  server.objects.set(resultKey, Buffer.from(text))
  const error = await thrownBy(() => his.team.findResult(FINGERPRINT))
  expect(error).toMatchObject({ code: 'CORRUPT_OBJECT' })
  expect((await his.site.list('.')).includes('.gemini-image')).toBe(isHere)
})

test('a result never takes the place of a picture that is broken here', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const entry = await draw(hers)
  await hers.team.publish(FINGERPRINT, entry)
  await his.site.write(`.gemini-image/${entry.file}`, 'mine')
  expect(await thrownBy(() => his.team.findResult(FINGERPRINT))).toMatchObject({
    code: 'CORRUPT_OBJECT',
  })
  expect(await his.site.read(`.gemini-image/${entry.file}`)).toBe('mine')
})

test('lost objects are restored byte for byte; each outcome is told', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const images = [await draw(hers, 'a', 8), await draw(hers, 'b', 9), await draw(hers, 'c', 10)]
  const [a, b, c] = images as [LockEntry, LockEntry, LockEntry]
  expect(await hers.team.share([a, b])).toBe(2)
  server.objects.set(keyOf(b), Buffer.from('poison'))
  const [first, second, third] = await his.team.restore(images)
  expect([first, third]).toEqual(['restored', 'absent'])
  expect(second).toMatchObject({
    code: 'CORRUPT_OBJECT',
    what: expect.stringContaining('s3://team'),
    fix: expect.stringContaining(keyOf(b)),
  })
  expect(await his.site.list('.gemini-image')).toEqual([a.file])
  const names = [hers, his].map(({ site }) => site.path(`.gemini-image/${a.file}`))
  const [one, other] = await Promise.all(names.map((name) => readFile(name)))
  expect(other).toEqual(one)
  expect(await his.team.has([a, b, c])).toEqual([true, true, false])
})

test('a server that dies in the middle is asked again; bytes that are poisoned are not used', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const image = await draw(hers)
  await hers.team.share([image])
  server.fault({ kind: 'die', match: /^GET/, times: 2 })
  expect(await his.team.restore([image])).toEqual(['restored'])
  await his.site.remove(`.gemini-image/${image.file}`)
  server.fault({ kind: 'poison', match: /^GET/ })
  expect(await his.again().restore([image])).toMatchObject([{ code: 'CORRUPT_OBJECT' }])
  expect(await his.site.list('.gemini-image')).toEqual([])
})

test('a server that is down is told for each picture, and writes nothing', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const image = await draw(hers)
  await server.close()
  expect(await his.team.restore([image])).toMatchObject([{ code: 'STORE_UNAVAILABLE' }])
  for (const ask of [
    () => hers.team.share([image]),
    () => hers.team.has([image]),
    () => hers.team.findResult(FINGERPRINT),
    () => hers.team.publish(FINGERPRINT, image),
    () => hers.team.lease(FINGERPRINT),
  ]) {
    const error = await thrownBy(ask)
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect(String(error)).not.toMatch(/AKID|secret/)
  }
  await hers.team.close()
})

test('a build in which nothing is new asks nothing', async () => {
  const server = await serve()
  const hers = await machine(server)
  const images = [await draw(hers, 'a', 8), await draw(hers, 'b', 9)]
  await hers.team.share(images)
  await hers.team.close()
  const before = server.requests.length
  const next = hers.again()
  expect(await next.share(images)).toBe(0)
  await next.close()
  expect(server.requests).toHaveLength(before)
  // Of another store it knows nothing.
  const other = await serve()
  expect(await hers.again({ store: { ...storeAt(other), name: 's3://other' } }).share(images)).toBe(
    2,
  )
})

test('a store that lost everything is filled again by what is paid for next', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const entry = await draw(hers)
  await hers.team.share([entry])
  server.objects.clear()
  await hers.team.publish(FINGERPRINT, entry)
  expect(await his.team.findResult(FINGERPRINT)).toEqual(entry)
})

test('what another machine has uploaded is not uploaded again; what is lost here is passed over', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const [a, b] = [await draw(hers, 'a', 8), await draw(hers, 'b', 9)]
  await hers.team.share([a])
  await draw(his, 'a', 8)
  expect(await his.team.share([a, b])).toBe(0)
  expect(server.requests.filter((line) => line.startsWith('PUT'))).toEqual([`PUT ${keyOf(a)}`])
})

test('a store that is only read is never written to', async () => {
  const server = await serve()
  const hers = await machine(server)
  const entry = await draw(hers)
  await hers.team.publish(FINGERPRINT, entry)
  const his = await machine(server, { readonly: true })
  server.requests.length = 0
  const own = await draw(his, 'own', 12)
  await his.team.publish('0'.repeat(64), own)
  expect(await his.team.share([own])).toBe(0)
  expect(await his.team.lease(FINGERPRINT)).toBe('none')
  expect(await his.team.findResult(FINGERPRINT)).toEqual(entry)
  expect(await his.team.restore([own])).toEqual(['absent'])
  await his.team.close()
  expect(server.requests.map((line) => line.split(' ')[0])).toEqual(['GET', 'GET', 'GET'])
  expect(his.warnings).toEqual([])
})

test('of two machines one gets the lease; when it is given back, the other does', async () => {
  const server = await serve()
  const [hers, his] = [await machine(server), await machine(server)]
  const lease = await hers.team.lease(FINGERPRINT)
  expect(lease).toMatchObject({ fingerprint: FINGERPRINT })
  expect(await his.team.lease(FINGERPRINT)).toBe('held')
  if (typeof lease !== 'string') await lease.release({ succeeded: false })
  const next = await his.team.lease(FINGERPRINT)
  if (typeof next !== 'string') await next.release({ succeeded: true })
  expect(typeof next).toBe('object')
  expect([...server.objects.keys()]).toEqual([])
  expect(server.requests.filter((line) => line.startsWith('PUT probe/'))).toHaveLength(4)
})

test.for([
  ['ignored', 'it takes conditional writes and ignores the condition'],
  ['unknown', 'It answered with 501 NotImplemented'],
] as const)(
  'where conditions are %s there are no leases, which is told once',
  async ([conditions, why]) => {
    const server = await serve({ conditions })
    const hers = await machine(server)
    expect(await Promise.all([1, 2, 3].map(() => hers.team.lease(FINGERPRINT)))).toEqual([
      'none',
      'none',
      'none',
    ])
    expect(hers.warnings).toEqual([expect.stringContaining(why)])
    expect([...server.objects.keys()]).toEqual([])
  },
)

test('whether there are leases is asked again after the server was down', async () => {
  const server = await serve()
  const hers = await machine(server)
  server.fault({ kind: 503, times: 4 })
  expect(await thrownBy(() => hers.team.lease(FINGERPRINT))).toMatchObject({
    code: 'STORE_UNAVAILABLE',
  })
  const lease = await hers.team.lease(FINGERPRINT)
  expect(typeof lease).toBe('object')
  if (typeof lease !== 'string') await lease.release({ succeeded: true })
})

test('what a store of one’s own throws is told without passwords', async () => {
  const server = await serve()
  const broken: SharedStore = {
    ...storeAt(server),
    name: 'own',
    get: () => Promise.reject(new Error('no route to ftp://me:pass-word@example.test/x')),
  }
  const hers = await machine(server, { store: broken })
  const error = await thrownBy(() => hers.team.findResult(FINGERPRINT))
  expect(error).toMatchObject({
    code: 'STORE_UNAVAILABLE',
    why: 'no route to ftp://…@example.test/x',
  })
})

test('an unreadable list of what is known costs questions, and no more', async () => {
  const server = await serve()
  const hers = await machine(server)
  const image = await draw(hers)
  await hers.team.share([image])
  await hers.team.close()
  const names = await hers.site.list('cache')
  const name = names.find((file) => file.startsWith('shared-')) ?? ''
  await writeFile(hers.site.path(`cache/${name}`), '{ half')
  expect(await hers.again().share([image])).toBe(0)
  expect(server.requests.at(-1)).toBe(`HEAD ${keyOf(image)}`)
})
