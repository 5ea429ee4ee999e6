// oxlint-disable-next-line no-restricted-imports -- streams gigabytes from the cache, from a file that we have named.
import { open, stat, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { FILE_NAME } from '../batch-provider.ts'
import { badAnswer } from './refusal.ts'
import { isUnknown } from './batch-jobs.ts'
import { readJson, send, urlOf, type Message } from './call.ts'
import { limitsOf, sendJson, type ApiClient } from './api-client.ts'
import type { CallFailure } from '../call-failure.ts'
import { unavailable } from './failure.ts'

/** What the official SDK sends at a time, in bytes. */
const CHUNK = 8 * 1024 * 1024
const TYPE = 'application/jsonl'

const fileName = z.string().regex(FILE_NAME)
const uploaded = z.object({ file: z.object({ name: fileName }) })
const hashed = z.object({ sha256Hash: z.string() })
const kept = z.object({ name: fileName, sizeBytes: z.coerce.number() })

interface Upload {
  readonly handle: FileHandle
  readonly size: number
  /** Where its bytes go: below our own base URL. */
  readonly url: string
  /** The name that was wished for; by it the file is found when the last answer is lost. */
  readonly name: string
}

/** The server has so much of it, or all. */
type Progress = { readonly received: number } | { readonly name: string }

/**
 * Uploads a file in pieces. After a connection that broke, it goes on from where the server says.
 * @see https://ai.google.dev/api/files
 */
export async function uploadFile(
  file: string,
  displayName: string,
  client: ApiClient,
): Promise<string> {
  const { size } = await stat(file)
  const name = `files/${displayName}`
  const url = await startUpload(name, displayName, size, client)
  const handle = await open(file)
  try {
    const upload = { handle, size, url, name }
    let progress: Progress = { received: 0 }
    while ('received' in progress) progress = await sendNext(upload, progress.received, client)
    return progress.name
  } finally {
    await handle.close()
  }
}

function startUpload(
  name: string,
  displayName: string,
  size: number,
  client: ApiClient,
): Promise<string> {
  const { endpoint } = client
  const one: Message = {
    method: 'POST',
    url: urlOf(endpoint, `upload/${endpoint.apiVersion}/files`),
    headers: {
      'content-type': 'application/json',
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': String(size),
      'x-goog-upload-header-content-type': TYPE,
    },
    body: JSON.stringify({ file: { mimeType: TYPE, name, displayName, sizeBytes: String(size) } }),
  }
  const read = async (response: Response): Promise<string> => {
    await response.text()
    const url = URL.parse(response.headers.get('x-goog-upload-url') ?? '')
    if (!url) throw badAnswer('it does not say where to upload to')
    // Wherever the server points, the key stays with the host that was configured.
    return `${new URL(endpoint.baseUrl).origin}${url.pathname}${url.search}`
  }
  return client.retrying({
    once: (timeout) => send(endpoint, one, limitsOf(client, timeout), read),
  })
}

/** Sends the next piece; after a failure asks first how much of it has arrived. */
function sendNext(upload: Upload, from: number, client: ApiClient): Promise<Progress> {
  let isBroken = false
  return client.retrying({
    once: async (timeout) => {
      const progress = isBroken ? await askProgress(upload, timeout, client) : { received: from }
      if ('name' in progress) return progress
      isBroken = true
      return sendPiece(upload, progress.received, timeout, client)
    },
  })
}

async function sendPiece(
  { handle, size, url }: Upload,
  offset: number,
  timeout: number,
  client: ApiClient,
): Promise<Progress> {
  const length = Math.min(CHUNK, size - offset)
  const bytes = new Uint8Array(length)
  await handle.read(bytes, 0, length, offset)
  const isLast = offset + length === size
  const one: Message = {
    method: 'POST',
    url,
    headers: {
      // The official SDK's; the upload's own type was announced at its start.
      'content-type': 'application/json',
      'x-goog-upload-command': isLast ? 'upload, finalize' : 'upload',
      'x-goog-upload-offset': String(offset),
    },
    body: bytes,
  }
  return send(client.endpoint, one, limitsOf(client, timeout), async (response) => {
    const status = response.headers.get('x-goog-upload-status')
    if (status === 'active' && !isLast) {
      await response.text()
      return { received: offset + length }
    }
    if (status !== 'final') throw unconfirmed(`the upload status is ${status ?? 'not told'}`)
    const parsed = uploaded.safeParse(await readJson(response, client.endpoint))
    if (!parsed.success) throw badAnswer('it does not name the file that was uploaded')
    return { name: parsed.data.file.name }
  })
}

/** How much the server has. What is final already, or unknown by now, is looked for by its name. */
async function askProgress(upload: Upload, timeout: number, client: ApiClient): Promise<Progress> {
  const headers = { 'x-goog-upload-command': 'query' }
  const one: Message = { method: 'POST', url: upload.url, headers }
  try {
    const received = await send(
      client.endpoint,
      one,
      limitsOf(client, timeout),
      async (response) => {
        await response.text()
        const { headers: said } = response
        if (said.get('x-goog-upload-status') !== 'active') return undefined
        return Number(said.get('x-goog-upload-size-received'))
      },
    )
    if (received !== undefined && received >= 0 && received < upload.size) return { received }
  } catch (error) {
    if (!isUnknown(error)) throw error
  }
  return findUploaded(upload, client)
}

async function findUploaded({ name, size }: Upload, client: ApiClient): Promise<Progress> {
  const found = kept.safeParse(await sendJson(client, 'GET', name))
  if (found.success && found.data.sizeBytes === size) return { name: found.data.name }
  throw badAnswer('the file that was uploaded is not there whole')
}

/**
 * What the server says of a file's bytes. The field holds base64, of the digest itself or of its hex.
 * @see https://ai.google.dev/api/files#File
 */
export async function hashOfFile(name: string, client: ApiClient): Promise<string | undefined> {
  try {
    const { data } = hashed.safeParse(await sendJson(client, 'GET', name))
    if (!data) return undefined
    const bytes = Buffer.from(data.sha256Hash, 'base64')
    return bytes.length === 32 ? bytes.toString('hex') : bytes.toString('latin1')
  } catch (error) {
    if (isUnknown(error)) return undefined
    throw error
  }
}

/** An answer that leaves open what has arrived. */
function unconfirmed(why: string): CallFailure {
  return unavailable('Google did not confirm an upload.', why, {
    retry: true,
    wait: 0,
    possiblyPaid: false,
  })
}
