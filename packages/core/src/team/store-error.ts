import { GeminiImageError, isGeminiImageError } from '../kernel/errors/error.ts'
import type { SharedStore } from './shared-store.ts'

/** A store that did not answer, or not sensibly. */
export function unavailable(store: string, why: string, cause?: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'STORE_UNAVAILABLE',
    what: `The shared store ${store} could not be reached, or answered with an error.`,
    why,
    fix: 'look whether it is up and its address right, and run again; what is pinned here is unharmed.',
    cause,
  })
}

/** A store that answered "no". */
export function refused(store: string, why: string, fix: string): GeminiImageError {
  return new GeminiImageError({
    code: 'STORE_REFUSED',
    what: `The shared store ${store} refused a request.`,
    why,
    fix,
  })
}

/** A store that cannot write only where a key is free. */
export function unconditional(store: string, why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'STORE_UNCONDITIONAL',
    what: `The shared store ${store} has no conditional writes, so there can be no leases.`,
    why,
    fix: 'use a server that has them (AWS S3, Cloudflare R2, a recent MinIO, Ceph, Google Cloud Storage, Redis); until then two machines may pay for the same picture.',
  })
}

/**
 * The text of a foreign error without what is secret: names and passwords in addresses, and every
 * secret that is given.
 */
export function plainText(error: unknown, secrets: readonly string[] = []): string {
  const cause = error instanceof Error ? error.cause : undefined
  // "fetch failed" says nothing; what is behind it may be several errors without a text of its own.
  return redact(wordsOf(cause) || wordsOf(error) || 'It did not say why.', secrets)
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return error === undefined ? '' : String(error)
  return error.message || ((error as NodeJS.ErrnoException).code ?? '')
}

/** A text without what is secret. */
export function redact(text: string, secrets: readonly string[]): string {
  const bare = text.replaceAll(/\/\/[^/\s]*@/g, '//…@')
  return secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '…'), bare)
}

/** For a `catch`: ours as it is, anything else as `STORE_UNAVAILABLE`. */
function toStoreError(store: string, error: unknown): GeminiImageError {
  return isGeminiImageError(error) ? error : unavailable(store, plainText(error))
}

/** The same store; whatever it throws is an error of ours. */
export function guardStore(store: SharedStore): SharedStore {
  const guard = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work()
    } catch (error) {
      throw toStoreError(store.name, error)
    }
  }
  return {
    name: store.name,
    get: (key) => guard(() => store.get(key)),
    has: (key) => guard(() => store.has(key)),
    put: (key, bytes) => guard(() => store.put(key, bytes)),
    ...(store.create && {
      create: (key: string, bytes: Uint8Array) =>
        guard(async () => (await store.create?.(key, bytes)) ?? false),
    }),
    delete: (key) => guard(() => store.delete(key)),
    cutOff: () => store.cutOff?.(),
    close: () => guard(async () => store.close?.()),
  }
}
