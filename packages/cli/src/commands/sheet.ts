import path from 'node:path'
import process from 'node:process'
import { fetchPlan, resultsOf, withheldOf, writeWhole } from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { count } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { sheetPage } from '../sheet/page.ts'
import { sheetPictures } from '../sheet/pictures.ts'
import { withThumbnails, type ShownPicture } from '../sheet/thumbnails.ts'

interface SheetFlags {
  readonly out?: string
}

const OUT = 'gemini-image-sheet.html'

/** `gemini-image sheet`: all pictures on one page. */
export function sheetCommand(): Command {
  return command<SheetFlags>(
    'sheet',
    'write a page with every picture, its prompt, price, place and state, which opens offline',
    runSheet,
  ).option('--out <file>', `where to write it (default: ${OUT}, here)`)
}

async function runSheet({ flags, terminal }: Input<SheetFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal)
  const plan = await fetchPlan(project)
  const { pinned } = plan
  const pictures = sheetPictures(plan, pinned, await withheldOf(project, plan.rows))
  const shown: ShownPicture[] = []
  for await (const picture of withThumbnails(pictures, project.options)) {
    shown.push(picture)
    terminal.status(`${shown.length} of ${pictures.length}`)
  }
  const { texts } = await project.lockfile.read()
  const results = [
    ...[...pinned.values()].flatMap((entry) => resultsOf(entry)),
    ...[...texts.values()].flatMap((text) => resultsOf(text)),
  ]
  const paid = results.reduce((sum, { cost }) => sum + cost, 0)
  const file = path.resolve(process.cwd(), flags.out ?? OUT)
  await writeWhole(file, sheetPage({ name: path.basename(project.options.root), paid }, shown))
  const states: Record<string, number> = {}
  for (const { state } of shown) states[state] = (states[state] ?? 0) + 1
  return {
    report: { file, pictures: shown.length, states },
    text: `${count(shown.length, 'picture')} on ${path.relative(process.cwd(), file)}.`,
  }
}
