import path from 'node:path'
import { isContentFile, isPromptFile, isSourceFile } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { untilInterrupted } from '../project/interrupt.ts'
import { openProject } from '../project/open-project.ts'
import { watchProject } from '../project/watch-project.ts'
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
  const watcher = await watchProject(root, terminal, (file) => {
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
