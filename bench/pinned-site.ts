import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
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
  /** Throws away what is pinned: the next build draws it all. */
  forget(): Promise<void>
}

/**
 * Makes a site of `count` pinned imports, built both ways and then left to rest, and deletes it after the work.
 * @param latency Milliseconds that the server takes for a picture that is drawn in the work.
 * @throws {Error} where a build made other calls than for what it was to draw.
 */
export async function withPinnedSite<Cost>(
  count: number,
  build: BuildSite<Cost>,
  work: (site: PinnedSite<Cost>) => Promise<void>,
  latency = 0,
): Promise<void> {
  const sites = path.resolve(import.meta.dirname, '../test/.sites')
  await mkdir(sites, { recursive: true })
  const root = await mkdtemp(path.join(sites, 'bench-'))
  const server = await startServer(latency)
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    GEMINI_API_KEY: 'bench',
    GOOGLE_GEMINI_BASE_URL: server.url,
  }
  delete env['CI']
  let due = count
  const site: PinnedSite<Cost> = {
    root,
    build: (input) => build(input, root, env),
    async forget() {
      due += count
      for (const name of ['gemini-image.lock', '.gemini-image']) {
        await rm(path.join(root, name), { recursive: true })
      }
    },
  }
  try {
    await writeSite(root, count)
    await site.build('ours')
    await writePlain(root)
    // The first of each makes the folder that the others write to.
    await site.build('plain')
    await rest()
    await site.build('ours')
    await work(site)
    if (server.calls() !== due) throw new Error(`${server.calls()} calls for ${due} pictures.`)
  } finally {
    server.stop()
    await rm(root, { recursive: true, force: true })
  }
}
