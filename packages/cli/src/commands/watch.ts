import process from 'node:process'
import { isGeminiImageError, isPromptFile, isSourceFile, type Engine } from '@gemini-image/core'
import { watch, type FSWatcher } from 'chokidar'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { showProgress } from '../output/progress.ts'
import { count } from '../output/table.ts'
import type { Terminal } from '../output/terminal.ts'
import { openProject } from '../project/open-project.ts'
import { withSpendingFlags, type SpendingFlags } from './spending.ts'

/** `gemini-image watch`: keeps the pictures up to date, for hosts that no plugin reaches. */
export function watchCommand(): Command {
  const created = command<SpendingFlags>(
    'watch',
    'generate what is missing now, and whenever a declaration is saved and rests',
    runWatch,
  )
  return withSpendingFlags(created)
}

async function runWatch({ flags, terminal }: Input<SpendingFlags>): Promise<Outcome> {
  const { budget, concurrency } = flags
  const engine = await openProject(flags, terminal, { options: { budget, concurrency } })
  const { root, quietPeriod } = engine.options
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const start = (): void => {
    running = running.then(() => catchUp(engine, terminal))
  }
  const watcher = watch(root, { ignored: (file) => isIgnored(file, root), ignoreInitial: true })
  watcher.on('all', (event, file) => {
    if (event === 'unlink' || !(isPromptFile(file) || isSourceFile(file))) return
    clearTimeout(timer)
    timer = setTimeout(start, quietPeriod)
  })
  start()
  await untilInterrupted(watcher)
  clearTimeout(timer)
  engine.close()
  await running
  return { report: { stopped: true }, text: 'Stopped watching.', exitCode: 130 }
}

/** Settles once; what is wrong is told, and mended by the next save. */
async function catchUp(engine: Engine, terminal: Terminal): Promise<void> {
  try {
    const { rows } = await engine.plan()
    const due = rows.filter(({ state }) => state !== 'cached').map(({ declared }) => declared.file)
    const { generated } = await engine.generate(due, { onProgress: showProgress(terminal) })
    terminal.status(undefined)
    const { problems } = await engine.plan()
    for (const { message } of problems) terminal.say(message)
    const left = due.length - generated
    terminal.say(
      `${count(rows.length, 'picture')}: ${generated} generated, ${left} missing${left > 0 && !engine.options.provider ? ' (there is no API key)' : ''}. Watching.`,
    )
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    terminal.say(error.message)
  }
}

function untilInterrupted(watcher: FSWatcher): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  return promise.then(() => watcher.close())
}

function isIgnored(file: string, root: string): boolean {
  const inside = file.slice(root.length)
  return /[\\/](?:node_modules|dist|\.[^\\/]+)(?:[\\/]|$)/.test(inside)
}
