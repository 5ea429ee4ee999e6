import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { astroCommand } from '../test/astro/support/packages.ts'
import { freePort } from '../test/support/free-port.ts'
import { copyCovers, writeOurPost, writeOurs, writePlain, type Blog } from './blog-sites.ts'
import { startServer, type Server } from './fake-server.ts'
import { figureOf, type Figure, type Pair } from './figure.ts'

const LATENCY = 50
/** As the blog's own options say. */
const CONCURRENCY = 8

/** What is measured with. */
interface Bench {
  readonly plain: Blog
  readonly ours: Blog
  readonly server: Server
  readonly command: string
  readonly rounds: number
}

/**
 * Builds and serves a blog whose covers are declared in frontmatter, and in turn the same blog with
 * the very files of these covers, each time as a process of its own.
 * @throws {Error} where a build draws or encodes what it need not, or does not draw what it must.
 */
export async function benchBlog(posts: number, rounds: number): Promise<Figure[]> {
  const sites = path.resolve(import.meta.dirname, '../test/.sites')
  await mkdir(sites, { recursive: true })
  const root = await mkdtemp(path.join(sites, 'bench-blog-'))
  const server = await startServer(LATENCY)
  const blog = (name: string): Blog => ({ root: path.join(root, name), posts })
  const command = await astroCommand(7)
  const bench = { plain: blog('plain'), ours: blog('ours'), server, command, rounds }
  const name = (state: string): string => `astro, a blog of ${posts}: ${state}`
  try {
    const { plain, ours } = await buildCold(bench)
    const limit = plain + Math.ceil(posts / CONCURRENCY) * LATENCY
    const cold = name('nothing pinned ÷ plain and the calls')
    const warm = await inTurn(rounds, () => buildWarm(bench))
    const changed = await inTurn(rounds, (round) => buildChanged(bench, round))
    await devBoth(bench)
    const dev = await inTurn(rounds, () => devBoth(bench))
    return [
      figureOf(name('unchanged'), warm, 1.05),
      figureOf(name('one cover changed'), changed, 1.1),
      figureOf(name('first page in dev'), dev, 1.05),
      figureOf(cold, [{ plain: limit, ours }], 1.01),
    ]
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}

async function inTurn(rounds: number, work: (round: number) => Promise<Pair>): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let round = 0; round < rounds; round += 1) pairs.push(await work(round))
  return pairs
}

async function buildCold(bench: Bench): Promise<Pair> {
  const { plain, ours } = bench
  await writeOurs(ours)
  const ourTime = await build(bench, ours, { calls: ours.posts, encoded: ours.posts })
  await writePlain(plain, ours)
  const plainTime = await build(bench, plain, { calls: 0, encoded: plain.posts })
  return { plain: plainTime, ours: ourTime }
}

async function buildWarm(bench: Bench): Promise<Pair> {
  const plain = await build(bench, bench.plain, { calls: 0, encoded: 0 })
  return { plain, ours: await build(bench, bench.ours, { calls: 0, encoded: 0 }) }
}

async function buildChanged(bench: Bench, round: number): Promise<Pair> {
  const changed = round % bench.ours.posts
  await writeOurPost(bench.ours, changed, `Fog in round ${round}`)
  const ours = await build(bench, bench.ours, { calls: 1, encoded: 1 })
  await copyCovers(bench.plain, bench.ours, [changed])
  return { plain: await build(bench, bench.plain, { calls: 0, encoded: 1 }), ours }
}

async function devBoth(bench: Bench): Promise<Pair> {
  const plain = await dev(bench, bench.plain)
  return { plain, ours: await dev(bench, bench.ours) }
}

/** What a build is to cost. */
interface Cost {
  /** Calls that are paid for. */
  readonly calls: number
  /** Derivatives that are encoded, and not taken from Astro's cache. */
  readonly encoded: number
}

async function build(bench: Bench, blog: Blog, expected: Cost): Promise<number> {
  const before = bench.server.calls()
  const started = performance.now()
  const { child, log } = start(bench, blog, ['build'])
  const [code] = (await once(child, 'close')) as [number | null]
  const took = performance.now() - started
  if (code !== 0) throw new Error(`astro build ended with ${code}:\n${log()}`)
  // The server's own lines come through a pipe.
  await sleep(100)
  const calls = bench.server.calls() - before
  const encoded = log().match(/\(before: /g)?.length ?? 0
  const reused = log().match(/\(reused cache entry\)/g)?.length ?? 0
  const isExpected = calls === expected.calls && encoded === expected.encoded
  if (!isExpected || encoded + reused !== blog.posts) {
    const counts = `${calls} calls, ${encoded} encoded, ${reused} reused`
    throw new Error(`${counts} of ${blog.posts}; expected ${JSON.stringify(expected)}:\n${log()}`)
  }
  return took
}

async function dev(bench: Bench, blog: Blog): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const args = ['dev', '--host', '127.0.0.1', '--port', String(port)]
  const { child, log } = start(bench, blog, args)
  try {
    const page = await firstAnswer(`http://127.0.0.1:${port}/`, child)
    const took = performance.now() - started
    const images = page.match(/<img /g)?.length ?? 0
    if (images !== blog.posts) throw new Error(`${images} covers on the index:\n${log()}`)
    return took
  } finally {
    const ended = once(child, 'close')
    child.kill('SIGKILL')
    await ended
  }
}

async function firstAnswer(url: string, child: ChildProcess): Promise<string> {
  while (child.exitCode === null) {
    const response = await fetch(url).catch(() => undefined)
    if (response) return response.text()
    await sleep(20)
  }
  throw new Error(`astro dev ended with ${child.exitCode}.`)
}

function start(
  { server, command }: Bench,
  { root }: Blog,
  args: readonly string[],
): { child: ChildProcess; log: () => string } {
  const { CI: _, ...env } = process.env
  const child = spawn(process.execPath, [command, ...args], {
    cwd: root,
    env: {
      ...env,
      NO_COLOR: '1',
      ASTRO_TELEMETRY_DISABLED: '1',
      // Astro 7 runs a dev server in the background where it takes its caller for a coding agent.
      ASTRO_DEV_BACKGROUND: '0',
      GEMINI_API_KEY: 'bench',
      GOOGLE_GEMINI_BASE_URL: server.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (log += text))
  }
  return { child, log: () => log }
}
