import { vi } from 'vitest'
import type { Built, Watching } from './host.ts'

/** The builds of a host that watches, as they end. */
export class Builds implements Watching {
  readonly #ended: Built[] = []
  #told = 0

  /** A build has ended. */
  add(built: Built): void {
    this.#ended.push(built)
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
