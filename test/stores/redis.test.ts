import { createServer } from 'node:net'
import { redisStore, type SharedStore } from '@gemini-image/core'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { thrownBy } from '../errors/stage.ts'
import { conforms, createsOnce } from './conformance.ts'
import { askForLease } from './team-lease.ts'
import { freePort } from '../support/free-port.ts'
import { skipWithout, type Server } from './servers/daemon.ts'
import { REDIS_PROGRAMS, startRedis } from './servers/redis.ts'

const PASSWORD = 'correct/horse@battery'

describe.skipIf(skipWithout(...REDIS_PROGRAMS))('Redis', () => {
  let server: Server
  const stores: SharedStore[] = []
  beforeAll(async () => {
    server = await startRedis(PASSWORD)
    stores.push(redisStore({ url: server.url }), redisStore({}, { REDIS_URL: server.url }))
  })
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close?.()))
    await server.stop()
  })
  /** Two connections, in turn, so that races are between them. */
  let turn = 0
  const open = (): SharedStore => stores[(turn += 1) % 2] as SharedStore

  conforms(open)
  createsOnce(open)

  test('it can be trusted with leases', async () => {
    const { lease, warnings } = await askForLease(open())
    expect([typeof lease, warnings]).toEqual(['object', []])
  })

  test('what may be forgotten has an expiry of a day, and nothing else has', async () => {
    const store = open()
    await store.create?.('leases/a/0', Buffer.from('x'))
    await store.put('leases/b/0', Buffer.from('x'))
    await store.put('objects/a', Buffer.from('x'))
    const client = await createClient({ url: server.url }).connect()
    const ages = ['leases/a/0', 'leases/b/0', 'objects/a'].map((key) =>
      client.ttl(`gemini-image/${key}`),
    )
    expect(await Promise.all(ages)).toEqual([86_400, 86_400, -1])
    await client.close()
  })

  test('stores with other prefixes do not see each other', async () => {
    const other = redisStore({ url: server.url, prefix: 'other/' })
    onTestFinished(() => other.close?.())
    await open().put('objects/here', Buffer.from('x'))
    expect(await other.has('objects/here')).toBe(false)
  })

  test('a connection that the server closed is opened again', async () => {
    const store = open()
    await store.put('objects/kept', Buffer.from('kept'))
    const client = await createClient({ url: server.url }).connect()
    await client.sendCommand(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes'])
    const got = await Promise.all([1, 2, 3].map(() => store.get('objects/kept')))
    expect(got.map((bytes) => Buffer.from(bytes ?? []).toString())).toEqual([
      'kept',
      'kept',
      'kept',
    ])
    await client.close()
  })

  test('a wrong password is refused and not repeated', async () => {
    const url = server.url.replace(/:[^:@]+@/, ':guess-of-mine@')
    const store = redisStore({ url })
    const error = await thrownBy(() => store.get('objects/a'))
    expect(error).toMatchObject({ code: 'STORE_REFUSED', why: expect.stringMatching(/^WRONGPASS/) })
    expect(String(error)).not.toContain('guess-of-mine')
    expect(store.name).toBe(`redis://127.0.0.1:${new URL(url).port}`)
  })
})

test('a server that is down is told at once', async () => {
  const url = `redis://:secret-word@127.0.0.1:${await freePort()}`
  // Whoever waited for the timeout would not come to an end here.
  const store = redisStore({ url, timeout: 3_600_000 })
  const error = await thrownBy(() => store.has('objects/a'))
  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  expect(String(error)).not.toContain('secret-word')
  await store.close?.()
})

test('a server that takes a connection and says nothing is given up', async () => {
  const silent = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void silent.close())
  const store = redisStore({ url: `redis://127.0.0.1:${port}`, timeout: 300 })
  expect(await thrownBy(() => store.get('objects/a'))).toMatchObject({ code: 'STORE_UNAVAILABLE' })
  await store.close?.()
})

test.each([undefined, 'localhost:6379', 'https://localhost'])('%s is no address', async (url) => {
  const error = await thrownBy(() => redisStore({ url }, {}))
  expect(error).toMatchObject({ code: 'INVALID_OPTION' })
})
