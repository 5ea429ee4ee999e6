import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LeasableStore } from '@gemini-image/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { start, type Running } from '../support/process.ts'
import { CEPH_KEYS } from './servers/ceph.ts'
import type { Server } from './servers/daemon.ts'

/** Milliseconds; as racers have it. */
const EXPIRY = 1000
const RACER = path.join(import.meta.dirname, 'racer.ts')

/** A server to race over. */
export interface Lane {
  readonly name: string
  readonly kind: 'redis' | 's3'
  readonly isSkipped: boolean
  start(): Promise<Server>
  open(url: string): LeasableStore
}

/** A process that wants a picture, and what it has said so far. */
interface Racer extends Running {
  said(): { word: string; at: number }[]
  saying(word: string): Promise<void>
}

interface Stage {
  store(): LeasableStore
  race(fingerprint: string, role: string, env?: Record<string, string>): Racer
}

/** Real processes that want the same picture, over one server. */
export function racesOver(lane: Lane): void {
  describe.skipIf(lane.isSkipped)(`processes race over ${lane.name}`, () => {
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
    const stage: Stage = {
      store: () => store,
      race: (fingerprint, role, env) =>
        startRacer([lane.kind, server.url, fingerprint, role], env ?? {}),
    }
    whoPays(stage)
    whoHolds(stage)
  })
}

function startRacer(args: readonly string[], env: Record<string, string>): Racer {
  const keys = {
    EXPIRY: String(EXPIRY),
    ID: CEPH_KEYS.accessKeyId,
    SECRET: CEPH_KEYS.secretAccessKey,
  }
  const running = start([RACER, ...args], import.meta.dirname, { ...keys, ...env })
  let output = ''
  running.child.stdout?.on('data', (text: string) => (output += text))
  const said = (): { word: string; at: number }[] =>
    [...output.matchAll(/^(\w+) (\d+)$/gm)].map(([, word = '', at]) => ({ word, at: Number(at) }))
  const saying = async (word: string): Promise<void> => {
    const isSaid = (): boolean => said().some((line) => line.word === word)
    await vi.waitUntil(isSaid, { timeout: 20_000, interval: 5 })
  }
  return { ...running, said, saying }
}

function fresh(): string {
  return randomBytes(32).toString('hex')
}

function wordsOf(racer: Racer): string[] {
  return racer.said().map(({ word }) => word)
}

function whoPays(stage: Stage): void {
  test('of four, one pays, and the others find what it paid for', async () => {
    const fingerprint = fresh()
    const racers = [1, 2, 3, 4].map(() => stage.race(fingerprint, 'pay'))
    const ended = await Promise.all(racers.map((racer) => racer.ended))
    expect(ended.map(({ code, output }) => (code === 0 ? 0 : output))).toEqual([0, 0, 0, 0])
    const lasts = racers.map((racer) => wordsOf(racer).at(-1)).toSorted()
    expect(lasts).toEqual(['found', 'found', 'found', 'paid'])
    expect(await stage.store().has(`leases/${fingerprint}/0`)).toBe(false)
  })

  test('who is killed while paying is replaced after the expiry, and not before', async () => {
    const fingerprint = fresh()
    const first = stage.race(fingerprint, 'stall')
    await first.saying('paying')
    const second = stage.race(fingerprint, 'pay')
    await second.saying('waiting')
    await sleep(EXPIRY / 2)
    first.child.kill('SIGKILL')
    const killed = Date.now()
    await second.ended
    expect(wordsOf(second)).toEqual(['waiting', 'paying', 'paid'])
    const took = (second.said().find(({ word }) => word === 'paying')?.at ?? 0) - killed
    // It renewed every third of the expiry until it was killed.
    expect(took).toBeGreaterThan(EXPIRY - EXPIRY / 3 - 100)
    expect(took).toBeLessThan(EXPIRY + 1500)
    expect(await stage.store().has(`leases/${fingerprint}/1`)).toBe(false)
  })

  test('who fails gives way at once', async () => {
    const fingerprint = fresh()
    const first = stage.race(fingerprint, 'fail')
    await first.ended
    const second = stage.race(fingerprint, 'pay')
    await second.ended
    expect([wordsOf(first), wordsOf(second)]).toEqual([
      ['paying', 'failed'],
      ['paying', 'paid'],
    ])
  })
}

function whoHolds(stage: Stage): void {
  test('who renews is not overtaken, however long it takes', async () => {
    const fingerprint = fresh()
    const first = stage.race(fingerprint, 'pay', { PAY: String(2.5 * EXPIRY) })
    await first.saying('paying')
    const second = stage.race(fingerprint, 'pay')
    await Promise.all([first.ended, second.ended])
    expect([wordsOf(first), wordsOf(second)]).toEqual([
      ['paying', 'paid'],
      ['waiting', 'found'],
    ])
  })

  test('who was stopped and overtaken knows it', async () => {
    const fingerprint = fresh()
    const first = stage.race(fingerprint, 'pay', { PAY: String(1.5 * EXPIRY) })
    await first.saying('paying')
    first.child.kill('SIGSTOP')
    const second = stage.race(fingerprint, 'pay')
    await second.saying('paid')
    first.child.kill('SIGCONT')
    await first.ended
    expect(wordsOf(first)).toEqual(['paying', 'lost'])
  })
}
