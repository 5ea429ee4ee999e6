import process from 'node:process'
import { clearLine, cursorTo } from 'node:readline'
import { createInterface } from 'node:readline/promises'
import type { Logger } from '@gemini-image/core'

/** Where a command speaks: results to the standard output, all else beside it. */
export interface Terminal {
  /** Whether a person sits before it who can be asked. */
  readonly isInteractive: boolean
  /** What the engine tells, line by line, above the status line. */
  readonly logger: Logger
  /** Prints a result. */
  print(text: string): void
  /** Prints what is no result. */
  say(text: string): void
  /** Asks for a yes; anything else is a no. Only where {@link Terminal.isInteractive}. */
  confirm(question: string): Promise<boolean>
  /** Shows a line below all others, or takes it away. Does nothing where nobody looks on. */
  status(line: string | undefined): void
}

/** Opens the terminal of this process. With `json`, nobody is asked and nothing moves. */
export function openTerminal({ json }: { readonly json: boolean }): Terminal {
  const { stdin, stdout, stderr, env } = process
  const isWatched = Boolean(stderr.isTTY) && !env['CI'] && !json
  let shown: string | undefined
  const clear = (): void => {
    if (shown === undefined) return
    cursorTo(stderr, 0)
    clearLine(stderr, 0)
  }
  const status = (line: string | undefined): void => {
    if (!isWatched) return
    clear()
    shown = line
    if (line !== undefined) stderr.write(line.slice(0, stderr.columns - 1))
  }
  const say = (text: string): void => {
    clear()
    stderr.write(`${text}\n`)
    if (shown !== undefined) status(shown)
  }
  const confirm = async (question: string): Promise<boolean> => {
    const readline = createInterface({ input: stdin, output: stderr })
    try {
      return /^y(?:es)?$/i.test((await readline.question(`${question} (y/N) `)).trim())
    } finally {
      readline.close()
    }
  }
  return {
    isInteractive: isWatched && Boolean(stdin.isTTY),
    logger: { info: say, warn: say },
    print: (text) => void stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    say,
    confirm,
    status,
  }
}
