import type { Logger } from '@gemini-image/core/internal'
import type { ResolvedConfig } from 'vite'

/** A project's messages in Vite's log, under our name; with the time where a server runs for long. */
export function toLogger({ logger, command }: Pick<ResolvedConfig, 'logger' | 'command'>): Logger {
  const say = (message: string): string => `[gemini-image] ${message}`
  const timestamp = command === 'serve'
  return {
    info: (message) => logger.info(say(message), { timestamp }),
    warn: (message) => logger.warn(say(message), { timestamp }),
  }
}
