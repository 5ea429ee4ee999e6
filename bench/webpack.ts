import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { startServer } from './fake-server.ts'
import { median } from './median.ts'
import { rest, writePlain, writeSite } from './site.ts'
import type { Build, Bundler } from './webpack-build.ts'

export type { Bundler } from './webpack-build.ts'

/** Milliseconds: medians of the rounds. */
export interface Timed {
  /** From the bundler's being loaded to its end: our plugin's being loaded is in it. */
  readonly build: number
  /** From the start of Node.js to its end. */
  readonly process: number
}

const PROGRAM = path.join(import.meta.dirname, 'webpack-build.ts')
const run = promisify(execFile)

/**
 * Builds one site of `count` imports in turn, each time in a process of its own: with plain imports of
 * the very files, and with ours, all pinned.
 */
export async function benchWebpack(
  bundler: Bundler,
  count: number,
  rounds: number,
): Promise<{ plain: Timed; warm: Timed }> {
  const sites = path.resolve(import.meta.dirname, '../test/.sites')
  await mkdir(sites, { recursive: true })
  const root = await mkdtemp(path.join(sites, 'bench-'))
  const server = await startServer(0)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GEMINI_API_KEY: 'bench',
    GOOGLE_GEMINI_BASE_URL: server.url,
  }
  delete env['CI']
  const build = (input: Build['input']): Promise<Timed> => timeBuild({ bundler, root, input }, env)
  try {
    await writeSite(root, count)
    await build('ours')
    const calls = server.calls()
    await writePlain(root)
    const plain: Timed[] = []
    const warm: Timed[] = []
    // The first of each makes the folder that the others write to.
    await build('plain')
    await rest()
    await build('ours')
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await build('plain'))
      warm.push(await build('ours'))
    }
    if (server.calls() !== calls) throw new Error('A build of pinned pictures made a call.')
    return { plain: medianOf(plain), warm: medianOf(warm) }
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function timeBuild(build: Build, env: NodeJS.ProcessEnv): Promise<Timed> {
  const started = performance.now()
  const { stdout } = await run(process.execPath, [PROGRAM, JSON.stringify(build)], { env })
  return { build: Number(stdout), process: performance.now() - started }
}

function medianOf(timed: readonly Timed[]): Timed {
  return {
    build: median(timed.map(({ build }) => build)),
    process: median(timed.map((one) => one.process)),
  }
}
