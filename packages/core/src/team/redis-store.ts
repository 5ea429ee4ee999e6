import process from 'node:process'
import { GeminiImageError, isGeminiImageError } from '../kernel/errors/error.ts'
import type { LeasableStore } from './shared-store.ts'
import { plainText, redact, refused, unavailable } from './store-error.ts'

/** A Redis (or Valkey) server, and what keys begin with. */
export interface RedisStoreOptions {
  /**
   * `redis://host:6379` or `rediss://…`. One with a password belongs into the environment.
   * @default REDIS_URL
   */
  readonly url?: string | undefined
  /**
   * What every key begins with.
   * @default 'gemini-image/'
   */
  readonly prefix?: string | undefined
  /**
   * Milliseconds until the server must have taken a connection, or answered a command.
   * @default 10_000
   */
  readonly timeout?: number | undefined
}

/** How Redis calls strings, on the wire; they are to come as bytes. */
const BYTES = { typeMapping: { 36: Buffer } }
/** Milliseconds after which the server forgets a lease or a probe: far longer than any is held. */
const FORGET = 24 * 60 * 60 * 1000
const REFUSAL = /^(?:NOAUTH|WRONGPASS|NOPERM|READONLY|OOM|MISCONF|DENIED)\b/

/**
 * A Redis server as a shared store. It connects at the first call, and needs the package
 * `@redis/client`. The server is to keep what it holds: without persistence a restart loses it, and
 * an eviction policy such as `allkeys-lru` throws pictures away.
 *
 * @param env Environment variables. Default: those of the process.
 * @throws {GeminiImageError} `INVALID_OPTION`; of its calls, `MISSING_PACKAGE`, `STORE_UNAVAILABLE`
 *   and `STORE_REFUSED`.
 */
export function redisStore(
  options: RedisStoreOptions = {},
  env: Readonly<Record<string, string | undefined>> = process.env,
): LeasableStore {
  const { url, name } = readUrl(options.url ?? env['REDIS_URL'])
  const prefix = options.prefix ?? 'gemini-image/'
  const connection = new Connection(url, name, options.timeout ?? 10_000)
  const write = (key: string, bytes: Uint8Array, ...conditions: string[]): Promise<unknown> => {
    const isPassing = key.startsWith('leases/') || key.startsWith('probe/')
    const expiry = isPassing ? ['PX', String(FORGET)] : []
    return connection.run('SET', prefix + key, Buffer.from(bytes), ...conditions, ...expiry)
  }
  return {
    name,
    get: async (key) => {
      const value = await connection.run('GET', prefix + key)
      return value instanceof Uint8Array ? value : undefined
    },
    has: async (key) => (await connection.run('EXISTS', prefix + key)) === 1,
    put: async (key, bytes) => void (await write(key, bytes)),
    create: async (key, bytes) => (await write(key, bytes, 'NX')) !== null,
    delete: async (key) => void (await connection.run('DEL', prefix + key)),
    close: () => connection.close(),
  }
}

/** One connection, opened when it is needed, and again when it was lost. */
class Connection {
  readonly #url: string
  readonly #name: string
  readonly #timeout: number
  #client: Promise<RedisClient> | undefined

  constructor(url: string, name: string, timeout: number) {
    this.#url = url
    this.#name = name
    this.#timeout = timeout
  }

  /** Runs a command; where the connection was lost, once more on a new one. */
  async run(...command: readonly (string | Buffer)[]): Promise<unknown> {
    try {
      return await this.#runOnce(command).catch((error: unknown) => {
        if (isGeminiImageError(error) || isReply(error)) throw error
        return this.#runOnce(command)
      })
    } catch (error) {
      throw this.#blame(error)
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined)
    this.#client = undefined
    await client?.close().catch(() => client.destroy())
  }

  async #runOnce(command: readonly (string | Buffer)[]): Promise<unknown> {
    this.#client ??= connectRedis(this.#url, this.#timeout)
    const opening = this.#client
    try {
      const client = await opening
      return await inTime(client.sendCommand(command, BYTES), this.#timeout, client)
    } catch (error) {
      // Several commands may fail together; only the first may forget the connection they had.
      if (!isReply(error) && this.#client === opening) this.#client = undefined
      throw error
    }
  }

  #blame(error: unknown): GeminiImageError {
    if (isGeminiImageError(error)) return error
    const text = redact(plainText(error), [decodeURIComponent(new URL(this.#url).password)])
    if (!REFUSAL.test(text)) return unavailable(this.#name, text, undefined)
    return refused(this.#name, text, 'look at the user and password in REDIS_URL, and its rights.')
  }
}

/** Whether the server itself answered so: asking again would not help. */
function isReply(error: unknown): boolean {
  return error instanceof Error && /^[A-Z]{2,} /.test(error.message)
}

/** The address, and what of it may be shown. */
function readUrl(url: string | undefined): { url: string; name: string } {
  const parsed = url === undefined ? null : URL.parse(url)
  if (url !== undefined && parsed && /^rediss?:$/.test(parsed.protocol)) {
    const { protocol, host, pathname } = parsed
    return { url, name: `${protocol}//${host}${pathname === '/' ? '' : pathname}` }
  }
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: 'A Redis store has no address.',
    why: url === undefined ? 'REDIS_URL is not set.' : 'The given value is not one.',
    fix: 'set REDIS_URL to redis://host:6379, or rediss:// for TLS.',
  })
}

/** What is asked of a client of `@redis/client`, version 5 or later. */
interface RedisClient {
  connect(): Promise<unknown>
  sendCommand(args: readonly (string | Buffer)[], options?: unknown): Promise<unknown>
  close(): Promise<unknown>
  destroy(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

interface RedisPackage {
  createClient(options: unknown): RedisClient
}

/** An optional peer dependency. The package `redis` is the same and more, and brings it along. */
const PACKAGE: string = '@redis/client'

/**
 * Connects to a server. The package is loaded only now: who has no Redis needs none.
 * @param timeout Milliseconds until the server must have taken the connection, and answered.
 * @throws {GeminiImageError} `MISSING_PACKAGE`; else what the package throws.
 */
async function connectRedis(url: string, timeout: number): Promise<RedisClient> {
  const { createClient } = await loadPackage()
  const client = createClient({
    url,
    // A lost connection is told at once; the next command opens a new one.
    socket: { connectTimeout: timeout, reconnectStrategy: false },
    disableOfflineQueue: true,
  })
  // What goes wrong is thrown by the command that it hits; without a listener Node would end.
  client.on('error', () => undefined)
  await inTime(client.connect(), timeout, client)
  return client
}

/** What a promise gives; where it takes too long, the connection is cut. */
async function inTime<Value>(
  work: Promise<Value>,
  timeout: number,
  client: RedisClient,
): Promise<Value> {
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(new Error(`It did not answer for ${timeout / 1000} seconds.`))
    client.destroy()
  }, timeout)
  try {
    return await Promise.race([work, promise])
  } finally {
    clearTimeout(timer)
  }
}

async function loadPackage(): Promise<RedisPackage> {
  // Not as a literal: what bundles a configuration is not to look for it.
  const name = PACKAGE
  try {
    return (await import(name)) as RedisPackage
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error
    throw new GeminiImageError({
      code: 'MISSING_PACKAGE',
      what: `A Redis store needs the package ${name}, which is not installed.`,
      fix: `npm install --save-dev ${name} (or its like in pnpm, yarn or bun).`,
      cause: error,
    })
  }
}
