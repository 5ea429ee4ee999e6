import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import { startFakeGemini } from '../../test/fake-gemini/server.ts'
import { ROOT } from './inputs.ts'

const CLI = path.join(ROOT, 'packages/cli/dist/bin.js')
const NOT_SOURCE = new Set(['node_modules', 'dist', '.astro', '.cache'])

/** A copy of an example, in a repository of its own, whose Google is the fake server. */
export interface Copy {
  readonly root: string
  write(file: string, text: string): void
  git(...args: string[]): string
  /** Commits all that there is. */
  commit(message: string): void
  /** Runs `gemini-image …` and gives what it says. */
  run(...args: string[]): Promise<string>
  /** Starts `gemini-image studio`, and gives its address with the token. */
  studio(): Promise<string>
  close(): Promise<void>
}

/** @param example The name of a folder in `examples/`. */
export async function copyExample(example: string, name: string): Promise<Copy> {
  const from = path.join(ROOT, 'examples', example)
  const parent = mkdtempSync(path.join(tmpdir(), 'gemini-image-screenshots-'))
  const root = path.join(parent, name)
  cpSync(from, root, { recursive: true, filter: (file) => !NOT_SOURCE.has(path.basename(file)) })
  symlinkSync(path.join(from, 'node_modules'), path.join(root, 'node_modules'), 'junction')
  const copy = await openCopy(root, parent)
  copy.git('init', '--quiet', '--initial-branch=main')
  copy.write('.gitignore', 'node_modules\n')
  copy.commit('Start')
  return copy
}

async function openCopy(root: string, parent: string): Promise<Copy> {
  const gemini = await startFakeGemini({ drawing: 'scene' })
  const children: ChildProcess[] = []
  const env = environment(gemini.url)
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8' })
  return {
    root,
    git,
    write: (file, text) => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
      writeFileSync(path.join(root, file), text)
    },
    commit: (message) => {
      git('add', '--all')
      git('commit', '--quiet', `--message=${message}`)
    },
    // Its Google is in this process, which must not wait for it.
    run: async (...args) =>
      (await promisify(execFile)(process.execPath, [CLI, ...args], { cwd: root, env })).stdout,
    studio: () => {
      const child = spawn(process.execPath, [CLI, 'studio', '--no-open'], {
        cwd: root,
        env,
      })
      children.push(child)
      return addressFrom(child)
    },
    close: async () => {
      for (const child of children) child.kill()
      await gemini.close()
      rmSync(parent, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function environment(url: string): NodeJS.ProcessEnv {
  const { CI: _, ...rest } = process.env
  const person = { NAME: 'Maren', EMAIL: 'maren@slow-ferry.example', DATE: '2026-11-30T10:00:00Z' }
  const git = Object.entries(person).flatMap(([key, value]) => [
    [`GIT_AUTHOR_${key}`, value],
    [`GIT_COMMITTER_${key}`, value],
  ])
  return {
    ...rest,
    ...Object.fromEntries(git),
    NO_COLOR: '1',
    GEMINI_API_KEY: 'any',
    GOOGLE_GEMINI_BASE_URL: url,
  }
}

function addressFrom(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (text: Buffer): void => {
      said += text.toString()
      const [address] = /http:\/\/localhost:\d+\/#token=\S+/.exec(said) ?? []
      if (address !== undefined) resolve(address)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', () => reject(new Error(`The studio has ended: ${said}`)))
  })
}
