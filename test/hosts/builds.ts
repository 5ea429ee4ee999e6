import { vi } from 'vitest'
import type { Built, Watching } from './host.ts'

/** The builds of a host that watches, as they end. */
export class Builds implements Watching {
  readonly #ended: Built[] = []
  #told = 0
  #underWay = false

  /** A build has begun, or is about to. */
  begin(): void {
    this.#underWay = true
  }

  /** A build has ended. */
  add(built: Built): void {
    this.#underWay = false
    this.#ended.push(built)
  }

  isUnderWay(): boolean {
    return this.#underWay
  }

  count(): number {
    return this.#ended.length
  }

  next(): Promise<Built> {
    const another = (): Built | undefined =>
      this.#ended.length > this.#told ? this.#ended[this.#told++] : undefined
    return vi.waitUntil(another, { timeout: 20_000 })
  }
}
