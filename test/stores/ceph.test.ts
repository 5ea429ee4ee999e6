import { s3Store, type LeasableStore, type S3StoreOptions } from '@gemini-image/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { thrownBy } from '../errors/stage.ts'
import { conforms, createsOnce } from './conformance.ts'
import { CEPH_KEYS, CEPH_PROGRAMS, startCeph } from './servers/ceph.ts'
import { askForLease } from './team-lease.ts'
import { skipWithout, type Server } from './servers/daemon.ts'

describe.skipIf(skipWithout(...CEPH_PROGRAMS))('Ceph', () => {
  let server: Server
  beforeAll(async () => (server = await startCeph()))
  afterAll(() => server?.stop())

  const open = (more: Partial<S3StoreOptions> = {}): LeasableStore =>
    s3Store({
      bucket: 'team',
      endpoint: server.url,
      credentials: async () => CEPH_KEYS,
      retryDelay: 10,
      ...more,
    })

  describe('in the bucket itself', () => {
    conforms(open)
    createsOnce(open)
  })

  describe('in a folder with an awkward name', () => {
    conforms(() => open({ prefix: "Jürgen's (1) a+b & 100%/~x!*/" }))
  })

  test('it can be trusted with leases', async () => {
    const { lease, warnings } = await askForLease(open())
    expect([typeof lease, warnings]).toEqual(['object', []])
  })

  test('a wrong secret is refused, and shown nowhere', async () => {
    const credentials = async (): Promise<typeof CEPH_KEYS> =>
      ({ ...CEPH_KEYS, secretAccessKey: 'wrong-secret' }) as never
    const error = await thrownBy(() => open({ credentials }).put('objects/a', Buffer.from('x')))
    expect(error).toMatchObject({
      code: 'STORE_REFUSED',
      why: expect.stringContaining('SignatureDoesNotMatch'),
    })
    expect(String(error)).not.toContain('wrong-secret')
  })

  test('without credentials a private bucket is refused', async () => {
    const store = s3Store({ bucket: 'team', endpoint: server.url }, {})
    const error = await thrownBy(() => store.get('objects/a'))
    expect(error).toMatchObject({ code: 'STORE_REFUSED', why: expect.stringContaining('403') })
  })

  test('a bucket that is not there is told', async () => {
    const store = open({ bucket: 'nowhere' })
    const error = await thrownBy(() => store.get('objects/a'))
    expect(error).toMatchObject({
      code: 'STORE_REFUSED',
      why: expect.stringContaining('NoSuchBucket'),
    })
  })
})
