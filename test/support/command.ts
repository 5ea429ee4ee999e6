import process from 'node:process'
import { Writable } from 'node:stream'
import { main } from 'gemini-image'
import { CLI, type Ended } from './process.ts'
import { withEnv } from './with-env.ts'

/** What is written to a stream that stands for one of the process. */
class Recording extends Writable {
  readonly #record: (text: string) => void

  constructor(record: (text: string) => void) {
    super({ decodeStrings: false })
    this.#record = record
  }

  override _write(text: unknown, _: BufferEncoding, done: () => void): void {
    this.#record(String(text))
    done()
  }
}

/**
 * Runs `gemini-image …` in a folder as `runCli` does, but in the test's own process: for what a command says and
 * does, not for how a process loads, ends, or stands beside others. One at a time.
 */
export async function runCommand(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  if (process.stdout instanceof Recording) throw new Error('Another command is under way here.')
  const said = { output: '', stdout: '', stderr: '' }
  const { exitCode } = process
  const home = process.cwd()
  const release = (['stdout', 'stderr'] as const).map((name) =>
    replaceStream(name, (text) => {
      said[name] += text
      said.output += text
    }),
  )
  process.chdir(cwd)
  process.exitCode = undefined
  try {
    const code = await withEnv({ NO_COLOR: '1', ...env }, () =>
      main([process.execPath, CLI, ...args]),
    )
    return { code, signal: null, ...said }
  } finally {
    process.exitCode = exitCode
    process.chdir(home)
    for (const one of release) one()
  }
}

function replaceStream(name: 'stdout' | 'stderr', record: (text: string) => void): () => void {
  const before = Object.getOwnPropertyDescriptor(process, name)
  Object.defineProperty(process, name, { value: new Recording(record), configurable: true })
  return () => {
    if (before) Object.defineProperty(process, name, before)
  }
}
