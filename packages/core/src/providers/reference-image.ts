import type { ReferenceRole } from './request.ts'

/** The media types of images that Google takes and we send. */
export type ReferenceType = 'image/jpeg' | 'image/png' | 'image/webp'

/** What is known of an image that may be sent. */
export interface ReferenceFacts {
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string
  /** Media type, read from the bytes. */
  readonly type: ReferenceType
  /** Size, in bytes. */
  readonly size: number
}

/** An image that the model is to look at. */
export interface ReferenceImage extends ReferenceFacts {
  readonly as: ReferenceRole | undefined
  /** The name by which the prompt may call it. */
  readonly label: string | undefined
  /**
   * Its bytes, read when they are sent and held against `sha256`.
   * @throws {GeminiImageError} `REFERENCE_CHANGED`, `REFERENCE_UNAVAILABLE`, `CORRUPT_OBJECT`.
   */
  bytes(): Promise<Uint8Array>
}
