import { s3Store, type LeasableStore, type S3StoreOptions } from '@gemini-image/core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { thrownBy } from '../errors/stage.ts'
import { startFakeS3, type FakeS3, type FakeS3Options } from '../fake-s3/server.ts'
import { conforms, createsOnce } from './conformance.ts'
import { freePort } from '../support/free-port.ts'
import type { Server } from './servers/daemon.ts'
import { askForLease } from './team-lease.ts'
import { S3RVER_KEYS, startLaxS3, startS3rver } from './servers/others.ts'

const KEYS = { accessKeyId: 'AKIDTEST', secretAccessKey: 'a/secret+of=ours' }
const BYTES = Buffer.from('some bytes of a picture')

function storeAt(url: string, more: Partial<S3StoreOptions> = {}): LeasableStore {
  return s3Store({
    bucket: 'team',
    endpoint: url,
    credentials: async () => KEYS,
    retryDelay: 5,
    ...more,
  })
}

async function stage(
  options: FakeS3Options = {},
  more: Partial<S3StoreOptions> = {},
): Promise<{ server: FakeS3; store: LeasableStore }> {
  const server = await startFakeS3({ keys: KEYS, ...options })
  onTestFinished(() => server.close())
  return { server, store: storeAt(server.url, more) }
}

describe.for(['amazon', 'google'] as const)('a strict server that speaks %s', (dialect) => {
  let server: FakeS3
  beforeAll(async () => (server = await startFakeS3({ keys: KEYS, dialect })))
  afterAll(() => server.close())
  const open = (prefix = ''): LeasableStore => storeAt(server.url, { dialect, prefix })

  conforms(open)
  createsOnce(open)
  describe('in a folder with an awkward name', () => {
    conforms(() => open("Jürgen's (1) a+b & 100%/~x!*/"))
  })
})

describe('s3rver', () => {
  let server: Server
  beforeAll(async () => (server = await startS3rver()))
  afterAll(() => server.stop())
  conforms(() => storeAt(server.url, { credentials: async () => S3RVER_KEYS }))

  test('it checks signatures', async () => {
    const error = await thrownBy(() => storeAt(server.url).put('objects/a', BYTES))
    expect(error).toMatchObject({ code: 'STORE_REFUSED' })
  })
})

describe('a server that asks for no signature', () => {
  let server: Server
  beforeAll(async () => (server = await startLaxS3()))
  afterAll(() => server.stop())
  // It fails on an empty body.
  conforms(() => storeAt(server.url, { credentials: async () => undefined }), [1, 5_000_000])

  test('it ignores conditions, which is found out', async () => {
    const store = storeAt(server.url, { credentials: async () => undefined })
    const { lease, warnings } = await askForLease(store)
    expect(lease).toBe('none')
    expect(warnings).toEqual([expect.stringContaining('ignores the condition')])
  })
})

describe('credentials', () => {
  test('are those of the environment, session and all', async () => {
    const sessionToken = 'of-an-hour=='
    const { server } = await stage({ keys: { ...KEYS, sessionToken } })
    const env = {
      AWS_ACCESS_KEY_ID: KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    }
    const store = s3Store({ bucket: 'team', endpoint: server.url, region: 'eu-west-9' }, env)
    await store.put('objects/a', BYTES)
    expect(server.objects.get('objects/a')).toEqual(BYTES)
  })

  test('are not needed for what is public', async () => {
    const server = await startFakeS3()
    onTestFinished(() => server.close())
    server.objects.set('objects/a', BYTES)
    const store = s3Store({ bucket: 'team', endpoint: server.url }, {})
    expect(Buffer.from((await store.get('objects/a')) ?? [])).toEqual(BYTES)
  })

  test('that the server repeats in its answer are shown nowhere', async () => {
    const { server, store } = await stage()
    server.fault({ kind: 403, code: `Bad<!-- -->` })
    const { server: other, store: wrong } = await stage(
      {},
      { credentials: async () => ({ ...KEYS, accessKeyId: 'AKID-WRONG' }) },
    )
    const errors = [
      await thrownBy(() => store.get('objects/a')),
      // It answers "Who is AKID-WRONG?".
      await thrownBy(() => wrong.get('objects/a')),
    ]
    for (const error of errors) {
      expect(error).toMatchObject({ code: 'STORE_REFUSED' })
      expect(String(error)).not.toMatch(/AKID|secret/)
    }
    expect([server.requests.length, other.requests.length]).toEqual([1, 1])
  })
})

