import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { redisStore, s3Store, type LeasableStore } from '@gemini-image/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startFakeS3 } from '../fake-s3/server.ts'
import { start, type Running } from '../support/process.ts'
import { CEPH_KEYS, CEPH_PROGRAMS, startCeph } from './servers/ceph.ts'
import { skipWithout, type Server } from './servers/daemon.ts'
import { REDIS_PROGRAMS, startRedis } from './servers/redis.ts'

const RACER = path.join(import.meta.dirname, 'racer.ts')

interface Lane {
  readonly name: string
  readonly kind: 'redis' | 's3'
  readonly isSkipped: boolean
  start(): Promise<Server>
  open(url: string): LeasableStore
}

const openS3 = (url: string): LeasableStore =>
  s3Store({ bucket: 'team', endpoint: url, credentials: async () => CEPH_KEYS })

const lanes: Lane[] = [
  {
    name: 'Redis',
    kind: 'redis',
    isSkipped: skipWithout(...REDIS_PROGRAMS),
    start: () => startRedis(),
    open: (url) => redisStore({ url }),
  },
  {
    name: 'Ceph',
    kind: 's3',
    isSkipped: skipWithout(...CEPH_PROGRAMS),
    start: startCeph,
    open: openS3,
  },
  {
    name: 'a strict S3',
    kind: 's3',
    isSkipped: false,
    start: async () => {
      const { url, close } = await startFakeS3({ keys: CEPH_KEYS })
      return { url, stop: close }
    },
    open: openS3,
  },
]

/** A racer, and what it has said so far. */
interface Racer extends Running {
  said(): { word: string; at: number }[]
  saying(word: string): Promise<void>
}

describe.for(lanes.map((lane) => [lane.name, lane] as const))(
  'processes race over %s',
  ([, lane]) => {
    if (lane.isSkipped) return void test.skip('its programs are not installed')
    let server: Server
    let store: LeasableStore
    beforeAll(async () => {
      server = await lane.start()
      store = lane.open(server.url)
    })
    afterAll(async () => {
      await store?.close?.()
      await server?.stop()
    })

    const race = (fingerprint: string, role: string, env: Record<string, string> = {}): Racer => {
      const keys = { ID: CEPH_KEYS.accessKeyId, SECRET: CEPH_KEYS.secretAccessKey }
      const args = [RACER, lane.kind, server.url, fingerprint, role]
      const running = start(args, import.meta.dirname, { ...keys, ...env })
      let output = ''
      running.child.stdout?.on('data', (text: string) => (output += text))
      const said = (): { word: string; at: number }[] =>
        [...output.matchAll(/^(\w+) (\d+)$/gm)].map(([, word = '', at]) => ({
          word,
          at: Number(at),
        }))
      const saying = async (word: string): Promise<void> => {
        const isSaid = (): boolean => said().some((line) => line.word === word)
        await vi.waitUntil(isSaid, { timeout: 20_000, interval: 5 })
      }
      return { ...running, said, saying }
    }
    const fresh = (): string => randomBytes(32).toString('hex')
    const wordsOf = (racer: Racer): string[] => racer.said().map(({ word }) => word)

    test('of four, one pays, and the others find what it paid for', async () => {
      const fingerprint = fresh()
      const racers = [1, 2, 3, 4].map(() => race(fingerprint, 'pay'))
      const ended = await Promise.all(racers.map((racer) => racer.ended))
      expect(ended.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0, 0, 0])
      const lasts = racers.map((racer) => wordsOf(racer).at(-1)).toSorted()
      expect(lasts).toEqual(['found', 'found', 'found', 'paid'])
      expect(await store.has(`leases/${fingerprint}/0`)).toBe(false)
    })

    test('who is killed while paying is replaced after the expiry, and not before', async () => {
      const fingerprint = fresh()
      const first = race(fingerprint, 'stall')
      await first.saying('paying')
      const second = race(fingerprint, 'pay')
      await second.saying('waiting')
      await sleep(700)
      first.child.kill('SIGKILL')
      const killed = Date.now()
      await second.ended
      expect(wordsOf(second)).toEqual(['waiting', 'paying', 'paid'])
      const took = (second.said().find(({ word }) => word === 'paying')?.at ?? 0) - killed
      // It renewed every half second until it was killed.
      expect(took).toBeGreaterThan(1500 - 500 - 100)
      expect(took).toBeLessThan(1500 + 1000)
      expect(await store.has(`leases/${fingerprint}/1`)).toBe(false)
    })

    test('who fails gives way at once', async () => {
      const fingerprint = fresh()
      const first = race(fingerprint, 'fail')
      await first.ended
      const second = race(fingerprint, 'pay')
      await second.ended
      expect([wordsOf(first), wordsOf(second)]).toEqual([
        ['paying', 'failed'],
        ['paying', 'paid'],
      ])
    })

    test('who renews is not overtaken, however long it takes', async () => {
      const fingerprint = fresh()
      const first = race(fingerprint, 'pay', { PAY: '4500' })
      await first.saying('paying')
      const second = race(fingerprint, 'pay')
      await Promise.all([first.ended, second.ended])
      expect([wordsOf(first), wordsOf(second)]).toEqual([
        ['paying', 'paid'],
        ['waiting', 'found'],
      ])
    })

    test('who was stopped and overtaken knows it', async () => {
      const fingerprint = fresh()
      const first = race(fingerprint, 'pay', { PAY: '2500' })
      await first.saying('paying')
      first.child.kill('SIGSTOP')
      const second = race(fingerprint, 'pay')
      await second.saying('paid')
      first.child.kill('SIGCONT')
      await first.ended
      expect(wordsOf(first)).toEqual(['paying', 'lost'])
    })
  },
)
