import type { Logger } from '@gemini-image/core/internal'
import type { ResolvedConfig } from 'vite'
import { stderrLogger } from '../project/stderr-logger.ts'

/** A project's messages in Vite's log, under our name; with the time where a server runs for long. */
export function toLogger(config: ResolvedConfig): Logger {
  const { logger, command } = config
  const say = (message: string): string => `[gemini-image] ${message}`
  const timestamp = command === 'serve'
  return {
    // VitePress has Vite say nothing below a warning; what is spent is told all the same.
    info: isMutedByVitePress(config)
      ? stderrLogger.info
      : (message) => logger.info(say(message), { timestamp }),
    warn: (message) => logger.warn(say(message), { timestamp }),
  }
}

function isMutedByVitePress(config: ResolvedConfig): boolean {
  return 'vitepress' in config && config.logLevel === 'warn'
}
