import { GeminiImageError } from '../../errors/error.ts'

/** What is asked of a client of `@redis/client` or `redis`, version 5 or later. */
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

/** Either will do: the second is the first and more. */
const PACKAGES = ['@redis/client', 'redis'] as const

/** Milliseconds until a server must have taken a connection, or answered a command. */
export const REDIS_TIMEOUT = 10_000

/**
 * Connects to a server. The package is loaded only now: who has no Redis needs none.
 * @throws {GeminiImageError} `MISSING_PACKAGE`; else what the package throws.
 */
export async function connectRedis(url: string): Promise<RedisClient> {
  const { createClient } = await loadPackage()
  const client = createClient({
    url,
    // A lost connection is told at once; the next command opens a new one.
    socket: { connectTimeout: REDIS_TIMEOUT, reconnectStrategy: false },
    disableOfflineQueue: true,
  })
  // What goes wrong is thrown by the command that it hits; without a listener Node would end.
  client.on('error', () => undefined)
  await client.connect()
  return client
}

async function loadPackage(): Promise<RedisPackage> {
  for (const name of PACKAGES) {
    try {
      return (await import(name)) as RedisPackage
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const isAbsent = code === 'ERR_MODULE_NOT_FOUND' && message.includes(`'${name}'`)
      if (!isAbsent) throw error
    }
  }
  throw new GeminiImageError({
    code: 'MISSING_PACKAGE',
    what: 'A Redis store needs the package @redis/client, which is not installed.',
    fix: 'npm install --save-dev @redis/client (or its like in pnpm, yarn or bun).',
  })
}
