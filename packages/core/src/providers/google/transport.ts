import type { ProviderJob, ProviderResult } from '../provider.ts'

/** One of Google's APIs: how a job is asked, and how its answer reads. */
export interface Transport {
  /** What comes behind the API version in the address, without a leading slash. */
  path(job: ProviderJob): string
  /** The request's JSON. Reads the bytes of images. */
  body(job: ProviderJob): Promise<object>
  /**
   * @throws {PictureRefusal} `BLOCKED` or `NO_IMAGE`, with Google's own reason.
   * @throws {GeminiImageError} `BAD_ANSWER` where it is no such answer at all.
   */
  read(json: unknown, job: ProviderJob): ProviderResult
  /**
   * The job to ask instead after a 404, where it is not the model that is unknown: an earlier
   * answer that the server has forgotten.
   */
  withoutServerState?(job: ProviderJob): ProviderJob | undefined
}
