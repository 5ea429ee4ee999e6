import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { parseJson } from '../kernel/json.ts'
import type { LeasableStore } from './shared-store.ts'
import { isGeminiImageError } from '../kernel/errors/error.ts'

/** The right to pay for one fingerprint, as long as it is renewed. */
export interface Lease {
  readonly fingerprint: string
  /**
   * Aborted when the lease is lost: another machine took over, or it could not be renewed in time.
   * The reason says which. Nothing that costs money may begin afterwards.
   */
  readonly lost: AbortSignal
  /**
   * Whether this machine still holds it, by its own clock and without asking anyone. Ask right before
   * paying: after a suspension the timers have not run yet.
   */
  isLive(): boolean
  /**
   * Gives it back; call it once, whatever happened. It never throws: what cannot be given back
   * expires.
   * @param succeeded Whether the result can now be found in the store. If so all traces go, else the
   *   next machine may take over at once.
   */
  release(outcome: { readonly succeeded: boolean }): Promise<void>
}

/** The leases of one store. */
export interface Leases {
  /**
   * Takes the lease of a fingerprint, or says that another machine holds it. It does not wait: come
   * back after other work. It remembers what it saw, so a holder that died is found out by coming
   * back for `expiry` milliseconds.
   *
   * Whoever gets it MUST look for the result in the store before paying.
   * @throws {GeminiImageError} what the store throws.
   */
  acquire(fingerprint: string): Promise<Lease | 'held'>
}

interface LeaseOptions {
  /**
   * Milliseconds without a sign of life after which a lease is anyone's.
   * @default 30_000
   */
  readonly expiry?: number | undefined
  /** @default the machine's monotonic clock, with timers that keep no process alive */
  readonly clock?: LeaseClock | undefined
}

/** What leases know of time. Only differences count: clocks of two machines are never compared. */
export interface LeaseClock {
  /** Milliseconds since some moment; never goes back. */
  now(): number
  /** Calls `work` every so many milliseconds, until what it gives back is called. */
  every(milliseconds: number, work: () => void): () => void
}

/** What a lease says: who holds it, how often it was renewed, and whether it was given back. */
interface Holding {
  readonly holder: string
  readonly beat: number
  readonly released: boolean
}

const holdingSchema: z.ZodType<Holding> = z.object({
  holder: z.string(),
  beat: z.number(),
  released: z.boolean(),
})

const DEFAULT_EXPIRY = 30_000
/** A holder gives up a little before others take over: clocks may run at slightly different speeds. */
const SAFE = 0.9
/** More takeovers than this cannot be; a store that says so is out of its mind. */
const MOST = 1000

/**
 * Opens the leases of a store. They need `create` and nothing else: no clock is shared, and nothing
 * is ever written on the condition of what stands there.
 *
 * A fingerprint's leases are numbered: `leases/<fingerprint>/0`, `…/1`, and so on, without gaps. The
 * holder is whoever created the last one. Number n is passed over once it says `released`, or once an
 * observer has seen the same content for `expiry` of its own time; to take over is to create n + 1.
 *
 * - Two machines see n free, or expired: both create the next number, and `create` lets one win.
 * - A holder is late, or the network is: an observer counts from the answer to its first look to the
 *   question of its last, so what it sees stood there all that time. The holder counts from when it
 *   sent its last renewal, stops by itself at nine tenths of `expiry`, and takes a renewal for done
 *   only if the answer comes before that. Any renewal that it relies on has therefore arrived before
 *   an observer's last look, which sees a new content and starts to count again.
 * - A holder was stopped (suspended, or cut off) for longer: `isLive` says so by its own clock, and
 *   the next renewal finds n + 1, or its own lease gone. Only a payment that was already under way
 *   can then be made twice.
 * - A lost answer to `create`: trying again says "taken", but what stands there is our own mark.
 * - A renewal that arrives after the release, or after a takeover: it writes number n only, which all
 *   pass over again after `expiry`. It costs time and never lets two in.
 * - A success deletes all numbers, the last first. One who was under way to n + 1 meanwhile may create
 *   it while another creates 0: two holders. The result was stored before, so both find it when they
 *   look, and neither pays. The same goes for a number that a late renewal brings back.
 * - A store that forgets old leases leaves a gap below a living one: who fills it finds the next
 *   number, and gives it back.
 */
export function openLeases(store: LeasableStore, options: LeaseOptions = {}): Leases {
  const { expiry = DEFAULT_EXPIRY, clock = machineClock() } = options
  const observed = new Map<string, { readonly text: string; readonly since: number }>()

  /** Whether what stood at a key, when it was asked for, was nobody's any more. */
  const isOver = (key: string, text: string, asked: number): boolean => {
    if (readHolding(text)?.released) return true
    const before = observed.get(key)
    if (before?.text === text) return asked - before.since >= expiry
    observed.set(key, { text, since: clock.now() })
    return false
  }

  const acquire = async (fingerprint: string): Promise<Lease | 'held'> => {
    const holder = randomUUID()
    for (let number = 0; number < MOST; number += 1) {
      const key = keyOf(fingerprint, number)
      const asked = clock.now()
      const stands = await readText(store, key)
      if (stands !== undefined && isOver(key, stands, asked)) continue
      if (stands !== undefined) return 'held'
      observed.delete(key)
      const since = clock.now()
      const mark: Holding = { holder, beat: 0, released: false }
      const isOurs =
        (await store.create(key, write(mark))) || (await readHolder(store, key)) === holder
      if (!isOurs) return 'held'
      const lease = new HeldLease({ store, fingerprint, number, holder, expiry, clock }, since)
      return (await lease.isLast()) ? lease : 'held'
    }
    return 'held'
  }

  return { acquire }
}

