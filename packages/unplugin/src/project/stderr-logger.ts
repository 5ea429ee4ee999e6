import type { Logger } from '@gemini-image/core/internal'

/** For hosts that have no log of their own. */
export const stderrLogger: Logger = {
  info: (message) => write(`[gemini-image] ${message}`),
  warn: (message) => write(`warn: [gemini-image] ${message}`),
}

function write(line: string): void {
  process.stderr.write(`${line}\n`)
}
