import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'

/** The fake Gemini server in a process of its own, so that it takes no time from what is measured. */
export async function startServer(latency: number): Promise<{ url: string; stop: () => void }> {
  const cli = path.resolve(import.meta.dirname, '../test/fake-gemini/cli.ts')
  const child = spawn(process.execPath, [cli, '--latency', String(latency), '--drawing', 'photo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const url = /http:\/\/\S+/.exec(line.toString())?.[0]
  if (!url) throw new Error(`The fake server said: ${line.toString()}`)
  return { url, stop: () => void child.kill() }
}
