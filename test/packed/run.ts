import { execFile } from 'node:child_process'
import os from 'node:os'
import path from 'node:path'
import process from 'node:process'

/** What a program is started with. */
export interface Call {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** Tells an exact version of a package from a range or a tag. */
export function isExact(specifier: string): boolean {
  return /^.[^@]*@\d+\.\d+\.\d+$/.test(specifier)
}

/**
 * Fetches a package with npx, and gives the path of a program of it. Where npx starts, it first reads all packages that
 * are installed there, which takes longer than most programs: it is asked once, in a folder without any.
 *
 * @throws Error if the version is not exact: a test must not change with what is published.
 */
export async function npx(specifier: string, program: string): Promise<string> {
  if (!isExact(specifier)) throw new Error(`"${specifier}" is not an exact version.`)
  const args = ['-y', '--package', specifier, '--call', `command -v ${program}`]
  return (await run({ program: 'npx', args, cwd: os.tmpdir() })).trim()
}

/** How a program ended. */
export interface Result {
  readonly failure?: Error
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program and gives what it wrote to stdout; a failure is an error that says all it wrote. */
export async function run(call: Call): Promise<string> {
  const { failure, stdout, stderr } = await attempt(call)
  if (!failure) return stdout
  const command = [call.program, ...call.args].join(' ')
  throw new Error(`"${command}" failed:\n${stdout}\n${stderr}`, { cause: failure })
}

/** Runs a program that may fail. */
export function attempt({ program, args, cwd, env }: Call): Promise<Result> {
  const settings = { cwd, env: { ...ownEnvironment(), ...env }, maxBuffer: 64 * 1024 * 1024 }
  return new Promise((resolve) => {
    execFile(program, args, settings, (error, stdout, stderr) => {
      resolve({ ...(error && { failure: error }), stdout, stderr })
    })
  })
}

/** What the runner of these tests, and the package manager that has started it, say to themselves. */
const OF_THE_RUNNER =
  /^(npm_(package|lifecycle|command|execpath|node_execpath|config_(prefix|local_prefix|user_agent))|pnpm_|PNPM_(PACKAGE|SCRIPT)|INIT_CWD|NODE_PATH|NODE_ENV|VITEST)/

/** The environment of a person outside this workspace, with the Node that runs the tests. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OF_THE_RUNNER.test(name))
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const outside = folders.filter((folder) => !folder.endsWith(path.join('node_modules', '.bin')))
  return {
    ...Object.fromEntries(kept),
    PATH: [path.dirname(process.execPath), ...outside].join(path.delimiter),
    // Whom the machine trusts, the package managers trust; older versions of Node.js pass over it.
    NODE_USE_SYSTEM_CA: '1',
    NO_COLOR: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
    YARN_ENABLE_TELEMETRY: '0',
  }
}
