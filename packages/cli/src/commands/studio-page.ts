import path from 'node:path'
import process from 'node:process'
import type { Plan, Project } from '@gemini-image/core'
import {
  fetchPlan,
  findMainBranch,
  findRepository,
  formatDollars,
  git,
  paidOnBranch,
} from '@gemini-image/core/internal'
import type { PageContent, ShownChange } from '@gemini-image/studio'
import type { Outcome } from '../command.ts'
import { count } from '../output/table.ts'
import { pastPicture } from '../project/past-picture.ts'
import { compareWithBase, wordsOf, type PictureChange } from './plan-changes.ts'

interface PageFlags {
  readonly build: string
  readonly base?: string | undefined
  readonly all?: boolean | undefined
}

/** `gemini-image studio --build`: a page that needs no server. */
export async function buildPage(project: Project, flags: PageFlags): Promise<Outcome> {
  const plan = await fetchPlan(project)
  const { root } = project.options
  const base = flags.all ? undefined : (flags.base ?? (await findMainBranch(root)))
  const content =
    base === undefined ? await allOf(plan, project) : await changesOf(plan, project, base)
  const { writePage } = await import('@gemini-image/studio')
  const folder = path.resolve(process.cwd(), flags.build)
  const { pictures } = await writePage(folder, content, { plan, project })
  const states: Record<string, number> = {}
  for (const { state } of pictures) states[state] = (states[state] ?? 0) + 1
  const file = path.join(folder, 'index.html')
  const what =
    base === undefined
      ? count(pictures.length, 'picture')
      : `${count(pictures.length, 'change')} since ${base}`
  return {
    report: { file, base, pictures: pictures.length, states },
    text: `${what}, on ${path.relative(process.cwd(), file)}.`,
  }
}

async function allOf(plan: Plan, project: Project): Promise<PageContent> {
  const commit = await commitOf(project)
  return {
    written: { what: 'all', commit },
    rows: [...plan.rows, ...plan.unusedRows],
    changes: new Map(),
    gone: [...plan.unusedEntries.values()].map((entry) => ({
      label: entry.file,
      entry,
      change: undefined,
    })),
    paid: undefined,
  }
}

async function changesOf(plan: Plan, project: Project, base: string): Promise<PageContent> {
  const { options } = project
  const { changes, commit } = await compareWithBase(plan, options, base)
  const paid = await paidOnBranch(project, base)
  const toChange = (change: PictureChange): ShownChange => ({
    kind: change.kind,
    words: wordsOf(change),
    before: change.before && pastPicture(change.before, commit, project),
  })
  return {
    written: { what: 'changes', base, commit: await commitOf(project) },
    rows: changes.flatMap(({ row }) => row ?? []),
    changes: new Map(
      changes.flatMap((one) => (one.row ? [[one.row.declared.id, toChange(one)]] : [])),
    ),
    gone: changes.flatMap((one) =>
      one.row || !one.before ? [] : [{ label: one.path, entry: one.before, change: toChange(one) }],
    ),
    paid: paid === undefined ? undefined : formatDollars(paid),
  }
}

async function commitOf({ options }: Project): Promise<string | undefined> {
  if (!(await findRepository(options.root))) return undefined
  return (await git(options.root, 'rev-parse', '--verify', '--quiet', 'HEAD'))?.trim()
}
