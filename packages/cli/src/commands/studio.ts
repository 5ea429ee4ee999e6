import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import process from 'node:process'
import { GeminiImageError, plan, type Project } from '@gemini-image/core'
import { cutOff, generateDeclarations, stop } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { readCount } from '../output/numbers.ts'
import { untilInterrupted } from '../project/interrupt.ts'
import { openProject } from '../project/open-project.ts'
import { watchProject } from '../project/watch-project.ts'
import type { SpendingFlags } from './spending.ts'

interface StudioFlags extends Pick<SpendingFlags, 'budget'> {
  readonly port?: number
  readonly open: boolean
  readonly build?: string
  readonly base?: string
  readonly all?: boolean
}

/** Taken where it is free, so that a bookmark goes on to work. */
const PORT = 4983

/** `gemini-image studio`: a page on which to see, choose and refine pictures. */
export function studioCommand(): Command {
  return command<StudioFlags>(
    'studio',
    'open a page on which to see, choose, refine and review all pictures; Ctrl-C ends it',
    runStudio,
    [1, 130],
  )
    .option('--port <number>', `the port (default: ${PORT}, or one that is free)`, readCount)
    .option('--no-open', 'print the address, and open no browser')
    .option(
      '--build <folder>',
      'write a page of what the branch has changed, which opens offline and from any host, and end',
    )
    .option('--base <ref>', 'with --build: the git ref to compare with (default: the main branch)')
    .option('--all', 'with --build: every picture, and not only what has changed')
}

async function runStudio({ flags, terminal }: Input<StudioFlags>): Promise<Outcome> {
  assertConsistent(flags)
  const { build } = flags
  if (build !== undefined) {
    const { buildPage } = await import('./studio-page.ts')
    return buildPage(await openProject(flags, terminal), { ...flags, build })
  }
  const project = await openProject(flags, terminal, { mode: 'auto' })
  const { openStudio, openInBrowser } = await import('@gemini-image/studio')
  const host = {
    project: () => Promise.resolve(project),
    plan: () => plan(project),
    generate: generateDeclarations.bind(undefined, project),
  }
  const studio = openStudio(host, project.options.cacheDir, { base: '/' })
  const watcher = await watchProject(project.options.root, terminal, () => studio.changed())
  const server = createServer((request, response) => {
    studio.middleware(request, response, () => void response.writeHead(404).end())
  })
  server.on('upgrade', (request, socket, head) => {
    if (!studio.upgrade(request, socket, head)) socket.destroy()
  })
  const address = studio.addressAt(`http://localhost:${await listen(server, flags.port)}`)
  terminal.say(`The studio is at ${address}\nCtrl-C ends it.`)
  if (flags.open && process.stdout.isTTY) await openInBrowser(address)
  await untilInterrupted(() => cutOff(project))
  await close(server, studio, watcher, project)
  return { report: { address }, text: 'Closed the studio.', exitCode: 130 }
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT`. */
function assertConsistent({ build, base, all }: StudioFlags): void {
  const refuse = (what: string, fix: string): GeminiImageError =>
    new GeminiImageError({ code: 'INVALID_ARGUMENT', what, fix })
  if (build === undefined && (base !== undefined || all)) {
    const flag = all ? '--all' : '--base'
    throw refuse(`${flag} says nothing here.`, `add --build <folder>, or leave ${flag} out.`)
  }
  if (base !== undefined && all) {
    throw refuse('--base and --all ask for two pages.', 'choose one of them.')
  }
}

async function close(
  server: Server,
  studio: { close(): Promise<void> },
  watcher: { close(): Promise<void> },
  project: Project,
): Promise<void> {
  await stop(project)
  await Promise.all([watcher.close(), studio.close()])
  server.closeAllConnections()
  server.close()
}

/** Listens to this machine alone. @returns The port. */
async function listen(server: Server, wanted: number | undefined): Promise<number> {
  const tryPort = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host: 'localhost' }, () => {
        server.off('error', reject)
        resolve()
      })
    })
  if (wanted === undefined) await tryPort(PORT).catch(() => tryPort(0))
  else await tryPort(wanted)
  return (server.address() as AddressInfo).port
}
