import type { DeclarationId } from '../declare/declaration.ts'

/** Milliseconds that a call is taken to last before any has ended. */
const USUAL = 10_000

/** How many of the last calls are remembered. */
const REMEMBERED = 8

/** The calls that a project has under way, for whoever looks on. */
export class Activity {
  readonly #began = new Map<DeclarationId, number>()
  readonly #lasted: number[] = []
  readonly #listeners = new Set<() => void>()

  /** When the call for a declaration began, in milliseconds since 1970; `undefined` where none is under way. */
  startedAt(id: DeclarationId): number | undefined {
    return this.#began.get(id)
  }

  /** How long a call lasts, in milliseconds, to go by the last ones. */
  get expectedMs(): number {
    if (this.#lasted.length === 0) return USUAL
    return this.#lasted.reduce((sum, one) => sum + one, 0) / this.#lasted.length
  }

  /** Makes a call for a declaration, and tells when it begins and ends. */
  async during<Value>(id: DeclarationId, call: () => Promise<Value>): Promise<Value> {
    const began = Date.now()
    this.#began.set(id, began)
    this.#tell()
    try {
      return await call()
    } finally {
      this.#began.delete(id)
      this.#lasted.push(Math.max(0, Date.now() - began))
      if (this.#lasted.length > REMEMBERED) this.#lasted.shift()
      this.#tell()
    }
  }

  /** @returns What ends it. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
