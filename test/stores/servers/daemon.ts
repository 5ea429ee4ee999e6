import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** A server that was started for tests. */
export interface Server {
  /** Its address. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Whether tests with these programs are left out: only where one is not installed, and never in CI.
 */
export function skipWithout(...programs: readonly string[]): boolean {
  const absent = programs.filter((name) => spawnSync(name, ['--version']).error)
  const isSkipped = absent.length > 0 && !process.env['SERVERS_REQUIRED']
  if (isSkipped) console.warn(`Skipped: ${absent.join(', ')} is not installed.`)
  return isSkipped
}

/** Programs that run in a folder of their own, which goes with them. */
export interface Daemons {
  readonly dir: string
  /** Starts one that stays. */
  start(program: string, args: readonly string[]): ChildProcess
  /** Runs one to its end. @throws where it fails. */
  run(program: string, args: readonly string[]): void
  /** Kills all that were started, and deletes the folder. */
  stop(): Promise<void>
}

/** Makes a folder for programs. */
export async function openDaemons(name: string): Promise<Daemons> {
  const dir = await mkdtemp(path.join(os.tmpdir(), `gemini-image-${name}-`))
  const children: ChildProcess[] = []
  const killAll = (): void => children.forEach((child) => child.kill('SIGKILL'))
  process.on('exit', killAll)
  return {
    dir,
    start: (program, args) => {
      const child = spawn(program, args, { cwd: dir, stdio: 'ignore' })
      children.push(child)
      return child
    },
    run: (program, args) => {
      const { status, stderr, error } = spawnSync(program, args, { cwd: dir, encoding: 'utf8' })
      if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
    },
    stop: async () => {
      process.off('exit', killAll)
      const ends = children.map((child) => new Promise((resolve) => child.once('close', resolve)))
      const gone = children.map((child, i) => (child.exitCode === null ? ends[i] : undefined))
      killAll()
      await Promise.all(gone)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** Waits until something answers. @throws after 30 seconds. */
export async function untilUp(look: () => Promise<unknown>): Promise<void> {
  const deadline = performance.now() + 30_000
  for (;;) {
    try {
      await look()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(30)
    }
  }
}
