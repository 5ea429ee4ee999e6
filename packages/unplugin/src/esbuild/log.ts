import process from 'node:process'
import type { Logger } from '@gemini-image/core/internal'
import type { LogLevel, PartialMessage } from 'esbuild'

/** Where the site says nothing, esbuild tells of warnings only; what is spent is told all the same. */
const TELLS: ReadonlySet<LogLevel | undefined> = new Set(['verbose', 'debug', 'info', undefined])

/** A project's messages as esbuild tells its own. */
export class Log implements Logger {
  readonly #isTelling: boolean
  #warnings: PartialMessage[] = []

  constructor(level: LogLevel | undefined) {
    this.#isTelling = TELLS.has(level)
  }

  /** Plugins can hand over nothing below a warning. */
  info(message: string): void {
    if (this.#isTelling) process.stderr.write(`[gemini-image] ${message}\n`)
  }

  warn(message: string): void {
    this.#warnings.push({ text: message })
  }

  /** The warnings that nobody has taken yet. */
  takeWarnings(): PartialMessage[] {
    const taken = this.#warnings
    this.#warnings = []
    return taken
  }
}
