import { GeminiImageError } from '../../kernel/errors/error.ts'

/** A bucket, and the folder in it that is ours. */
export interface Bucket {
  readonly name: string
  /** Empty, or with a slash at its end. */
  readonly prefix: string
}

/** @see https://cloud.google.com/storage/docs/buckets#naming */
const ADDRESS = /^gs:\/\/(?<name>[a-z\d][a-z\d._-]{1,220}[a-z\d])(?<path>(?:\/[\w.-]+)*)\/?$/

/** @throws {GeminiImageError} `INVALID_OPTION`. */
export function readBucket(address: string): Bucket {
  const { name, path = '' } = ADDRESS.exec(address)?.groups ?? {}
  if (name !== undefined && !/\/\.{1,2}(?:\/|$)/.test(path)) {
    return { name, prefix: path === '' ? '' : `${path.slice(1)}/` }
  }
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `"${address}" is no bucket of Cloud Storage.`,
    fix: 'write vertex({ bucket: "gs://my-bucket" }), with a folder behind it or without.',
  })
}

/** What stands in a bucket under a name: `gs://…`. */
export function addressIn({ name, prefix }: Bucket, path: string): string {
  return `gs://${name}/${prefix}${path}`
}
