import path from 'node:path'
import type { Finding } from './asked-declaration.ts'
import type { Build } from './build.ts'
import type { Resolve } from './prompt-file.ts'

/** What Rollup's, Rolldown's and Vite's contexts have in common. */
export interface WatchContext {
  readonly meta: object
  readonly resolve: Resolve
  addWatchFile(file: string): void
}

/**
 * Finds prompt files by the rules of Rollup, Rolldown or Vite. One that is not there fails the build, which goes on
 * when it comes.
 * @param outputs Files and folders that are written, absolute.
 */
export function findAndWatch(
  context: WatchContext,
  build: Build,
  outputs: readonly string[],
): Finding {
  return {
    async resolve(id, from, options) {
      const resolved = await context.resolve(id, from, options)
      return resolved && path.isAbsolute(resolved.id) ? resolved : null
    },
    onMissing(file, error) {
      build.fail(error)
      watchMissing(file, context, build, outputs)
    },
  }
}

/**
 * Watches for a file that is not there yet. Rolldown does not see it come, but sees its folder change,
 * and all below: a folder that builds write to would have it build for ever.
 */
function watchMissing(
  file: string,
  context: WatchContext,
  { options }: Build,
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