interface Claim {
  readonly store: LeasableStore
  readonly fingerprint: string
  readonly number: number
  readonly holder: string
  readonly expiry: number
  readonly clock: LeaseClock
}

class HeldLease implements Lease {
  readonly #claim: Claim
  readonly #lost = new AbortController()
  readonly #stop: () => void
  #beat = 0
  /** When the last mark that arrived was sent. */
  #since: number
  #renewing: Promise<void> | undefined

  constructor(claim: Claim, since: number) {
    this.#claim = claim
    this.#since = since
    this.#stop = claim.clock.every(claim.expiry / 3, () => this.#tick())
  }

  get fingerprint(): string {
    return this.#claim.fingerprint
  }

  get lost(): AbortSignal {
    return this.#lost.signal
  }

  isLive(): boolean {
    const { clock, expiry } = this.#claim
    if (clock.now() - this.#since >= expiry * SAFE) this.#lose('it could not be renewed in time')
    return !this.#lost.signal.aborted
  }

  /** Whether it may be used at all; if not, it is given back. */
  async isLast(): Promise<boolean> {
    const { store, fingerprint, number } = this.#claim
    let isLast = false
    try {
      isLast = !(await store.has(keyOf(fingerprint, number + 1))) && this.isLive()
    } finally {
      if (!isLast) {
        this.#stop()
        await this.#write(true).catch(() => undefined)
      }
    }
    return isLast
  }

  async release({ succeeded }: { readonly succeeded: boolean }): Promise<void> {
    const { store, fingerprint, number } = this.#claim
    this.#stop()
    // A renewal that arrives later would bring back what is given up here.
    await this.#renewing
    try {
      if (succeeded) {
        for (let n = number; n >= 0; n -= 1) await store.delete(keyOf(fingerprint, n))
      } else if (await this.#stands()) await this.#write(true)
    } catch {
      // It expires.
    }
  }

  #tick(): void {
    if (!this.isLive()) return this.#stop()
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined))
  }

  async #renew(): Promise<void> {
    try {
      if (!(await this.#stands())) return this.#lose('another machine took over')
      const since = this.#claim.clock.now()
      await this.#write(false)
      // Confirmed too late, it counts for nothing: others may have looked before it arrived.
      if (this.isLive()) this.#since = since
    } catch {
      // The next beat tries again, until it is too late.
    }
  }

  /** Whether the last number is still ours. */
  async #stands(): Promise<boolean> {
    const { store, fingerprint, number, holder } = this.#claim
    const [isOvertaken, present] = await Promise.all([
      store.has(keyOf(fingerprint, number + 1)),
      readHolder(store, keyOf(fingerprint, number)),
    ])
    return !isOvertaken && present === holder
  }

  #write(released: boolean): Promise<void> {
    const { store, fingerprint, number, holder } = this.#claim
    this.#beat += 1
    return store.put(keyOf(fingerprint, number), write({ holder, beat: this.#beat, released }))
  }

  #lose(why: string): void {
    this.#stop()
    this.#lost.abort(new Error(`The lease on ${this.fingerprint.slice(0, 12)}… is lost: ${why}.`))
  }
}

function machineClock(): LeaseClock {
  return {
    now: () => performance.now(),
    every: (milliseconds, work) => {
      const timer = setInterval(work, milliseconds)
      timer.unref()
      return () => clearInterval(timer)
    },
  }
}

function keyOf(fingerprint: string, number: number): string {
  return `leases/${fingerprint}/${number}`
}

function write(holding: Holding): Uint8Array {
  return Buffer.from(JSON.stringify(holding))
}

async function readText(store: LeasableStore, key: string): Promise<string | undefined> {
  const bytes = await store.get(key)
  return bytes && Buffer.from(bytes).toString()
}

async function readHolder(store: LeasableStore, key: string): Promise<string | undefined> {
  return readHolding((await readText(store, key)) ?? '')?.holder
}

function readHolding(text: string): Holding | undefined {
  return holdingSchema.safeParse(parseJson(text)).data
}

/**
 * Whether `create` keeps its word: a random key is created twice, and the second must be refused.
 * There are servers that take the condition and ignore it; on those two machines would both hold a
 * lease, and both would pay.
 * @returns what is wrong, or `undefined`.
 * @throws {GeminiImageError} `STORE_UNAVAILABLE` or `STORE_REFUSED`, where it could not be found out.
 */
export async function findConditionalFault(store: LeasableStore): Promise<string | undefined> {
  const key = `probe/${randomUUID()}`
  try {
    // A first attempt that got lost on its way back says no as well; the second is what counts.
    await store.create(key, Buffer.from('first'))
    if (await store.create(key, Buffer.from('second'))) {
      return 'it takes conditional writes and ignores the condition'
    }
    const stands = await store.get(key)
    return stands && Buffer.from(stands).toString() === 'first'
      ? undefined
      : 'it refused a conditional write and changed the value all the same'
  } catch (error) {
    if (isGeminiImageError(error) && error.code === 'STORE_UNCONDITIONAL') {
      return error.why ?? 'it has no conditional writes'
    }
    throw error
  } finally {
    await store.delete(key).catch(() => undefined)
  }
}
