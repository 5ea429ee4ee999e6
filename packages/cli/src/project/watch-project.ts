import { once } from 'node:events'
import { realpathSync, type Stats } from 'node:fs'
import path from 'node:path'
import { isUnsearched } from '@gemini-image/core/internal'
import type { FSWatcher } from 'chokidar'
import type { Terminal } from '../output/terminal.ts'

/** Calls `onChange` with each file of a project that changes. Whoever never watches need not wait for the watcher to be loaded. */
export async function watchProject(
  root: string,
  terminal: Terminal,
  onChange: (file: string) => void,
): Promise<FSWatcher> {
  const { watch } = await import('chokidar')
  const watcher = watch(root, {
    ignored: (file, stats) => isUnsearched(path.normalize(file), root) || leadsUp(file, stats),
    ignoreInitial: true,
  })
  watcher.on('all', (_, file) => onChange(file))
  watcher.on('error', (error) => terminal.say(`Not all files can be watched: ${String(error)}`))
  await once(watcher, 'ready')
  return watcher
}

/** Whether a folder is a link to one that it lies in: there is no end to what is inside. */
function leadsUp(file: string, stats: Stats | undefined): boolean {
  if (!stats?.isDirectory()) return false
  try {
    const parent = realpathSync(path.dirname(file))
    return `${parent}${path.sep}`.startsWith(`${realpathSync(file)}${path.sep}`)
  } catch {
    return true
  }
}
