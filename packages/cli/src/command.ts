import { isGeminiImageError, type GeminiImageError } from '@gemini-image/core'
import { Command } from 'commander'
import type { ExitCode } from './output/exit-codes.ts'
import { openTerminal, type Terminal } from './output/terminal.ts'

/** Flags that every command has. */
export interface CommonFlags {
  readonly root?: string
  readonly json?: boolean
}

/** What a person wrote. */
export interface Input<Flags> {
  readonly args: readonly string[]
  readonly flags: Flags & CommonFlags
  readonly terminal: Terminal
}

/** What a command has found or done. */
export interface Outcome {
  /** What `--json` prints. */
  readonly report: unknown
  /** What people read. */
  readonly text: string
  /** @default 0 */
  readonly exitCode?: ExitCode | undefined
}

/** A command of ours: `--root` and `--json`, one result, errors with their code and place. */
export function command<Flags>(
  usage: string,
  description: string,
  run: (input: Input<Flags>) => Promise<Outcome>,
): Command {
  const [name = '', ...args] = usage.split(' ')
  const created = new Command(name)
    .description(description)
    .option('--root <dir>', 'the folder of the site (default: the nearest from here upwards)')
    .option('--json', 'print JSON')
  for (const arg of args) created.argument(arg)
  return created.action(() => perform(created, run))
}

async function perform<Flags>(
  command: Command,
  run: (input: Input<Flags>) => Promise<Outcome>,
): Promise<void> {
  const flags = command.optsWithGlobals<Flags & CommonFlags>()
  const json = Boolean(flags.json)
  const terminal = openTerminal({ json })
  try {
    const { report, text, exitCode = 0 } = await run({ args: command.args, flags, terminal })
    terminal.print(json ? toJson(report) : text)
    process.exitCode = exitCode
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    if (json) terminal.print(toJson({ error: describeError(error) }))
    terminal.say(error.message)
    process.exitCode = 1
  } finally {
    terminal.status(undefined)
  }
}

/** An error as data. */
export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly place?: { readonly file: string; readonly line: number; readonly column: number }
}

/** An error for `--json`. */
export function describeError({ code, message, place }: GeminiImageError): ErrorReport {
  const at = place && { file: place.path, line: place.line, column: place.column }
  return { code, message, ...(at && { place: at }) }
}

function toJson(report: unknown): string {
  return JSON.stringify(report, undefined, 2)
}
