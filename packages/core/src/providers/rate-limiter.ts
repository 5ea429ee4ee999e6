import { setTimeout as sleep } from 'node:timers/promises'
import { noTurn } from './call-failure.ts'

/** The first gap between calls after a "too many requests", in milliseconds. */
const FIRST_GAP = 250
/** The widest gap, in milliseconds: a call every eight seconds. */
const WIDEST_GAP = 8000

/**
 * Limits the rate of all calls of one provider. After a "too many requests" nobody calls for as long as the
 * server asks, and then the calls start one after another with a gap between them. Each further 429
 * doubles the gap; each answer halves it, until it is gone.
 */
export class RateLimiter {
  /** When the next call may start, in milliseconds of `performance.now()`. */
  #next = 0
  #gap = 0
  readonly #company: string

  /** @param company Whose calls they are, for messages. */
  constructor(company: string) {
    this.#company = company
  }

  /**
   * Resolves when it is this call's turn.
   * @param deadline In milliseconds of `performance.now()`.
   * @throws the signal's reason when it is aborted.
   * @throws {CallFailure} `RATE_LIMITED` where its turn would come after the deadline.
   */
  async turn(signal: AbortSignal, deadline: number): Promise<void> {
    for (;;) {
      signal.throwIfAborted()
      const now = performance.now()
      const wait = this.#next - now
      if (wait > 0 && this.#next > deadline) throw noTurn(this.#company)
      if (wait <= 0) {
        this.#next = now + this.#gap
        return
      }
      await sleep(wait, undefined, { signal })
    }
  }

  /** The server said "too many requests". @param wait Milliseconds that it asks to wait. */
  slowDown(wait: number): void {
    this.#gap = Math.min(WIDEST_GAP, Math.max(FIRST_GAP, this.#gap * 2))
    this.#next = Math.max(this.#next, performance.now() + wait)
  }

  /** The server answered. */
  speedUp(): void {
    this.#gap = this.#gap > FIRST_GAP / 2 ? this.#gap / 2 : 0
  }
}