describe('faults', () => {
  test.for([
    ['a server that dies in the middle of a body', 'die'],
    ['a server that is busy', 503],
    ['a server that is broken', 500],
  ] as const)('%s is asked again', async ([, kind]) => {
    const { server, store } = await stage()
    await store.put('objects/a', BYTES)
    server.fault({ kind, times: 3 })
    expect(Buffer.from((await store.get('objects/a')) ?? [])).toEqual(BYTES)
    expect(server.requests).toHaveLength(5)
  })

  test.for(['die', 503, 'hang'] as const)('%s to the end is told', async (kind) => {
    const { server, store } = await stage({}, { timeout: 150, attempts: 3 })
    server.objects.set('objects/a', BYTES)
    server.fault({ kind, times: 99 })
    const error = await thrownBy(() => store.get('objects/a'))
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      why: expect.stringContaining('(tried 3 times)'),
    })
    expect(server.requests).toHaveLength(3)
  })

  test('credentials that have expired are told', async () => {
    const { server, store } = await stage()
    server.fault({ kind: 400, code: 'ExpiredToken' })
    expect(await thrownBy(() => store.get('objects/a'))).toMatchObject({
      code: 'STORE_REFUSED',
      fix: expect.stringContaining('AWS_SESSION_TOKEN'),
    })
  })

  test('nobody listening on either kind of address is told', async () => {
    const store = storeAt(`http://localhost:${await freePort()}`)
    expect(await thrownBy(() => store.get('objects/a'))).toMatchObject({
      why: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test('nobody listening is told', async () => {
    const store = storeAt(`http://127.0.0.1:${await freePort()}`)
    const error = await thrownBy(() => store.put('objects/a', BYTES))
    expect(error).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      why: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test.for([
    [400, 'InvalidRequest', 'STORE_REFUSED'],
    [403, 'AccessDenied', 'STORE_REFUSED'],
    [404, 'NoSuchBucket', 'STORE_REFUSED'],
    [301, 'PermanentRedirect', 'STORE_REFUSED'],
    [307, 'TemporaryRedirect', 'STORE_REFUSED'],
    [501, 'NotImplemented', 'STORE_UNCONDITIONAL'],
  ] as const)('%d is told at once and not repeated', async ([kind, code, expected]) => {
    const { server, store } = await stage()
    server.fault({ kind, code, times: 99 })
    const error = await thrownBy(() => store.create('leases/a/0', BYTES))
    expect(error).toMatchObject({ code: expected, why: expect.stringContaining(code) })
    expect(server.requests).toHaveLength(1)
  })

  test('a conflict with another writer is looked at again', async () => {
    const { server, store } = await stage()
    server.fault({ kind: 409, code: 'ConditionalRequestConflict', times: 2 })
    expect(await store.create('leases/a/0', BYTES)).toBe(true)
    expect(server.requests).toHaveLength(3)
  })

  test('a creation whose answer is lost says no, and its bytes stand', async () => {
    const { server, store } = await stage()
    server.fault({ kind: 'lost-answer' })
    expect(await store.create('leases/a/0', BYTES)).toBe(false)
    expect(Buffer.from((await store.get('leases/a/0')) ?? [])).toEqual(BYTES)
  })

  test('what a proxy without words answers is told by its number', async () => {
    const { server, store } = await stage()
    server.fault({ kind: 418, code: '' })
    const error = await thrownBy(() => store.get('objects/a'))
    expect(error).toMatchObject({ why: 'It answered with 418 : No.' })
  })
})

describe('addresses', () => {
  const nameOf = (options: S3StoreOptions): string => s3Store(options, {}).name

  test('are told without the endpoint', () => {
    expect(nameOf({ bucket: 'team', prefix: '/a//b/' })).toBe('s3://team/a/b')
  })

  test.each([
    { bucket: '' },
    { bucket: 'team', prefix: 'a/../b' },
    { bucket: 'team', endpoint: 'localhost' },
    { bucket: 'team', endpoint: 'https://user:secret-word@example.test' },
    { bucket: 'team', endpoint: 'https://example.test/?key=secret-word' },
  ])('%o cannot be used', async (options) => {
    const error = await thrownBy(() => nameOf(options))
    expect(error).toMatchObject({ code: 'INVALID_OPTION' })
    expect(String(error)).not.toContain('secret-word')
  })
})
