import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openLeases, type Lease, type LeaseClock } from '../src/team/lease.ts'
import type { LeasableStore } from '../src/team/shared-store.ts'

const EXPIRY = 300
const FINGERPRINT = 'f'.repeat(64)

/** A clock that a test turns. */
function testClock(): LeaseClock & { turn(milliseconds: number): void; isStopped: boolean } {
  let now = 0
  const works = new Set<{ due: number; period: number; work: () => void }>()
  return {
    isStopped: false,
    now: () => now,
    every: (period, work) => {
      const entry = { due: now + period, period, work }
      works.add(entry)
      return () => works.delete(entry)
    },
    turn(milliseconds) {
      now += milliseconds
      if (this.isStopped) return
      for (const entry of works) {
        if (entry.due > now) continue
        entry.due = now + entry.period
        entry.work()
      }
    },
  }
}

/** A store in memory that takes its steps when `pause` lets it: before and after it acts. */
function memoryStore(pause: (step: string) => Promise<unknown> = async () => 0): LeasableStore & {
  values: Map<string, Uint8Array>
} {
  const values = new Map<string, Uint8Array>()
  const step = async <Value>(name: string, act: () => Value): Promise<Value> => {
    await pause(name)
    const value = act()
    await pause(`after ${name}`)
    return value
  }
  return {
    name: 'memory',
    values,
    get: (key) => step('get', () => values.get(key)),
    has: (key) => step('has', () => values.has(key)),
    put: (key, bytes) => step('put', () => void values.set(key, bytes)),
    create: (key, bytes) =>
      step('create', () => !values.has(key) && Boolean(values.set(key, bytes))),
    delete: (key) => step('delete', () => void values.delete(key)),
  }
}

async function acquired(acquiring: Promise<Lease | 'held'>): Promise<Lease> {
  const lease = await acquiring
  if (lease === 'held') throw new Error('It is held.')
  return lease
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('a holder that gives no sign of life is overtaken after the expiry, and not before', async () => {
  const [store, hers, his] = [memoryStore(), testClock(), testClock()]
  await acquired(openLeases(store, { expiry: EXPIRY, clock: hers }).acquire(FINGERPRINT))
  const others = openLeases(store, { expiry: EXPIRY, clock: his })
  expect(await others.acquire(FINGERPRINT)).toBe('held')
  his.turn(EXPIRY - 1)
  expect(await others.acquire(FINGERPRINT)).toBe('held')
  his.turn(1)
  expect(await others.acquire(FINGERPRINT)).not.toBe('held')
  expect([...store.values.keys()]).toEqual([`leases/${FINGERPRINT}/0`, `leases/${FINGERPRINT}/1`])
})

test('a holder that was overtaken is told why by its next beat', async () => {
  const [store, hers, his] = [memoryStore(), testClock(), testClock()]
  const lease = await acquired(
    openLeases(store, { expiry: EXPIRY, clock: hers }).acquire(FINGERPRINT),
  )
  const others = openLeases(store, { expiry: EXPIRY, clock: his })
  await others.acquire(FINGERPRINT)
  his.turn(EXPIRY)
  await others.acquire(FINGERPRINT)
  expect(lease.lost.aborted).toBe(false)
  hers.turn(EXPIRY / 3)
  await settled()
  expect(String(lease.lost.reason)).toContain('another machine took over')
})

test('a holder whose clock ran on without a renewal knows that it is too late', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const lease = await acquired(openLeases(store, { expiry: EXPIRY, clock }).acquire(FINGERPRINT))
  clock.isStopped = true
  clock.turn(EXPIRY)
  expect(lease.isLive()).toBe(false)
  expect(String(lease.lost.reason)).toContain('could not be renewed in time')
})

