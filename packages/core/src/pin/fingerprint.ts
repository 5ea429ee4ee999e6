import { hash } from 'node:crypto'
import { channel } from 'node:diagnostics_channel'
import canonicalize from 'canonicalize'
import type { ImageRequest } from '../providers/request.ts'

/** Raised only when the meaning of a request changes; every pinned picture would be paid for again. */
const FINGERPRINT_FORMAT = 1

/** Told of every request that is fingerprinted. @see https://nodejs.org/api/diagnostics_channel.html */
const fingerprinted = channel('gemini-image:fingerprint')

/**
 * The cache key of a picture: SHA-256, in hex, of the format version and the canonical request.
 * @see https://www.rfc-editor.org/rfc/rfc8785 (JSON Canonicalization Scheme)
 */
export function fingerprint(request: ImageRequest): string {
  if (fingerprinted.hasSubscribers) fingerprinted.publish(request)
  return hash('sha256', `gemini-image/${FINGERPRINT_FORMAT}\n${toCanonicalJson(request)}`)
}

/** The plainest request, which most are, is written down directly: the result is the same. */
function toCanonicalJson(request: ImageRequest): string | undefined {
  const { aspectRatio, model, prompt, size } = request
  if (Object.keys(request).length > 4) return canonicalize(request)
  // Sorted by key; strings are written as JSON.stringify writes them (RFC 8785, section 3.2.2.2).
  return JSON.stringify({ aspectRatio, model, prompt, size })
}
