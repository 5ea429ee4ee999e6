import { GeminiImageError } from '../../kernel/errors/error.ts'
import { encodeName, type S3Dialect } from './sign.ts'

/** Where a bucket is. */
export interface S3Address {
  /** What messages call it: `s3://bucket/prefix`. */
  readonly name: string
  readonly region: string
  readonly dialect: S3Dialect
  urlOf(key: string): URL
}

/** What an address is made of. */
export interface S3AddressOptions {
  readonly bucket: string
  readonly prefix?: string | undefined
  readonly region?: string | undefined
  readonly endpoint?: string | undefined
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
