import { once } from 'node:events'
import { realpathSync, type Stats } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import {
  ENDING_SIGNALS,
  isContentFile,
  isPromptFile,
  isSourceFile,
  isUnsearched,
} from '@gemini-image/core/internal'
import type { FSWatcher } from 'chokidar'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import type { Terminal } from '../output/terminal.ts'
import { openProject } from '../project/open-project.ts'
import { Keeper } from './keeper.ts'
import { withLimits, type SpendingFlags } from './spending.ts'

/** `gemini-image watch`: keeps the pictures up to date, for hosts that no plugin reaches. */
export function watchCommand(): Command {
  const created = command<SpendingFlags>(
    'watch',
    'generate what is missing now, and whenever a declaration is saved and rests; Ctrl-C ends it',
    runWatch,
    [1, 130],
  )
  return withLimits(created)
}

async function runWatch({ flags, terminal }: Input<SpendingFlags>): Promise<Outcome> {
  const { budget, concurrency } = flags
  const project = await openProject(flags, terminal, { options: { budget, concurrency } })
  const { root, quietPeriod, configFile } = project.options
  const keeper = new Keeper(project, terminal)
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const start = (): void => {
    keeper.catchUp(new Set(changed))
    changed.clear()
  }
  const watcher = await startWatching(root, terminal, (file) => {
    if (file === configFile) terminal.say(`${path.basename(file)} has changed: start watch again.`)
    if (!mayDeclare(file) && !keeper.inputs.has(file)) return
    changed.add(file)
    clearTimeout(timer)
    timer = setTimeout(start, quietPeriod)
  })
  start()
  await untilInterrupted(() => keeper.abort())
  clearTimeout(timer)
  await Promise.all([watcher.close(), keeper.close()])
  const { generated, spent } = keeper
  return { report: { generated, spent }, text: 'Stopped watching.', exitCode: 130 }
}

/** Whether a file is of a kind that declares pictures, or asks for them. */
function mayDeclare(file: string): boolean {
  return isPromptFile(file) || isSourceFile(file) || isContentFile(file)
}

/** Whoever never watches need not wait for the watcher to be loaded. */
async function startWatching(
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

/**
 * Resolves at the first Ctrl-C, which the project keeps back while calls are under way that are paid for; every further one is
 * told.
 */
function untilInterrupted(onAnother: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let isStopping = false
  const onInterrupt = (): void => {
    if (isStopping) onAnother()
    isStopping = true
    resolve()
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, onInterrupt)
  return promise
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
