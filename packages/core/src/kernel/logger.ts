import { inert } from './errors/inert.ts'

/** Where a project tells people what it does. Hosts pass their own; by default nothing is said. */
export interface Logger {
  info(message: string): void
  warn(message: string): void
}

export const silentLogger: Logger = { info: () => undefined, warn: () => undefined }

/** A logger whose messages do nothing in terminals and CI logs but be read, whatever names they hold. */
export function inertLogger(logger: Logger): Logger {
  return {
    info: (message) => logger.info(inert(message)),
    warn: (message) => logger.warn(inert(message)),
  }
}
