import process from 'node:process'
import type { GeminiImageError } from '../../kernel/errors/error.ts'
import type { LeasableStore } from '../shared-store.ts'
import { refused, unconditional } from '../store-error.ts'
import {
  resolveAddress,
  type S3Address,
  type S3AddressOptions,
  sendS3,
  type S3Answer,
  type S3Request,
  type S3Sending,
} from './request.ts'
import type { S3Credentials, S3Dialect } from './sign.ts'

/** A bucket, and how to reach it. There is no option for a key: none can end up in a config file. */
export interface S3StoreOptions extends S3AddressOptions {
  /**
   * Gives the credentials, before each request: the providers of `@aws-sdk/credential-providers`
   * fit, and remember by themselves. `undefined` means that requests are not signed, which will do
   * for reading a public bucket.
   * @default AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, where the first two are
   *   set. For Google they hold an HMAC key of Cloud Storage.
   */
  readonly credentials?: (() => Promise<S3Credentials | undefined>) | undefined
  /**
   * Milliseconds for one attempt at one request.
   * @default 30_000
   */
  readonly timeout?: number | undefined
  /**
   * Attempts at one request in all, where the server is busy, broken or out of reach.
   * @default 4
   */
  readonly attempts?: number | undefined
  /**
   * Milliseconds before the second attempt; doubled each time.
   * @default 200
   */
  readonly retryDelay?: number | undefined
}

/** What makes a write conditional on the key being free. */
const IF_FREE: Readonly<Record<S3Dialect, Readonly<Record<string, string>>>> = {
  amazon: { 'if-none-match': '*' },
  google: { 'x-goog-if-generation-match': '0' },
}

/**
 * A bucket of S3 or of what speaks like it, as a shared store.
 *
 * Tested against Ceph's gateway and two servers for tests. AWS S3, Cloudflare R2 and MinIO document
 * the same conditional write (`If-None-Match: *`). Google Cloud Storage ignores that header on
 * writes; what is sent to it (its own header, under its own signature) follows its documentation and
 * was tested against an imitation only. In every case a probe tells, once a run, whether conditions
 * are honoured.
 *
 * A bucket rule that deletes `leases/` and `probe/` after a day keeps what killed machines leave from
 * piling up.
 *
 * @param env Environment variables. Default: those of the process, as they are when asked for.
 * @throws {GeminiImageError} `INVALID_OPTION`; of its calls, `STORE_UNAVAILABLE`, `STORE_REFUSED` and
 *   `STORE_UNCONDITIONAL`.
 */
export function s3Store(
  options: S3StoreOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): LeasableStore {
  const address = resolveAddress(options, env)
  let ending = new AbortController()
  const sending: S3Sending = {
    address,
    credentials: options.credentials ?? (async () => credentialsOf(env)),
    timeout: options.timeout ?? 30_000,
    attempts: options.attempts ?? 4,
    retryDelay: options.retryDelay ?? 200,
    cutOff: () => ending.signal,
  }
  const send = (request: S3Request): Promise<S3Answer> => sendS3(request, sending)
  /** An answer that is as it should be, or one of the statuses that mean "it is not there". */
  const ask = async (request: S3Request): Promise<S3Answer> => {
    const answer = await send(request)
    const isFine = answer.status >= 200 && answer.status < 300
    if (isFine || isMissing(answer)) return answer
    throw refusal(answer, address)
  }
  const write = async (request: S3Request): Promise<void> => {
    const answer = await ask(request)
    if (isMissing(answer) && request.method === 'PUT') throw refusal(answer, address)
  }
  return {
    name: address.name,
    get: async (key) => {
      const answer = await ask({ method: 'GET', key })
      return isMissing(answer) ? undefined : answer.bytes
    },
    has: async (key) => !isMissing(await ask({ method: 'HEAD', key })),
    put: (key, body) => write({ method: 'PUT', key, body }),
    create: async (key, body) => {
      const headers = IF_FREE[address.dialect]
      const answer = await send({ method: 'PUT', key, body, headers })
      if (answer.status === 200 || answer.status === 201) return true
      if (answer.status === 412) return false
      throw refusal(answer, address)
    },
    delete: (key) => write({ method: 'DELETE', key }),
    cutOff: () => {
      ending.abort()
      ending = new AbortController()
    },
  }
}

/** A bucket that is not there is another matter than a key that is not. */
function isMissing({ status, code }: S3Answer): boolean {
  return status === 404 && code !== 'NoSuchBucket'
}

function refusal(answer: S3Answer, { name, region }: S3Address): GeminiImageError {
  const { status, code, message } = answer
  const why = `It answered with ${status} ${code}${message && `: ${message}`}`.trimEnd()
  if (status === 501 || code === 'NotImplemented') return unconditional(name, why)
  if (status === 404) return refused(name, why, 'make the bucket, or fix its name.')
  if ((status >= 300 && status < 400) || (answer.region && answer.region !== region)) {
    const there = answer.region ?? 'another region'
    return refused(name, why, `set the region of the bucket: it is in ${there}, not in ${region}.`)
  }
  if (status === 401 || status === 403 || code.endsWith('Token')) {
    return refused(
      name,
      why,
      'look at AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN and at what they may do: s3:GetObject and s3:ListBucket (without it, AWS forbids what is not there), and for writing s3:PutObject and s3:DeleteObject.',
    )
  }
  return refused(name, why, 'look at the endpoint, the region and the rights of the bucket.')
}

function credentialsOf(
  env: Readonly<Record<string, string | undefined>>,
): S3Credentials | undefined {
  const accessKeyId = env['AWS_ACCESS_KEY_ID']
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] }
}
