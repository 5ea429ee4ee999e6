import path from 'node:path'
import type { HostProject } from './host-project.ts'

/** What Rollup's, Rolldown's and Vite's contexts have in common. */
export interface WatchContext {
  readonly meta: object
  addWatchFile(file: string): void
}

/**
 * Watches for a file that is not there yet. Rolldown does not see it come, but sees its folder change,
 * and all below: a folder that builds write to would have it build for ever.
 * @param outputs Files and folders that are written, absolute.
 */
export function watchMissing(
  file: string,
  context: WatchContext,
  { options }: HostProject,
  outputs: readonly string[],
): void {
  context.addWatchFile(file)
  if (!('rolldownVersion' in context.meta)) return
  const { storeDir, cacheDir, lockfile } = options
  const folder = path.dirname(file)
  const isWritten = [storeDir, cacheDir, lockfile, ...outputs].some((one) => isAbove(folder, one))
  if (!isWritten) context.addWatchFile(folder)
}

function isAbove(folder: string, file: string): boolean {
  const fromFolder = path.relative(folder, file)
  return !fromFolder.startsWith('..') && !path.isAbsolute(fromFolder)
}
