import type { Logger } from '@gemini-image/core'
import type { Logger as ViteLogger } from 'vite'

/** The engine's messages in Vite's log, under our name. */
export function toLogger(logger: ViteLogger): Logger {
  const say = (message: string): string => `[gemini-image] ${message}`
  return {
    info: (message) => logger.info(say(message), { timestamp: true }),
    warn: (message) => logger.warn(say(message), { timestamp: true }),
  }
}
