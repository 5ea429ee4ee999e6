import { GeminiImageError } from '../../kernel/errors/error.ts'

/** What is asked of a client of `@redis/client`, version 5 or later. */
export interface RedisClient {
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
export async function connectRedis(url: string, timeout: number): Promise<RedisClient> {
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
export async function inTime<Value>(
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
