import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { promisify } from 'node:util'
import { startServer } from './fake-server.ts'
import { exponentOf, figureOf, type Figure } from './figure.ts'
import { writeSite } from './site.ts'

const CLI = path.resolve(import.meta.dirname, '../packages/cli/dist/bin.js')
const CONCURRENCY = 8
/** Milliseconds that the server takes for a picture: a fraction of what Google's takes. */
const LATENCY = 1000
/** How `plan` ends where something is missing. */
const MISSING = 2
const run = promisify(execFile)

/**
 * Draws so many pictures with the command, beside what the calls alone take: as many waves as there must be, and
 * `gemini-image plan` of the same project, which reads it all and draws nothing.
 */
export async function benchGenerate(counts: readonly number[]): Promise<Figure[]> {
  const figures: Figure[] = []
  const growth: [number, number][] = []
  for (const count of counts) {
    const { planned, generated } = await generate(count)
    const limit = planned + Math.ceil(count / CONCURRENCY) * LATENCY
    figures.push(
      figureOf(`generate ${count} ÷ plan and the calls`, [{ plain: limit, ours: generated }], 1.01),
    )
    growth.push([count, generated])
  }
  if (counts.length > 1) {
    const name = `generate ${counts[0]} to ${counts.at(-1)}: exponent`
    figures.push({ name, ratio: exponentOf(growth), target: 1.05 })
  }
  return figures
}

async function generate(count: number): Promise<{ planned: number; generated: number }> {
  const root = await mkdtemp(path.join(tmpdir(), 'gemini-image-bench-'))
  const server = await startServer(LATENCY)
  const { CI: _, ...rest } = process.env
  const env = { ...rest, GEMINI_API_KEY: 'bench', GOOGLE_GEMINI_BASE_URL: server.url }
  const time = async (args: readonly string[]): Promise<number> => {
    const started = performance.now()
    const running = run(process.execPath, [CLI, ...args], { cwd: root, env, maxBuffer: 1 << 26 })
    await running.catch((error: { readonly code?: unknown }) => {
      if (error.code !== MISSING) throw error
    })
    return performance.now() - started
  }
  try {
    await writeSite(root, count)
    await writeFile(path.join(root, '.gitignore'), '')
    await time(['plan'])
    const planned = await time(['plan'])
    const side = ['--budget', String(count), '--concurrency', String(CONCURRENCY)]
    const generated = await time(['generate', '--yes', ...side])
    if (server.calls() !== count) throw new Error(`${server.calls()} calls for ${count} pictures.`)
    return { planned, generated }
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}
