import { createHash } from 'node:crypto'
// oxlint-disable-next-line no-restricted-imports -- streams gigabytes from the cache, from a file that we have named.
import { createReadStream } from 'node:fs'
// oxlint-disable-next-line no-restricted-imports -- streams gigabytes from the cache, from a file that we have named.
import { open, stat, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { GeminiImageError, isGeminiImageError } from '../../kernel/errors/error.ts'
import { limitsOf, pagesOf, sendOnce, type ApiClient } from '../google/api-client.ts'
import { isUnknown } from '../google/batch-jobs.ts'
import { send, type Message } from '../google/call.ts'
import { badAnswer } from '../google/refusal.ts'
import { count, list, text } from '../lenient.ts'
import { addressIn, type Bucket } from './bucket-address.ts'

/** Where Cloud Storage answers. Tokens go to no other host. @see https://cloud.google.com/storage/docs/json_api */
export const STORAGE = 'https://storage.googleapis.com'

/** What the official libraries send at a time, in bytes: a multiple of 256 KiB. */
const CHUNK = 8 * 1024 * 1024
const TYPE = 'application/jsonl'
/** The status of an upload that goes on. */
const RESUME = 308

const object = z.object({
  name: z.string(),
  size: count,
  metadata: z.object({ sha256: text }).catch({ sha256: undefined }),
})
const page = z.object({ items: list(object) })

interface Upload {
  readonly handle: FileHandle
  readonly size: number
  /** Where its bytes go: at Cloud Storage, and nowhere else. */
  readonly url: string
  /** The address of what comes of it. */
  readonly object: string
}

/**
 * Uploads a file in pieces. After a connection that broke, it goes on from where the server says.
 * @param path Its name in our folder.
 * @see https://cloud.google.com/storage/docs/performing-resumable-uploads
 */
export async function uploadObject(
  file: string,
  path: string,
  bucket: Bucket,
  client: ApiClient,
): Promise<void> {
  const { size } = await stat(file)
  const sha256 = createHash('sha256')
  for await (const chunk of createReadStream(file)) sha256.update(chunk as Buffer)
  const url = await startUpload(path, size, sha256.digest('hex'), bucket, client)
  const handle = await open(file)
  try {
    const upload = { handle, size, url, object: addressOf(path, bucket) }
    let from: number | undefined = 0
    while (from !== undefined) from = await sendNext(upload, from, client)
  } finally {
    await handle.close()
  }
}

function startUpload(
  path: string,
  size: number,
  sha256: string,
  { name, prefix }: Bucket,
  client: ApiClient,
): Promise<string> {
  const one: Message = {
    method: 'POST',
    url: `${STORAGE}/upload/storage/v1/b/${name}/o?uploadType=resumable`,
    headers: {
      'content-type': 'application/json',
      'x-upload-content-type': TYPE,
      'x-upload-content-length': String(size),
    },
    // What was uploaded is known by it when the record is read again.
    body: JSON.stringify({ name: `${prefix}${path}`, contentType: TYPE, metadata: { sha256 } }),
  }
  const read = async (response: Response): Promise<string> => {
    await response.text()
    const url = URL.parse(response.headers.get('location') ?? '')
    if (!url) throw badAnswer('it does not say where to upload to')
    return `${STORAGE}${url.pathname}${url.search}`
  }
  return client.retrying({
    once: (timeout) => send(client.endpoint, one, limitsOf(client, timeout), read),
  })
}

/** Sends the next piece; after a failure asks first how much has arrived. @returns where to go on; `undefined` at the end. */
function sendNext(upload: Upload, from: number, client: ApiClient): Promise<number | undefined> {
  let isBroken = false
  return client.retrying({
    once: async (timeout) => {
      const start = isBroken ? await askProgress(upload, timeout, client) : from
      if (start === undefined) return undefined
      isBroken = true
      return sendPiece(upload, start, timeout, client)
    },
  })
}

async function sendPiece(
  { handle, size, url }: Upload,
  offset: number,
  timeout: number,
  client: ApiClient,
): Promise<number | undefined> {
  const body = new Uint8Array(Math.min(CHUNK, size - offset))
  await handle.read(body, 0, body.length, offset)
  const range = `bytes ${offset}-${offset + body.length - 1}/${size}`
  return put({ url, range, body }, timeout, client)
}

/** How much the server has; `undefined` where that is all. An upload that it does not know may have come to its end. */
async function askProgress(
  { url, size, object: address }: Upload,
  timeout: number,
  client: ApiClient,
): Promise<number | undefined> {
  try {
    return await put({ url, range: `bytes */${size}` }, timeout, client)
  } catch (error) {
    if (!isUnknown(error)) throw error
    const kept = object.safeParse(await get(address, client))
    if (kept.data?.size === size) return undefined
    throw badAnswer('the file that was uploaded is not there whole')
  }
}

interface Piece {
  readonly url: string
  readonly range: string
  readonly body?: Uint8Array<ArrayBuffer>
}

function put(
  { url, range, body }: Piece,
  timeout: number,
  client: ApiClient,
): Promise<number | undefined> {
  const headers = { 'content-range': range }
  const one: Message = { method: 'PUT', url, headers, accepts: RESUME, ...(body && { body }) }
  return send(client.endpoint, one, limitsOf(client, timeout), async (response) => {
    await response.text()
    if (response.status !== RESUME) return undefined
    const last = /^bytes=0-(\d+)$/.exec(response.headers.get('range') ?? '')?.[1]
    return last === undefined ? 0 : Number(last) + 1
  })
}

function addressOf(path: string, { name, prefix }: Bucket): string {
  return `${STORAGE}/storage/v1/b/${name}/o/${encodeURIComponent(prefix + path)}`
}

function get(url: string, client: ApiClient): Promise<unknown> {
  return client.retrying({ once: (timeout) => sendOnce(client, { method: 'GET', url }, timeout) })
}

/** SHA-256 of an object that we have uploaded, in hex; `undefined` where there is none. */
export async function hashOfObject(
  path: string,
  bucket: Bucket,
  client: ApiClient,
): Promise<string | undefined> {
  try {
    return object.safeParse(await get(addressOf(path, bucket), client)).data?.metadata.sha256
  } catch (error) {
    if (isUnknown(error)) return undefined
    throw error
  }
}

/** Messages that get all files of lines in a folder: `gs://…`, which must be inside of ours. */
export async function linesIn(
  address: string,
  bucket: Bucket,
  client: ApiClient,
): Promise<readonly Message[]> {
  if (!address.startsWith(addressIn(bucket, ''))) {
    throw isElsewhere(address, bucket)
  }
  const folder = address.slice(addressIn({ ...bucket, prefix: '' }, '').length)
  const prefix = encodeURIComponent(`${folder.replace(/\/+$/, '')}/`)
  const names: string[] = []
  for await (const json of pagesOf(`b/${bucket.name}/o?prefix=${prefix}`, client)) {
    const { items } = page.parse(json)
    const filled = items.filter(({ name, size }) => name.endsWith('.jsonl') && size !== 0)
    names.push(...filled.map(({ name }) => name))
  }
  return names.map((name) => ({
    method: 'GET',
    url: `${addressOf(name, { ...bucket, prefix: '' })}?alt=media`,
    // A compressed body could not be held against its length.
    headers: { 'accept-encoding': 'identity' },
  }))
}

function isElsewhere(address: string, bucket: Bucket): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `The results of a batch job are in ${JSON.stringify(address)}, outside of ${addressIn(bucket, '')}.`,
    why: 'Nothing is fetched from where the configuration does not say.',
    fix: 'set vertex({ bucket: … }) to what it was when the job was submitted, and collect again.',
  })
}

export async function removeObject(path: string, bucket: Bucket, client: ApiClient): Promise<void> {
  const one: Message = { method: 'DELETE', url: addressOf(path, bucket) }
  await client.retrying({
    once: (timeout) =>
      send(client.endpoint, one, limitsOf(client, timeout), (response) => response.text()),
  })
}

/** Failures of Cloud Storage are told as such: a bucket is no model, and has roles of its own. */
export async function inBucketWords<Result>(
  { name }: Bucket,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    const { why, cause } = error
    if (isUnknown(error)) {
      throw new GeminiImageError({
        code: 'INVALID_OPTION',
        what: `There is no bucket gs://${name}, or nothing under the name that was asked for.`,
        why,
        fix: `create it ("gcloud storage buckets create gs://${name}"), or fix vertex({ bucket: … }).`,
        cause,
      })
    }
    if (error.code !== 'INVALID_KEY') throw error
    throw new GeminiImageError({
      code: 'INVALID_KEY',
      what: `Google does not let this account use the bucket gs://${name}.`,
      why,
      fix: `give it the role "Storage Object User" (roles/storage.objectUser) there: gcloud storage buckets add-iam-policy-binding gs://${name} --role roles/storage.objectUser --member …`,
      cause,
    })
  }
}
