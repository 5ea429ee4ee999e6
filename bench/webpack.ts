import { execFile } from 'node:child_process'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { median } from './median.ts'
import { withPinnedSite, type BuildSite } from './pinned-site.ts'
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
  const plain: Timed[] = []
  const warm: Timed[] = []
  const timed: BuildSite<Timed> = (input, root, env) => timeBuild({ bundler, root, input }, env)
  await withPinnedSite(count, timed, async ({ build }) => {
    for (let round = 0; round < rounds; round += 1) {
      plain.push(await build('plain'))
      warm.push(await build('ours'))
    }
  })
  return { plain: medianOf(plain), warm: medianOf(warm) }
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
