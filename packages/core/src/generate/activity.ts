import type { GeminiImageError } from '../kernel/errors/error.ts'

/** Milliseconds that a call is taken to last before any has ended. */
const USUAL = 10_000

/** How many of the last calls are remembered. */
const REMEMBERED = 8

/** A call that nothing is pinned for yet. */
export interface CallUnderWay {
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** How long it should last, in milliseconds, to go by the calls before it. */
  readonly expectedMs: number
}

/** What a project generates, for whoever looks on: calls under way, and those that the last run did not make. */
export class Activity {
  readonly #underWay = new Map<string, CallUnderWay>()
  readonly #failed = new Map<string, GeminiImageError>()
  readonly #lasted: number[] = []
  readonly #listeners = new Set<() => void>()

  /** The call for a fingerprint, from when it begins until its answer is pinned or has failed. */
  underWay(fingerprint: string): CallUnderWay | undefined {
    return this.#underWay.get(fingerprint)
  }

  /** Why the last run that was to generate a fingerprint did not, in this process. */
  failureOf(fingerprint: string): GeminiImageError | undefined {
    return this.#failed.get(fingerprint)
  }

  begin(fingerprint: string): void {
    this.#underWay.set(fingerprint, { startedAt: Date.now(), expectedMs: this.#expectedMs() })
    this.#failed.delete(fingerprint)
    this.#tell()
  }

  /** Ends the call for a fingerprint, if one is under way. */
  end(fingerprint: string): void {
    const call = this.#underWay.get(fingerprint)
    if (!call) return
    this.#underWay.delete(fingerprint)
    this.#lasted.push(Math.max(0, Date.now() - call.startedAt))
    if (this.#lasted.length > REMEMBERED) this.#lasted.shift()
    this.#tell()
  }

  /** A run has ended without these. */
  fail(failures: Iterable<readonly [fingerprint: string, GeminiImageError]>): void {
    for (const [fingerprint, failure] of failures) this.#failed.set(fingerprint, failure)
    this.#tell()
  }

  /** @returns What ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #expectedMs(): number {
    if (this.#lasted.length === 0) return USUAL
    return this.#lasted.reduce((sum, one) => sum + one, 0) / this.#lasted.length
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
