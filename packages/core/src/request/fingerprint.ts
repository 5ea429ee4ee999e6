import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ImageRequest } from './request.ts'

/** Raised only when the meaning of a request changes; every pinned picture would be paid for again. */
export const FINGERPRINT_FORMAT = 1

/**
 * The cache key of a picture: SHA-256, in hex, of the format version and the canonical request.
 * @see https://www.rfc-editor.org/rfc/rfc8785 (JSON Canonicalization Scheme)
 */
export function fingerprint(request: ImageRequest): string {
  return hash('sha256', `gemini-image/${FINGERPRINT_FORMAT}\n${canonicalize(request)}`)
}
