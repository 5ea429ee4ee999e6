import { mkdir } from 'node:fs/promises'
import process from 'node:process'
import { derivedFolders } from '@gemini-image/core/host'
import type { Logger } from '@gemini-image/core/internal'
import type { NextConfig } from 'next'
import type { HostProject } from '../project/host-project.ts'
import { failureMessage } from '../project/failure-message.ts'
import { announceStandIns } from '../project/stand-ins.ts'
import { announceStudio } from '../project/announce-studio.ts'
import { forgetLost, keptFolder } from './kept-names.ts'
import { openNext } from './pictures.ts'

/** Next.js has no log that a configuration could write to. */
const LOGGER: Logger = { info: say, warn: say }

function say(message: string): void {
  process.stderr.write(`[gemini-image] ${message}\n`)
}

/**
 * Draws everything that the source asks for, before a build begins.
 * @throws {GeminiImageError} as a build of any host.
 */
export async function drawAhead(root: string, config: NextConfig): Promise<void> {
  const project = await openNext(root, LOGGER)
  await project.prepare()
  await makeDerivedFolders(project)
  const kept = keptFolder(config, root)
  if (kept !== undefined && (await forgetLost(root, kept))) say(FORGOTTEN)
}

const FORGOTTEN =
  "Turbopack's file system cache named images that are gone, and was deleted. To keep both, restore node_modules/.cache/gemini-image together with .next/cache."

/** Turbopack never sees a folder in `node_modules` that comes while it builds. */
async function makeDerivedFolders({ options }: HostProject): Promise<void> {
  for (const folder of derivedFolders(options)) {
    // Where it cannot be made, what is in it goes elsewhere.
    await mkdir(folder, { recursive: true }).catch(() => undefined)
  }
}

/** Draws what is missing while a dev server starts; the loaders watch the lockfile, and follow. */
export async function drawBehind(root: string): Promise<void> {
  const project = await openNext(root, LOGGER)
  await makeDerivedFolders(project)
  announceStudio(LOGGER)
  const { missing } = await project.lookOver()
  if (missing.length === 0) return
  await announceStandIns(missing, project)
  void project.generate(missing.map(({ id }) => id)).catch((error: unknown) => {
    const message = failureMessage(error)
    if (message !== undefined) project.options.logger.warn(message)
  })
}
