import process from 'node:process'
import type { CommanderError } from 'commander'
import { toJson } from './command.ts'

/**
 * How a command line ends that commander ends: with its help, or because of a mistake in it. Of the
 * mistake people have been told; `--json` gets it as well.
 */
export function exitCodeOf({ exitCode, message }: CommanderError, argv: readonly string[]): number {
  if (exitCode !== 0 && argv.includes('--json')) {
    const error = { code: 'INVALID_ARGUMENT', message: message.replace(/^error: /, '') }
    process.stdout.write(`${toJson({ error })}\n`)
  }
  return exitCode
}
