import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What git prints, called in a folder; `undefined` where it fails or there is no git. */
export async function git(dir: string, ...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', dir, ...args], { maxBuffer: 256 * 1024 * 1024 })
    return stdout
  } catch {
    return undefined
  }
}

/** The folder's path from the top of its repository, with a slash at the end; empty at the top. */
export async function gitPrefix(dir: string): Promise<string> {
  return (await git(dir, 'rev-parse', '--show-prefix'))?.trim() ?? ''
}
