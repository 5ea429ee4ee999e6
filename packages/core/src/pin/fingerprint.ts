import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { ImageRequest } from '../providers/request.ts'

/** Raised only when the meaning of a request changes; every pinned picture would be paid for again. */
export const FINGERPRINT_FORMAT = 1

/**
 * The cache key of a picture: SHA-256, in hex, of the format version and the canonical request.
 * @see https://www.rfc-editor.org/rfc/rfc8785 (JSON Canonicalization Scheme)
 */
export function fingerprint(request: ImageRequest): string {
  return hash('sha256', `gemini-image/${FINGERPRINT_FORMAT}\n${toCanonicalJson(request)}`)
}

/** The plainest request, which most are, is written down directly: the result is the same. */
function toCanonicalJson(request: ImageRequest): string | undefined {
  const { aspectRatio, model, prompt, size } = request
  if (Object.keys(request).length > 4) return canonicalize(request)
  // Sorted by key; strings are written as JSON.stringify writes them (RFC 8785, section 3.2.2.2).
  return JSON.stringify({ aspectRatio, model, prompt, size })
}
