import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { startServer } from './fake-server.ts'
import { rest, writePlain, writeSite } from './site.ts'

/** Builds a site with our pictures, or with plain imports of the same files, and says what that cost. */
export type BuildSite<Cost> = (
  input: 'ours' | 'plain',
  root: string,
  env: NodeJS.ProcessEnv,
) => Promise<Cost>

/** A site that is built again and again. */
export interface PinnedSite<Cost> {
  readonly root: string
  build(input: 'ours' | 'plain'): Promise<Cost>
}

/**
 * Makes a site of `count` pinned imports, built both ways and then left to rest, and deletes it after the work.
 * @throws {Error} where a build of pinned pictures made a call.
 */
export async function withPinnedSite<Cost>(
  count: number,
  build: BuildSite<Cost>,
  work: (site: PinnedSite<Cost>) => Promise<void>,
): Promise<void> {
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
  const site: PinnedSite<Cost> = { root, build: (input) => build(input, root, env) }
  try {
    await writeSite(root, count)
    await site.build('ours')
    const calls = server.calls()
    await writePlain(root)
    // The first of each makes the folder that the others write to.
    await site.build('plain')
    await rest()
    await site.build('ours')
    await work(site)
    if (server.calls() !== calls) throw new Error('A build of pinned pictures made a call.')
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}
