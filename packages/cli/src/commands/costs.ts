import path from 'node:path'
import { GeminiImageError, type Project } from '@gemini-image/core'
import {
  authorsOf,
  branchLines,
  formatDollars,
  isShallow,
  linesOf,
  monthOf,
  NOT_COMMITTED,
  type NumberedLine,
  sumOf,
} from '@gemini-image/core/internal'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { paragraphs, table } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'

const GROUPS = ['month', 'author', 'folder', 'model', 'provider'] as const

type Group = (typeof GROUPS)[number]

interface CostsFlags {
  readonly since?: Date
  readonly by?: Group
}

/** What some calls have cost. */
interface Sum {
  readonly calls: number
  /** Those of them that gave nothing that could be used. */
  readonly withoutResult: number
  /** US dollars. */
  readonly dollars: number
}

/** What `gemini-image costs --json` prints. */
interface Costs {
  readonly today: Sum
  /** Of this calendar month, in UTC. */
  readonly month: Sum
  /** US dollars. */
  readonly monthlyBudget?: number | undefined
  /** What the branch `base` doesn't have. */
  readonly branch?: (Sum & { readonly base: string }) | undefined
  readonly all: Sum
  /** Since when, where a person asked for that: an ISO 8601 date and time. */
  readonly since?: (Sum & { readonly date: string }) | undefined
  /** The part of `all` that is the most that calls can have cost, in US dollars. */
  readonly most: number
  /** The calls since then, or all, by what was asked for. */
  readonly by?: readonly (Sum & { readonly name: string })[] | undefined
  /** Numbers of lines of the ledger that can't be read. */
  readonly unreadable: readonly number[]
}

/** `gemini-image costs`: what the calls in the ledger have cost. */
export function costsCommand(): Command {
  return command<CostsFlags>(
    'costs',
    'show what was paid: today, this month, on this branch and in all; spends nothing',
    runCosts,
  )
    .option(
      '--since <when>',
      'a day (2026-11-01), days back (7d) or month, for this one, all in UTC',
      readSince,
    )
    .addOption(new Option('--by <group>', 'what to add up').choices(GROUPS))
}

async function runCosts({ flags, terminal }: Input<CostsFlags>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const costs = await readCosts(project, flags)
  const isBlamed = flags.by === 'author' && (await isShallow(project.options.root))
  const note = isBlamed
    ? 'This clone is shallow, so that git does not know who committed older lines. Fetch all: git fetch --unshallow'
    : undefined
  return { report: costs, text: paragraphs(formatCosts(costs, flags.by), note) }
}

async function readCosts({ ledger, options }: Project, { since, by }: CostsFlags): Promise<Costs> {
  const content = ledger.read()
  const { lines, unreadable } = content
  const now = new Date()
  const branch = await branchLines(content, options)
  const recent = since ? lines.filter(({ date }) => Date.parse(date) >= since.getTime()) : lines
  return {
    today: add(linesOf(lines, 'day', now)),
    month: add(linesOf(lines, 'month', now)),
    monthlyBudget: options.monthlyBudget,
    branch: branch && { ...add(branch.lines), base: branch.base },
    all: add(lines),
    since: since && { ...add(recent), date: since.toISOString() },
    most: sumOf(lines.filter(({ amount }) => amount === 'most')),
    by: by && (await groupBy(by, recent, options)),
    unreadable,
  }
}

function add(lines: readonly NumberedLine[]): Sum {
  const withoutResult = lines.filter(({ outcome }) => outcome !== 'answered').length
  return { calls: lines.length, withoutResult, dollars: sumOf(lines) }
}

async function groupBy(
  group: Group,
  lines: readonly NumberedLine[],
  options: Project['options'],
): Promise<NonNullable<Costs['by']>> {
  const nameOf = await namer(group, options)
  const groups = Map.groupBy(lines, nameOf)
  const sums = [...groups].map(([name, members]) => ({ name, ...add(members) }))
  return group === 'month'
    ? sums.toSorted((one, other) => (one.name < other.name ? -1 : 1))
    : sums.toSorted((one, other) => other.dollars - one.dollars)
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT` where git is asked for, and is not there. */
async function namer(
  group: Group,
  options: Project['options'],
): Promise<(line: NumberedLine) => string> {
  if (group === 'month') return ({ date }) => date.slice(0, 7)
  if (group === 'folder') return ({ declaration }) => folderOf(declaration)
  if (group !== 'author') return (line) => line[group]
  const authors = await authorsOf(options)
  if (authors) return ({ number }) => authors.get(number) ?? NOT_COMMITTED
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: 'Authors come from git, and this is no git repository.',
    fix: 'ask for another group, such as --by folder.',
  })
}

/** The folder of the file that declares something; `.` is the root. */
function folderOf(declaration: string): string {
  return path.posix.dirname(declaration.replace(/(?<=\.prompt\.md)\?.*$/s, ''))
}

function formatCosts({ all, most, by, ...costs }: Costs, group: Group = 'month'): string {
  if (all.calls === 0) return 'Nothing is in gemini-image.ledger: no call was paid for here yet.'
  const { today, month, monthlyBudget, branch, since } = costs
  const row = (name: string, sum: Sum, note = ''): readonly string[] => [
    ...cellsOf(name, sum),
    note,
  ]
  const rows = [
    row('today', today),
    row(
      'this month',
      month,
      monthlyBudget === undefined ? '' : `of ${formatDollars(monthlyBudget)}`,
    ),
    ...(branch ? [row('this branch', branch, `since ${branch.base}`)] : []),
    ...(since ? [row(`since ${since.date.slice(0, 10)}`, since)] : []),
    row('in all', all),
  ]
  return paragraphs(
    table(['PAID', 'DOLLARS', 'CALLS', 'NO RESULT', ''], rows),
    by &&
      table(
        [group.toUpperCase(), 'DOLLARS', 'CALLS', 'NO RESULT'],
        by.map((one) => cellsOf(one.name, one)),
        0,
      ),
    most > 0
      ? `${formatDollars(most)} of it is the most that was estimated, for calls that did not say what they cost.`
      : undefined,
  ).trimEnd()
}

function cellsOf(name: string, { dollars, calls, withoutResult }: Sum): readonly string[] {
  return [
    name,
    formatDollars(dollars),
    String(calls),
    withoutResult > 0 ? String(withoutResult) : '',
  ]
}

const DAY = 86_400_000

/** Reads a moment in the past: `2026-11-01`, `7d`, `month`. */
function readSince(text: string): Date {
  if (text === 'month') return new Date(`${monthOf(new Date())}-01T00:00:00Z`)
  const days = /^(\d{1,5})d$/.exec(text)?.[1]
  if (days !== undefined) return new Date(Date.now() - Number(days) * DAY)
  const date = new Date(`${text}T00:00:00Z`)
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  if (/^\d{4}-\d\d-\d\d$/.test(text) && isDay) return date
  throw new InvalidArgumentError('Write a day (2026-11-01), days back (7d), or month.')
}
