import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** A server in place of Google's. */
export interface Server {
  readonly url: string
  /** How many calls it has answered so far. */
  calls(): number
  stop(): void
}

/** The fake Gemini server in a process of its own, so that it takes no time from what is measured. */
export async function startServer(latency: number): Promise<Server> {
  const cli = path.resolve(import.meta.dirname, '../test/fake-gemini/cli.ts')
  const args = [cli, '--latency', String(latency), '--drawing', 'photo', '--log']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface(child.stdout)
  const [line] = (await once(lines, 'line')) as [string]
  const url = /http:\/\/\S+/.exec(line)?.[0]
  if (!url) throw new Error(`The fake server said: ${line}`)
  let calls = 0
  lines.on('line', () => (calls += 1))
  return { url, calls: () => calls, stop: () => void child.kill() }
}
