/** Where the engine tells people what it does. Hosts pass their own; by default nothing is said. */
export interface Logger {
  info(message: string): void
  warn(message: string): void
}

/** A logger that says nothing. */
export const silentLogger: Logger = { info: () => undefined, warn: () => undefined }
