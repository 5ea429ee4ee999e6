import { execFile } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What git prints, called in a folder; `undefined` where it fails or there is no git. */
export function git(dir: string, ...args: string[]): Promise<string | undefined> {
  return gitWithInput(dir, '', ...args)
}

/** As {@link git}, with something on the standard input: what must not stand among the arguments. */
export async function gitWithInput(
  dir: string,
  input: string,
  ...args: string[]
): Promise<string | undefined> {
  // No user's own settings decide what a path looks like.
  const plain = ['-C', dir, '-c', 'core.quotePath=false', ...args]
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' }
  try {
    const running = run('git', plain, { maxBuffer: 256 * 1024 * 1024, env })
    const { stdin } = running.child
    // Whoever does not read to the end closes the pipe.
    stdin?.on('error', () => undefined).end(input)
    return (await running).stdout
  } catch {
    return undefined
  }
}

/** Where a folder lies in its repository. */
export interface Repository {
  /** The repository's top folder. */
  readonly top: string
  /** The folder's path from there, with a slash at the end; empty at the top. */
  readonly prefix: string
}

/** The repository that a folder lies in, if any. */
export async function findRepository(dir: string): Promise<Repository | undefined> {
  const prefix = (await git(dir, 'rev-parse', '--show-prefix'))?.replace(/\n$/, '')
  if (prefix === undefined) return undefined
  return { top: path.join(dir, ...prefix.split('/').flatMap((part) => part && '..')), prefix }
}

/** Whether git takes the union of both sides where branches have changed a file. */
export async function mergesByUnion(dir: string, file: string): Promise<boolean> {
  const attribute = await git(dir, 'check-attr', 'merge', '--', file)
  return attribute?.trim().endsWith(': merge: union') ?? false
}

/** Whether a rule makes git ignore a file, tracked or not. */
export async function isIgnored(dir: string, file: string): Promise<boolean> {
  return (await git(dir, 'check-ignore', '--no-index', '--', file)) !== undefined
}
