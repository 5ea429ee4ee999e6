import type { ModelRow } from '../models/model.ts'
import type { Pixels } from '../models/pixels.ts'
import type { TokenCount } from '../models/price.ts'
import type { ImageRequest } from '../request/request.ts'

/** One picture to be made. */
export interface ProviderJob {
  readonly fingerprint: string
  readonly request: ImageRequest
  /** The catalogue's row for the model to ask. */
  readonly model: ModelRow
  /** The pixel size that the catalogue promises. */
  readonly pixels: Pixels
}

/** What a provider may use while it works. */
export interface ProviderContext {
  /**
   * Aborted when the run ends early: begin no further attempt. A call under way may finish, because
   * it is paid for either way.
   */
  readonly signal: AbortSignal
  /**
   * To be called before a request is sent again whose first sending may have been paid for (a
   * timeout, a lost connection). Throws where the budget has no room for paying twice.
   */
  readonly countPossiblyPaid: () => void
}

/** A picture as a provider hands it over. */
export interface ProviderResult {
  readonly bytes: Uint8Array
  /** The model that answered. */
  readonly model: string
  readonly tokens: TokenCount
}

/**
 * What answers a request. The engine calls `generate` once for each fingerprint that is missing,
 * never twice for one fingerprint at a time, and at most `concurrency` calls side by side; it has
 * checked the budget before the first call. Type and pixel size are read from the bytes, so a
 * provider need not know them.
 */
export interface Provider {
  /** A short name for messages: `generate-content`. */
  readonly name: string
  generate(job: ProviderJob, context: ProviderContext): Promise<ProviderResult>
}
