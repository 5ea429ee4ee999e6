import { spawn, type ChildProcess } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { onTestFinished } from 'vitest'

/** How a process ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Both streams, as they came. */
  readonly output: string
  readonly stdout: string
  readonly stderr: string
}

/** A process of its own, as a person would start it. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

const BIN = path.resolve(import.meta.dirname, '../node_modules')
const VITE = path.join(BIN, 'vite/bin/vite.js')
/** The command's script. */
export const CLI: string = path.join(BIN, 'gemini-image/dist/bin.js')

/** Starts `vite …` in a folder. */
export function startVite(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Running {
  return start([VITE, ...args], cwd, env)
}

/** Runs `gemini-image …` in a folder. */
export function runCli(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  return startCli(cwd, args, env).ended
}

/** Starts `gemini-image …` in a folder. */
export function startCli(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Running {
  return start([CLI, ...args], cwd, env)
}

/** Starts Node, or another program; the process is killed when the test ends. */
export function start(
  args: readonly string[],
  cwd: string,
  env: Record<string, string>,
  program: string = process.execPath,
): Running {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { output: '', stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text
      said.output += text
    })
  }
  const { promise: ended, resolve, reject } = Promise.withResolvers<Ended>()
  child.on('error', reject)
  child.on('close', (code, signal) => resolve({ code, signal, ...said }))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, ended }
}

/** A Vite configuration with our plugin, for sites that are built by a process of their own. */
export function viteConfig(options = ''): Record<string, string> {
  return {
    'vite.config.js': `
      import geminiImage from 'unplugin-gemini-image/vite'
      export default { build: { assetsInlineLimit: 0 }, plugins: [geminiImage({ ${options} })] }\n`,
  }
}
