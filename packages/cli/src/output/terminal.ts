import process from 'node:process'
import { clearLine, createInterface, cursorTo } from 'node:readline'
import { inert, isCi, type Logger } from '@gemini-image/core/internal'
import { withoutSecrets, type Secrets } from '../project/secrets.ts'
import { withColours } from './colours.ts'

/** Where a command speaks: results to the standard output, all else beside it. */
export interface Terminal {
  /** Whether somebody looks on, so that a line may move. */
  readonly isWatched: boolean
  /** Whether a person sits before it who can be asked. */
  readonly isInteractive: boolean
  /** The columns of the status line. */
  readonly columns: number
  /** What the project tells, line by line, above the status line. */
  readonly logger: Logger
  /** Shows these secrets never again: more are known once the configuration is read. */
  hide(secrets: Secrets): void
  /** A text without secrets, and without anything that a terminal would obey. */
  clean(text: string): string
  /** Prints a result. */
  print(text: string): void
  /** Prints what is no result. */
  say(text: string): void
  /** Asks for a yes; anything else is a no. Only where {@link Terminal.isInteractive}. */
  confirm(question: string): Promise<boolean>
  /** Asks for a line; `undefined` at the end of the input. Only where {@link Terminal.isInteractive}. */
  ask(question: string): Promise<string | undefined>
  /** Shows a line below all others, or takes it away. Does nothing where nobody looks on. */
  status(line: string | undefined): void
}

/** How a terminal is to be used. */
export interface TerminalOptions {
  /** Nobody is asked, and nothing moves. */
  readonly json: boolean
  /** What is never shown. */
  readonly secrets: Secrets
}

/** Opens the terminal of this process. */
export function openTerminal({ json, ...options }: TerminalOptions): Terminal {
  let { secrets } = options
  const { stdin, stdout, stderr } = process
  const isWatched = Boolean(stderr.isTTY) && !isCi(process.env) && !json
  // Everything passes here: names, keys and what servers say are data, which a terminal must not obey.
  const clean = (text: string): string => inert(withoutSecrets(text, secrets))
  const write = (text: string, stream: NodeJS.WriteStream): void => {
    stream.write(withColours(clean(text), stream))
  }
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
    if (line !== undefined) write(line.slice(0, columnsOf(stderr) - 1), stderr)
  }
  const say = (text: string): void => {
    clear()
    write(`${text}\n`, stderr)
    if (shown !== undefined) status(shown)
  }
  const print = (text: string): void => {
    write(text.endsWith('\n') ? text : `${text}\n`, stdout)
  }
  const ask = async (question: string): Promise<string | undefined> => {
    write(`${question} `, stderr)
    const answer = await readLine(stdin)
    if (answer === undefined) stderr.write('\n')
    return answer?.trim()
  }
  const confirm = async (question: string): Promise<boolean> =>
    /^y(?:es)?$/i.test((await ask(`${question} (y/N)`)) ?? '')
  return {
    isWatched,
    isInteractive: isWatched && Boolean(stdin.isTTY),
    get columns() {
      return columnsOf(stderr)
    },
    logger: { info: say, warn: say },
    hide: (more) => {
      secrets = more
    },
    clean,
    print,
    say,
    confirm,
    ask,
    status,
  }
}

/**
 * The next line, or `undefined` at the end of the input. The terminal stays in the mode in which it
 * is: Ctrl-C ends the process, and what was typed ahead waits for the next question.
 */
async function readLine(input: NodeJS.ReadStream): Promise<string | undefined> {
  if (input.readableEnded) return undefined
  const { promise, resolve } = Promise.withResolvers<string | undefined>()
  const readline = createInterface({ input, terminal: false })
  readline.once('close', () => resolve(undefined))
  readline.once('line', (line) => {
    resolve(line)
    readline.close()
  })
  return promise
}

/** Some terminals do not know how wide they are. */
function columnsOf({ columns }: NodeJS.WriteStream): number {
  return columns > 0 ? columns : 80
}