test('renewals that fail for a while are made up for; for too long, and the lease is lost', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  let isDown = false
  const flaky: LeasableStore = {
    ...store,
    put: async (key, bytes) => {
      if (isDown) throw new Error('down')
      return store.put(key, bytes)
    },
  }
  const lease = await acquired(openLeases(flaky, { expiry: EXPIRY, clock }).acquire(FINGERPRINT))
  const beat = async (): Promise<void> => {
    clock.turn(EXPIRY / 3)
    await settled()
  }
  isDown = true
  await beat()
  await beat()
  isDown = false
  expect(lease.isLive()).toBe(true)
  await lease.release({ succeeded: false })
  const next = await acquired(openLeases(flaky, { expiry: EXPIRY, clock }).acquire(FINGERPRINT))
  isDown = true
  for (let i = 0; i < 3; i += 1) await beat()
  expect(next.lost.aborted).toBe(true)
})

test('a lease that is given back can be taken at once; one that succeeded leaves nothing', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const leases = openLeases(store, { expiry: EXPIRY, clock })
  await (await acquired(leases.acquire(FINGERPRINT))).release({ succeeded: false })
  const second = await acquired(leases.acquire(FINGERPRINT))
  expect(store.values.size).toBe(2)
  await second.release({ succeeded: true })
  expect(store.values.size).toBe(0)
})

test('a creation whose answer got lost is known by its mark', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const lossy: LeasableStore = {
    ...store,
    create: async (key, bytes) => {
      await store.create(key, bytes)
      return false
    },
  }
  const lease = await openLeases(lossy, { expiry: EXPIRY, clock }).acquire(FINGERPRINT)
  expect(lease).not.toBe('held')
})

test('who fills a gap below a living lease gives it back', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const leases = openLeases(store, { expiry: EXPIRY, clock })
  await (await acquired(leases.acquire(FINGERPRINT))).release({ succeeded: false })
  const living = await acquired(leases.acquire(FINGERPRINT))
  store.values.delete(`leases/${FINGERPRINT}/0`)
  expect(await openLeases(store, { expiry: EXPIRY, clock }).acquire(FINGERPRINT)).toBe('held')
  clock.turn(EXPIRY / 3)
  await settled()
  expect(living.isLive()).toBe(true)
})

test('a lease that took longer than the expiry to get is none', async () => {
  const clock = testClock()
  clock.isStopped = true
  const store = memoryStore(async (step) => step === 'create' && clock.turn(EXPIRY))
  expect(await openLeases(store, { expiry: EXPIRY, clock }).acquire(FINGERPRINT)).toBe('held')
})

/** The same store; one call of `method` acts, or waits to act, until `open` is called. */
function gated(
  store: LeasableStore,
  method: 'get' | 'put',
): { store: LeasableStore; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>()
  const get: LeasableStore['get'] = async (key) => {
    const value = await store.get(key)
    await promise
    return value
  }
  const put: LeasableStore['put'] = async (key, bytes) => {
    await promise
    return store.put(key, bytes)
  }
  return { store: { ...store, ...(method === 'get' ? { get } : { put }) }, open: resolve }
}

test('an answer that comes late tells what stood when it was asked for', async () => {
  const [store, hers, his] = [memoryStore(), testClock(), testClock()]
  const late = gated(store, 'get')
  let isLate = false
  const lazy: LeasableStore = { ...store, get: (key) => (isLate ? late.store : store).get(key) }
  const lease = await acquired(
    openLeases(store, { expiry: EXPIRY, clock: hers }).acquire(FINGERPRINT),
  )
  const others = openLeases(lazy, { expiry: EXPIRY, clock: his })
  expect(await others.acquire(FINGERPRINT)).toBe('held')
  isLate = true
  const looking = others.acquire(FINGERPRINT)
  await settled()
  his.turn(EXPIRY)
  hers.turn(EXPIRY / 3)
  await settled()
  late.open()
  expect(await looking).toBe('held')
  expect(lease.isLive()).toBe(true)
})

test('a renewal counts from when it was sent', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const slow = gated(store, 'put')
  const lease = await acquired(
    openLeases(slow.store, { expiry: EXPIRY, clock }).acquire(FINGERPRINT),
  )
  clock.turn(EXPIRY / 3)
  await settled()
  clock.turn(EXPIRY / 3)
  slow.open()
  await settled()
  clock.isStopped = true
  clock.turn(EXPIRY / 2)
  expect(lease.isLive()).toBe(true)
  clock.turn(EXPIRY / 6)
  expect(lease.isLive()).toBe(false)
})

