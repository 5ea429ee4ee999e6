import { setTimeout as sleep } from 'node:timers/promises'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { encodeName, type S3Dialect, signRequest, type S3Credentials } from './sign.ts'
import { plainText, redact, unavailable } from '../store-error.ts'

export interface S3Address {
  /** What messages call it: `s3://bucket/prefix`. */
  readonly name: string
  readonly region: string
  readonly dialect: S3Dialect
  urlOf(key: string): URL
}

export interface S3AddressOptions {
  readonly bucket: string
  /**
   * Folders within the bucket, joined by `/`.
   * @default '' (the bucket itself)
   */
  readonly prefix?: string | undefined
  /**
   * @default AWS_REGION or AWS_DEFAULT_REGION, else 'us-east-1'; for Google 'auto'
   */
  readonly region?: string | undefined
  /**
   * The address of a server that is not AWS: `https://<account>.r2.cloudflarestorage.com`,
   * `https://storage.googleapis.com`, or that of a MinIO or Ceph.
   * @default AWS, by region
   */
  readonly endpoint?: string | undefined
  /**
   * Whose names headers have.
   * @default 'google' where the endpoint is Google Cloud Storage, else 'amazon'
   */
  readonly dialect?: S3Dialect | undefined
}

/**
 * Works out where a bucket is. With an endpoint, its name is the first part of the path, which every
 * S3 server understands; at AWS it is part of the host, unless it has dots, which no certificate
 * covers.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function resolveAddress(
  { bucket, prefix = '', region: asked, endpoint, dialect: given }: S3AddressOptions,
  env: Readonly<Record<string, string | undefined>>,
): S3Address {
  const origin = endpoint === undefined ? undefined : readEndpoint(endpoint)
  const isGoogle = origin?.hostname.endsWith('storage.googleapis.com') ?? false
  const dialect = given ?? (isGoogle ? 'google' : 'amazon')
  const set = asked ?? env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION']
  // Outside AWS the region is a word in the signature and no more.
  const region = set || (dialect === 'google' ? 'auto' : 'us-east-1')
  const folders = prefix.split('/').filter((name) => name !== '')
  if (bucket === '' || folders.some((name) => name === '.' || name === '..')) {
    throw invalid(bucket === '' ? 'bucket' : 'prefix', bucket === '' ? bucket : prefix)
  }
  const base = origin ? pathStyle(origin, bucket) : atAmazon(bucket, region)
  const urlOf = (key: string): URL =>
    new URL([base, ...[...folders, ...key.split('/')].map(encodeName)].join('/'))
  return { name: ['s3:/', bucket, ...folders].join('/'), region, dialect, urlOf }
}

function readEndpoint(endpoint: string): URL {
  const url = URL.parse(endpoint)
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password
  if (!isPlain || url.search || url.hash) throw invalid('endpoint', url ? '…' : endpoint)
  return url
}

function pathStyle({ origin, pathname }: URL, bucket: string): string {
  return `${origin}${pathname.replace(/\/$/, '')}/${encodeName(bucket)}`
}

function atAmazon(bucket: string, region: string): string {
  const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`
}

function invalid(option: string, value: string): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The option "${option}" of an S3 store cannot be used: "${value}".`,
    fix: 'give the bucket by its name, the prefix as plain folder names, and the endpoint as an address like https://<account>.r2.cloudflarestorage.com, without a key or a query.',
  })
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  readonly key: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

/** A whole answer. */
export interface S3Answer {
  readonly status: number
  readonly bytes: Uint8Array
  /** What an error calls itself, such as `NoSuchBucket`; empty where the answer does not say. */
  readonly code: string
  /** What the server says of an error, without anything secret. */
  readonly message: string
  /** Where the bucket really is, if the server says so. */
  readonly region: string | undefined
}

export interface S3Sending {
  readonly address: S3Address
  readonly credentials: () => Promise<S3Credentials | undefined>
  /** Milliseconds for one attempt. */
  readonly timeout: number
  readonly attempts: number
  /** Milliseconds before the second attempt; doubled each time. */
  readonly retryDelay: number
  /** Gives what cuts off requests that begin now. */
  readonly cutOff: () => AbortSignal
}

const MOST_DELAY = 5000
/** Worth another try: the server is busy, broken, or was interrupted by another writer. */
const PASSING: ReadonlySet<number> = new Set([409, 429, 500, 502, 503, 504])

/**
 * Sends a request until an answer stands, and gives it, whatever its status.
 * @throws {GeminiImageError} `STORE_UNAVAILABLE` after the last attempt.
 */
export async function sendS3(request: S3Request, sending: S3Sending): Promise<S3Answer> {
  const { attempts, retryDelay, address } = sending
  const cutOff = sending.cutOff()
  const credentials = await sending.credentials()
  const secrets = Object.values(credentials ?? {}).filter((value) => typeof value === 'string')
  let why = ''
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    try {
      const answer = await sendOnce(request, sending, credentials, cutOff)
      const clean = { ...answer, message: redact(answer.message, secrets) }
      if (!PASSING.has(answer.status)) return clean
      why = `It answered with ${clean.status} ${clean.code}`.trimEnd()
    } catch (error) {
      why = plainText(error, secrets)
    }
    if (cutOff.aborted) throw unavailable(address.name, 'The request was cut off.')
    if (attempt < attempts) await sleep(delayBefore(attempt, retryDelay))
  }
  const times = attempts === 1 ? 'once' : `${attempts} times`
  throw unavailable(address.name, `${why} (tried ${times}).`)
}

async function sendOnce(
  { method, key, headers = {}, body = new Uint8Array() }: S3Request,
  { address, timeout }: S3Sending,
  credentials: S3Credentials | undefined,
  cutOff: AbortSignal,
): Promise<S3Answer> {
  const url = address.urlOf(key)
  const unsigned = { method, url, headers, body }
  const response = await fetch(url, {
    method,
    headers: credentials
      ? signRequest(unsigned, { ...address, credentials, now: new Date() })
      : headers,
    // A body whose length is known: some servers take no stream.
    ...(method === 'PUT' && { body: Buffer.from(body) }),
    // Never followed: a signature is for one host.
    redirect: 'manual',
    signal: AbortSignal.any([AbortSignal.timeout(timeout), cutOff]),
  })
  const bytes = Buffer.from(await response.arrayBuffer())
  return {
    status: response.status,
    bytes,
    ...(response.ok ? { code: '', message: '' } : readError(bytes)),
    region: response.headers.get('x-amz-bucket-region') ?? undefined,
  }
}

function readError(bytes: Buffer): Pick<S3Answer, 'code' | 'message'> {
  const text = bytes.toString().slice(0, 10_000)
  const find = (tag: string): string =>
    new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1]?.slice(0, 300) ?? ''
  return { code: find('Code'), message: find('Message') }
}

/** Milliseconds; a part of it is chance, so that machines do not come back all at once. */
function delayBefore(attempt: number, retryDelay: number): number {
  const most = Math.min(retryDelay * 2 ** (attempt - 1), MOST_DELAY)
  return most * (0.5 + Math.random() / 2)
}
