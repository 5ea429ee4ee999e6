import type { ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import { HostProject } from './host-project.ts'

/**
 * A project that a host builds, once or whenever a file changes. What is wrong with its pictures is held
 * until the host can say it, and said once: until then, modules are built as if nothing were wrong, so
 * that a host that watches comes to know all files that may mend it.
 */
export class Build extends HostProject {
  /** The first thing that is wrong in this build. */
  failure: unknown

  /** A build begins: it is the one chance to spend. Never rejects. */
  async begin(): Promise<void> {
    this.failure = undefined
    await this.prepareWatching().catch((error: unknown) => this.fail(error))
  }

  /** Something is wrong with a picture. */
  fail(error: unknown): void {
    this.failure ??= error
  }

  /** The picture of a declaration; `undefined` in a build that fails. */
  async picture(id: DeclarationId): Promise<ResolvedImage | undefined> {
    if (this.failure !== undefined) return undefined
    try {
      return await this.image(id)
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** @throws what is wrong. */
  assertSound(): void {
    if (this.failure !== undefined) throw this.failure
  }
}