test('what is given back amid a renewal stays given back', async () => {
  const [store, clock] = [memoryStore(), testClock()]
  const slow = gated(store, 'put')
  const lease = await acquired(
    openLeases(slow.store, { expiry: EXPIRY, clock }).acquire(FINGERPRINT),
  )
  clock.turn(EXPIRY / 3)
  await settled()
  const releasing = lease.release({ succeeded: true })
  await settled()
  slow.open()
  await releasing
  await settled()
  expect(store.values.size).toBe(0)
})

/** What one machine does at each turn that it gets. */
interface Machine {
  readonly clock: ReturnType<typeof testClock>
  readonly outcomes: readonly boolean[]
}

const machines = fc.array(
  fc.record({
    outcomes: fc.array(fc.boolean(), { minLength: 1, maxLength: 3 }),
    /** How fast its clock runs; within what `isLive` allows for. */
    pace: fc.constantFrom(0.96, 1, 1.04),
  }),
  { minLength: 2, maxLength: 4 },
)

/** Milliseconds that a clock is turned at most; then some steps are taken, in any order. */
const MOST_TURN = 60
const STEPS_A_TURN = 8
/** How many steps a payment takes: long enough for others to run out of patience. */
const PAYMENT = 30

test('whatever the order of steps, no two hold it live, and a success is paid for once', async () => {
  await fc.assert(
    fc.asyncProperty(
      machines,
      fc.scheduler(),
      fc.array(fc.integer({ min: 1, max: MOST_TURN }), { minLength: 30, maxLength: 120 }),
      async (made, scheduler, turns) => {
        const store = memoryStore((step) => scheduler.schedule(Promise.resolve(), step))
        const living = new Set<Lease>()
        const faults: string[] = []
        let hasResult = false
        const run = { isOver: false, isDone: false }
        let paid = 0

        const live = async ({ clock, outcomes }: Machine): Promise<void> => {
          const leases = openLeases(store, { expiry: EXPIRY, clock })
          for (const succeeds of outcomes) {
            let lease: Lease | 'held' = 'held'
            while (lease === 'held' && !run.isOver) {
              lease = await leases.acquire(FINGERPRINT)
              if (lease === 'held') await scheduler.schedule(Promise.resolve(), 'wait')
            }
            if (lease === 'held') return
            // The double check, and then the payment, only while it is live.
            const isPaid = await scheduler.schedule(Promise.resolve(), 'look').then(() => hasResult)
            if (isPaid) return void (await lease.release({ succeeded: true }))
            if (!lease.isLive()) continue
            for (const other of living) if (other.isLive()) faults.push('two live holders')
            living.add(lease)
            for (let i = 0; i < PAYMENT; i += 1) {
              await scheduler.schedule(Promise.resolve(), 'pay')
            }
            const isStillLive = lease.isLive()
            living.delete(lease)
            if (succeeds && isStillLive) {
              paid += 1
              hasResult = true
            }
            await lease.release({ succeeded: succeeds && isStillLive })
          }
        }

        const clocks = made.map(({ pace }) => ({ pace, clock: testClock() }))
        const lives = made.map(({ outcomes }, i) =>
          live({ outcomes, clock: clocks[i]?.clock ?? testClock() }),
        )
        for (const turn of turns) {
          for (const { pace, clock } of clocks) clock.turn(turn * pace)
          for (let i = 0; i < STEPS_A_TURN && scheduler.count() > 0; i += 1)
            await scheduler.waitOne()
        }
        run.isOver = true
        const all = Promise.all(lives).then(() => (run.isDone = true))
        while (!run.isDone) {
          if (scheduler.count() > 0) await scheduler.waitOne()
          else await settled()
        }
        await all
        expect(faults).toEqual([])
        expect(paid).toBeLessThanOrEqual(1)
      },
    ),
    { numRuns: 1000 },
  )
})
