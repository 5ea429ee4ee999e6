import { createHmac } from 'node:crypto'
import { sha256 } from '../../kernel/hash.ts'

/** What a request to S3 is signed with. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Comes with credentials that are lent for a time. */
  readonly sessionToken?: string | undefined
}

/**
 * Whose words are used: Amazon's, which every S3 server understands, or Google's, which differ in
 * names only. Google Cloud Storage takes conditions on writes only as `x-goog-` headers, and none of
 * those beside an `x-amz-` one, which Amazon's signature cannot do without.
 */
export type S3Dialect = 'amazon' | 'google'

interface Words {
  readonly algorithm: string
  readonly secretPrefix: string
  readonly headerPrefix: string
  readonly service: string
  readonly terminator: string
}

const WORDS: Readonly<Record<S3Dialect, Words>> = {
  amazon: {
    algorithm: 'AWS4-HMAC-SHA256',
    secretPrefix: 'AWS4',
    headerPrefix: 'x-amz-',
    service: 's3',
    terminator: 'aws4_request',
  },
  google: {
    algorithm: 'GOOG4-HMAC-SHA256',
    secretPrefix: 'GOOG4',
    headerPrefix: 'x-goog-',
    service: 'storage',
    terminator: 'goog4_request',
  },
}

interface UnsignedRequest {
  readonly method: string
  /** Its path holds each name percent-encoded by {@link encodeName}; it has no query. */
  readonly url: URL
  /** Lower-case name → value without spaces at its ends. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** What the signature depends on besides the request. */
interface Signing {
  readonly credentials: S3Credentials
  readonly region: string
  readonly dialect: S3Dialect
  readonly now: Date
}

/**
 * The headers of a request, with its signature: every header that is given is signed, the host, the
 * time and the SHA-256 of the body with them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 * @see https://cloud.google.com/storage/docs/authentication/signatures
 */
export function signRequest(request: UnsignedRequest, signing: Signing): Record<string, string> {
  const { credentials, region, now } = signing
  const words = WORDS[signing.dialect]
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const bodyHash = sha256(request.body)
  const headers: Record<string, string> = {
    ...request.headers,
    [`${words.headerPrefix}date`]: time,
    [`${words.headerPrefix}content-sha256`]: bodyHash,
    ...(credentials.sessionToken && {
      [`${words.headerPrefix}security-token`]: credentials.sessionToken,
    }),
  }
  const signed = Object.entries({ ...headers, host: request.url.host }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const names = signed.map(([name]) => name).join(';')
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  const canonical = [request.method, request.url.pathname, '', lines, names, bodyHash].join('\n')
  const scope = [time.slice(0, 8), region, words.service, words.terminator]
  const toSign = [words.algorithm, time, scope.join('/'), sha256(Buffer.from(canonical))].join('\n')
  const key = scope.reduce<string | Buffer>(hmac, words.secretPrefix + credentials.secretAccessKey)
  const signature = hmac(key, toSign).toString('hex')
  const credential = `${credentials.accessKeyId}/${scope.join('/')}`
  return {
    ...headers,
    authorization: `${words.algorithm} Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
  }
}

/** One name of a path: all but letters, digits and `-_.~` is percent-encoded, as signatures ask for. */
export function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.codePointAt(0)?.toString(16).toUpperCase()}`,
  )
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
