import path from 'node:path'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import type { RemotePin } from '../../pin/lockfile-text.ts'
import { sha256 } from '../../kernel/hash.ts'
import { inspectReference } from './inspect-reference.ts'

/** The images on the web that declarations refer to. */
export interface RemoteImages {
  /**
   * Fetches an image that is not pinned yet, and gives what is to be pinned.
   * @throws {GeminiImageError} `REFERENCE_UNAVAILABLE`, `REFERENCE_NOT_ALLOWED`,
   *   `REFERENCE_TOO_LARGE`, and as `inspectReference`.
   */
  fetch(url: string): Promise<RemotePin>
  /**
   * The bytes of a pinned image: from this machine's cache, or fetched again.
   * @throws {GeminiImageError} `REFERENCE_CHANGED` where the address gives other bytes now.
   */
  read(url: string, pin: RemotePin): Promise<Uint8Array>
}

interface RemoteOptions {
  readonly cacheDir: string
  /** Hosts, with the port where it is not 443. */
  readonly hosts: readonly string[]
}

/** Milliseconds for one image. */
const TIMEOUT = 30_000
const MOST_REDIRECTS = 3

export function openRemoteImages({ cacheDir, hosts }: RemoteOptions): RemoteImages {
  const files = openFiles(cacheDir)
  const fileOf = (object: string): string => path.join(cacheDir, 'references', object)
  const keep = (object: string, bytes: Uint8Array): Promise<void> =>
    files.write('cache', fileOf(object), bytes)

  const fetchNow = async (url: string): Promise<RemotePin> => {
    const { bytes, contentType } = await download(url, hosts)
    const subtype = /^image\/([^;\s]+)/.exec(contentType)?.[1] ?? ''
    const facts = await inspectReference(bytes, url, subtype)
    await keep(facts.sha256, bytes)
    return { object: facts.sha256, type: facts.type, size: facts.size }
  }

  const read = async (url: string, { object }: RemotePin): Promise<Uint8Array> => {
    const cached = await files.readBytes('cache', fileOf(object)).catch(() => undefined)
    if (cached && sha256(cached) === object) return cached
    const { bytes } = await download(url, hosts)
    if (sha256(bytes) !== object) throw changed(url)
    await keep(object, bytes)
    return bytes
  }

  return { fetch: fetchNow, read }
}

interface Download {
  readonly bytes: Uint8Array
  readonly contentType: string
}

async function download(first: string, hosts: readonly string[]): Promise<Download> {
  const signal = AbortSignal.timeout(TIMEOUT)
  let url = first
  try {
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
      const response = await fetch(url, { signal, redirect: 'manual' })
      const location = response.headers.get('location')
      if (response.status >= 300 && response.status < 400 && location !== null) {
        url = nextHop(url, location, hosts)
        continue
      }
      if (!response.ok) throw unavailable(first, `The server answered with ${response.status}.`)
      const bytes = await readLimited(response, first)
      return { bytes, contentType: response.headers.get('content-type') ?? '' }
    }
  } catch (error) {
    if (error instanceof GeminiImageError) throw error
    const { message, cause } = error as Error & { cause?: Error }
    throw unavailable(first, cause?.message ?? message)
  }
  throw unavailable(first, `It redirects more than ${MOST_REDIRECTS} times.`)
}

/** Every hop is held to the rules of the first. */
function nextHop(from: string, location: string, hosts: readonly string[]): string {
  const next = URL.parse(location, from)
  if (next?.protocol === 'https:' && hosts.includes(next.host)) return next.href
  throw new GeminiImageError({
    code: 'REFERENCE_NOT_ALLOWED',
    what: `${from} redirects to ${next?.origin ?? location}, which is not allowed.`,
    fix: 'add that host to the option "remoteHosts", or save the image in the project.',
  })
}

/** The most that is downloaded of one image. */
const MOST_BYTES = 15_000_000

async function readLimited(response: Response, url: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    // Leaving the loop cancels the rest of the download.
    if (size > MOST_BYTES) throw tooLarge(url)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function unavailable(url: string, why: string): GeminiImageError {
  return new GeminiImageError({
    code: 'REFERENCE_UNAVAILABLE',
    what: `The reference ${url} could not be fetched.`,
    why,
    fix: 'run again later, or save the image in the project and name its path.',
  })
}

function tooLarge(url: string): GeminiImageError {
  return new GeminiImageError({
    code: 'REFERENCE_TOO_LARGE',
    what: `The reference ${url} is larger than ${MOST_BYTES / 1e6} MB.`,
    why: 'No more is downloaded for one picture.',
    fix: 'save a smaller copy in the project and name its path.',
  })
}

function changed(url: string): GeminiImageError {
  return new GeminiImageError({
    code: 'REFERENCE_CHANGED',
    what: `${url} is not the image any more that gemini-image.lock pins.`,
    why: 'The picture that refers to it was not asked for.',
    fix: 'look at the image; to use the new one, delete its line under "remotes" in gemini-image.lock.',
  })
}
