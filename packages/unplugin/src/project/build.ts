import type { ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import { HostProject } from './host-project.ts'

/**
 * Where a build stands:
 *
 * - `idle`: none has begun. A dev server stays so: what is wrong, it tells whoever asks.
 * - `preparing`: everything that the source asks for is being made available. It is the one chance to spend.
 * - `sound`: nothing is wrong with the pictures so far.
 * - `wrong`: something is. It stays so until the next build begins.
 * - `verified`: all pictures that were handed out are those that the lockfile pins.
 */
export type BuildState = 'idle' | 'preparing' | 'sound' | 'wrong' | 'verified'

/**
 * A project that a host builds, once or whenever a file changes. What is wrong with its pictures is held until
 * the host can take it, and said once: until then, modules are built as if nothing were wrong, so that a host that
 * watches comes to know all files that may mend it.
 */
export class Build extends HostProject {
  #state: BuildState = 'idle'
  #failure: unknown

  get state(): BuildState {
    return this.#state
  }

  /** The first thing that is wrong in this build. */
  get failure(): unknown {
    return this.#failure
  }

  /** Whether the host takes what is wrong later than it comes to light. */
  get isPatient(): boolean {
    return true
  }

  /** A build begins. @throws what is wrong, where the host takes it at once. */
  async begin(): Promise<void> {
    this.#failure = undefined
    this.#state = 'preparing'
    try {
      await this.ready()
      this.#state = 'sound'
    } catch (error) {
      this.fail(error)
    }
  }

  /** Something is wrong with a picture. @throws it, where the host takes it at once, or builds nothing. */
  fail(error: unknown): void {
    if (this.#state === 'idle') throw error
    this.#note(error)
    if (!this.isPatient) throw error
  }

  /**
   * The picture of a declaration; `undefined` in a build that fails.
   * @throws what is wrong, where the host takes it at once.
   */
  async picture(id: DeclarationId): Promise<ResolvedImage | undefined> {
    if (this.#state === 'wrong') return undefined
    try {
      return await this.shown(id)
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** The picture of a declaration, as people are to see it now. @throws what is wrong with it. */
  shown(id: DeclarationId): Promise<ResolvedImage> {
    return this.image(id)
  }

  /** @throws what is wrong. */
  assertSound(): void {
    if (this.#state === 'wrong') throw this.#failure
  }

  override async verify(): Promise<void> {
    try {
      await super.verify()
      if (this.#state === 'sound') this.#state = 'verified'
    } catch (error) {
      if (this.#state !== 'idle') this.#note(error)
      throw error
    }
  }

  #note(error: unknown): void {
    this.#state = 'wrong'
    this.#failure ??= error
  }

  /** Makes what a build needs available. */
  protected ready(): Promise<void> {
    return this.prepareWatching()
  }
}
