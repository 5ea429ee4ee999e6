import { isGeminiImageError, type GeminiImageError } from '@gemini-image/core'
import { eachProblem } from '@gemini-image/core/internal'
import { Command } from 'commander'
import { exitCodeHelp, type ExitCode } from './output/exit-codes.ts'
import { openTerminal, type Terminal } from './output/terminal.ts'
import { findSecrets } from './project/secrets.ts'

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
  /** What people read; empty where the standard output belongs to somebody else. */
  readonly text: string
  /** @default 0 */
  readonly exitCode?: ExitCode | undefined
}

/**
 * A command of ours: `--root` and `--json`, one result, errors with their code and place.
 * @param exitCodes Those that it can end with, where they are more than 0 and 1; its help names them.
 */
export function command<Flags>(
  usage: string,
  description: string,
  run: (input: Input<Flags>) => Promise<Outcome>,
  exitCodes: readonly ExitCode[] = [],
): Command {
  const [name = '', ...args] = usage.split(' ')
  const created = new Command(name)
    .description(description)
    .option('--root <dir>', 'the folder of the site (default: the nearest from here upwards)')
    .option('--json', 'print JSON')
  for (const arg of args) created.argument(arg)
  if (exitCodes.length > 0) created.addHelpText('after', `\n${exitCodeHelp(exitCodes)}`)
  return created.action(() => perform(created, run))
}

async function perform<Flags>(
  command: Command,
  run: (input: Input<Flags>) => Promise<Outcome>,
): Promise<void> {
  const flags = command.optsWithGlobals<Flags & CommonFlags>()
  const json = Boolean(flags.json)
  const terminal = openTerminal({ json, secrets: findSecrets(flags.root) })
  try {
    const { report, text, exitCode = 0 } = await run({ args: command.args, flags, terminal })
    terminal.status(undefined)
    if (json || text !== '') terminal.print(json ? toJson(report) : text)
    process.exitCode = exitCode
  } catch (error) {
    const { report, exitCode } = describeFailure(error)
    terminal.status(undefined)
    if (json) terminal.print(toJson({ error: report }))
    terminal.say(report.message)
    if (isGeminiImageError(error)) await sayWhereToReadOn(error, terminal)
    process.exitCode = exitCode
  }
}

/** Names the command that says more of an error than its message can, where there is more. */
async function sayWhereToReadOn(error: GeminiImageError, terminal: Terminal): Promise<void> {
  const { ERRORS } = await import('@gemini-image/core/errors')
  const codes = new Set(eachProblem([error]).map(({ code }) => code))
  const [first, ...others] = [...codes].filter((code) => ERRORS[code]?.more)
  if (first === undefined) return
  const more = others.length > 0 ? ` (or ${others.join(', ')})` : ''
  terminal.say(`  More: npx gemini-image explain ${first}${more}`)
}

/** An error as data. */
export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly place?: { readonly file: string; readonly line: number; readonly column: number }
  /** The single failures behind a `SEVERAL_PROBLEMS`. */
  readonly errors?: readonly ErrorReport[]
}

/** An error for `--json`. */
export function describeError({ code, message, place, problems }: GeminiImageError): ErrorReport {
  const at = place && { file: place.path, line: place.line, column: place.column }
  return {
    code,
    message,
    ...(at && { place: at }),
    ...(problems.length > 0 && { errors: problems.map(describeError) }),
  }
}

/** Any failure, and how the command ends with it. */
function describeFailure(error: unknown): { report: ErrorReport; exitCode: ExitCode } {
  if (isGeminiImageError(error)) return { report: describeError(error), exitCode: 1 }
  if ((error as Error | undefined)?.name === 'AbortError') {
    return {
      report: { code: 'STOPPED', message: 'Stopped; what had landed is kept.' },
      exitCode: 130,
    }
  }
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const message = `DEFECT\n  gemini-image did not expect this, so the fault is its own; please report it.\n${what}`
  return { report: { code: 'DEFECT', message }, exitCode: 1 }
}

/** What `--json` prints. */
export function toJson(report: unknown): string {
  return JSON.stringify(report, undefined, 2)
}
