import { vi } from 'vitest'
import type { FakeGemini } from '../../fake-gemini/server.ts'
import { freePort } from '../../support/free-port.ts'
import { start, type Ended, type Running } from '../../support/process.ts'
import { keyed } from '../../support/vite.ts'
import { astroCommand } from './packages.ts'
import type { AstroSite } from './site.ts'

/** In whose environment a command runs. */
export interface Surroundings {
  /** Google, to a command that has a key. */
  readonly gemini?: FakeGemini
  readonly env?: Readonly<Record<string, string>>
  /** What is asked of a dev server until it answers; default: `/`. */
  readonly path?: string
}

/** Runs `astro build`, `astro sync` or another command in a site, as a process of its own. */
export async function astro(
  site: AstroSite,
  args: readonly string[],
  surroundings: Surroundings = {},
): Promise<Ended> {
  return (await startAstro(site, args, surroundings)).ended
}

/** Runs `astro build`; a failure is an error that says what was logged. */
export async function buildAstro(site: AstroSite, surroundings?: Surroundings): Promise<string> {
  const { code, output } = await astro(site, ['build'], surroundings)
  if (code !== 0) throw new Error(`astro build ended with ${code}:\n${output}`)
  return output
}

/** A server that a test talks to. */
export interface Served extends Running {
  /** Without a slash at its end. */
  readonly url: string
  /** What it has logged so far. */
  log(): string
}

/** Starts `astro dev` on a free port; it is killed when the test ends. */
export async function serveDev(site: AstroSite, surroundings?: Surroundings): Promise<Served> {
  const port = await freePort()
  const args = ['dev', '--host', '127.0.0.1', '--port', String(port)]
  return whenAnswering(await startAstro(site, args, surroundings), port, surroundings?.path)
}

/** Starts what `astro build` has made with @astrojs/node, with neither key nor Google. */
export async function serveBuilt(site: AstroSite): Promise<Served> {
  const port = await freePort()
  const env = { HOST: '127.0.0.1', PORT: String(port) }
  return whenAnswering(start([site.path('dist/server/entry.mjs')], site.root, env), port)
}

async function startAstro(
  site: AstroSite,
  args: readonly string[],
  { gemini, env }: Surroundings = {},
): Promise<Running> {
  const command = await astroCommand(site.major)
  return start([command, ...args], site.root, {
    ASTRO_TELEMETRY_DISABLED: '1',
    // Astro 7 runs a dev server in the background where it takes its caller for a coding agent.
    ASTRO_DEV_BACKGROUND: '0',
    NODE_PATH: '',
    // Vitest's own, which hosts go by.
    NODE_ENV: '',
    VITEST: '',
    ...(gemini && keyed(gemini)),
    ...env,
  })
}

async function whenAnswering(running: Running, port: number, path = '/'): Promise<Served> {
  const url = `http://127.0.0.1:${port}`
  let log = ''
  for (const stream of [running.child.stdout, running.child.stderr]) {
    stream?.on('data', (text: string) => (log += text))
  }
  await vi.waitUntil(
    () => {
      if (running.child.exitCode !== null) throw new Error(`The server has ended:\n${log}`)
      return fetch(url + path).then(
        () => true,
        () => false,
      )
    },
    // On a busy machine, Astro takes its time.
    { timeout: 90_000, interval: 100 },
  )
  return { ...running, url, log: () => log }
}

/** Ends a server and waits until it is gone. */
export async function stop({ child, ended }: Running): Promise<void> {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5000)
  await ended
  clearTimeout(timer)
}
