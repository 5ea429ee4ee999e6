// oxlint-disable-next-line no-restricted-imports -- streams gigabytes into the cache, into a file that we have named.
import { open, rename, stat, type FileHandle } from 'node:fs/promises'
import { BATCH_LIMITS } from './catalogue.ts'
import { GeminiImageError, isGeminiImageError } from '../../kernel/errors/error.ts'
import { parseJson } from '../../kernel/json.ts'
import { FILE_NAME, hoursOf } from '../batch-provider.ts'
import { badAnswer } from './refusal.ts'
import { ignoreMissing, writeFailed } from '../../kernel/files/write.ts'
import { isUnknown } from './batch-jobs.ts'
import { send, type Message } from './call.ts'
import { message, type ApiClient } from './api-client.ts'
import { CallFailure } from '../call-failure.ts'

/** How much of the end of a file is looked at for its last line, in bytes, at first. */
const TAIL = 64 * 1024

/**
 * Writes a file of the server's into a file. What came of the longest attempt stays.
 * @throws {GeminiImageError} `BATCH_INCOMPLETE` where the last attempt was cut short as well,
 *   `BATCH_NOT_FOUND`.
 */
export async function downloadFile(name: string, to: string, client: ApiClient): Promise<void> {
  if (!FILE_NAME.test(name)) throw badAnswer(`it names a file ${JSON.stringify(name)}`)
  // A compressed body could not be held against its length.
  const one = {
    ...message(client, 'GET', `${name}:download?alt=media`),
    headers: { 'accept-encoding': 'identity' },
  }
  try {
    await downloadAll([one], to, client)
  } catch (error) {
    if (isUnknown(error)) throw gone(error)
    throw error
  }
}

/**
 * Writes what several messages are answered with into a file, one behind the other. What came of the longest attempt
 * stays.
 * @throws {GeminiImageError} `BATCH_INCOMPLETE` where the last attempt was cut short as well.
 */
export async function downloadAll(
  messages: readonly Message[],
  to: string,
  client: ApiClient,
): Promise<void> {
  await client.retrying({ once: (timeout) => downloadOnce(messages, to, timeout, client) })
}

async function downloadOnce(
  messages: readonly Message[],
  to: string,
  timeout: number,
  client: ApiClient,
): Promise<void> {
  const part = `${to}.part`
  const watch = watchdog(timeout)
  const handle = await open(part, 'w+').catch((error: unknown) => {
    throw writeFailed(part, error)
  })
  try {
    const limits = { cutOff: client.cutOff, timeout: watch.signal }
    const into = { part, handle, feed: watch.feed, cutOff: client.cutOff }
    for (const [index, one] of messages.entries()) {
      if (index > 0) await handle.writeFile('\n')
      await send(client.endpoint, one, limits, (response) => receive(response, into))
    }
  } finally {
    watch.stop()
    await handle.close()
    await keepLonger(part, to)
  }
}

interface Into {
  readonly part: string
  readonly handle: FileHandle
  /** To be called whenever something came. */
  readonly feed: () => void
  readonly cutOff: AbortSignal
}

async function receive(response: Response, { part, handle, feed, cutOff }: Into): Promise<void> {
  const announced = response.headers.get('content-length')
  let received = 0
  try {
    for await (const chunk of response.body ?? []) {
      feed()
      await handle.writeFile(chunk).catch((error: unknown) => {
        throw writeFailed(part, error)
      })
      received += chunk.length
    }
  } catch (cause) {
    if (cutOff.aborted || isGeminiImageError(cause)) throw cause
    throw incomplete(received, announced, cause)
  }
  if (announced !== null && received !== Number(announced)) throw incomplete(received, announced)
  if (!(await endsWhole(handle, received))) throw incomplete(received, announced)
}

/** Whether the last line is one, with or without a line feed behind it. */
async function endsWhole(handle: FileHandle, received: number): Promise<boolean> {
  if (received === 0) return false
  const { size } = await handle.stat()
  for (let length = Math.min(TAIL, size); ; length = Math.min(length * 8, size)) {
    const bytes = Buffer.alloc(length)
    await handle.read(bytes, 0, length, size - length)
    if (bytes.at(-1) === 0x0a) return true
    const start = bytes.lastIndexOf(0x0a) + 1
    if (start > 0 || length === size) {
      return size > 0 && parseJson(bytes.subarray(start).toString('utf8')) !== undefined
    }
  }
}

async function keepLonger(part: string, to: string): Promise<void> {
  const before = await stat(to).catch(ignoreMissing)
  if ((before?.size ?? 0) <= (await stat(part)).size) await rename(part, to)
}

interface Watchdog {
  readonly signal: AbortSignal
  /** Something came: the time begins anew. */
  feed(): void
  stop(): void
}

/** Barks where nothing came for so long: a file of gigabytes may take its time, silence may not. */
function watchdog(timeout: number): Watchdog {
  const controller = new AbortController()
  const timer = setTimeout(
    () => controller.abort(new DOMException('Nothing came in time.', 'TimeoutError')),
    timeout,
  )
  return {
    signal: controller.signal,
    feed: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  }
}

function incomplete(received: number, announced: string | null, cause?: unknown): CallFailure {
  const of = announced === null ? '' : ` of ${announced}`
  return new CallFailure(
    {
      code: 'BATCH_INCOMPLETE',
      what: 'The results of a batch job did not arrive whole.',
      why: `The download ended after ${received}${of} bytes; what came of it has landed.`,
      fix: 'collect again: what has landed is kept, the rest is still at Google, and nothing is paid again.',
      cause,
    },
    { retry: true, wait: 0, possiblyPaid: false },
  )
}

function gone(cause: unknown): GeminiImageError {
  return new GeminiImageError({
    code: 'BATCH_NOT_FOUND',
    what: 'Google does not have the results of a batch job any more.',
    fix: `generate what is missing again; results are kept for ${hoursOf(BATCH_LIMITS.keepsFiles)}.`,
    cause,
  })
}
