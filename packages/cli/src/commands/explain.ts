import path from 'node:path'
import { plan, type PlanRow, type Project } from '@gemini-image/core'
import {
  ADOPTED,
  chainOf,
  formatDollars,
  formatPlace,
  formerOf,
  history,
  labelOf,
  openDrafts,
  type Change,
  type Declared,
  type Former,
  type LockEntry,
  type LockTexts,
  type PastPicture,
  type PinnedText,
  type Step,
} from '@gemini-image/core/internal'
import type { Command } from 'commander'
import { command, type Input, type Outcome } from '../command.ts'
import { differenceOf } from '../output/differences.ts'
import { count, paragraphs, table } from '../output/table.ts'
import { openProject } from '../project/open-project.ts'
import { selectRow } from '../project/select.ts'
import { explainError, looksLikeCode } from './explain-error.ts'

/** `gemini-image explain`: what decides a picture, and what has changed since it was pinned; or the meaning of an error. */
export function explainCommand(): Command {
  return command(
    'explain <picture|code>',
    'show what is in a picture’s fingerprint and what has changed since it was pinned; or the meaning of an error’s code',
    runExplain,
  )
}

/** What stands behind a part of a request that is only a hash there. */
type NameOf = (part: string) => string | undefined

async function runExplain(input: Input<object>): Promise<Outcome> {
  const [word = ''] = input.args
  return looksLikeCode(word) ? explainError(word) : explainPicture(word, input)
}

async function explainPicture(name: string, { flags, terminal }: Input<object>): Promise<Outcome> {
  const project = await openProject(flags, terminal, { looksOnly: true })
  const planned = await plan(project)
  const row = selectRow(name, [...planned.rows, ...planned.unusedRows], planned.problems)
  // A picture that is pinned has nothing before it, also where its file is lost or too old.
  const former = row.entry
    ? undefined
    : formerOf(row.declared, planned.pinned, othersThan(row, planned.rows))
  const nameOf = referenceNames(row.declared, project.options.root)
  const drafts = await draftsOf(row, project)
  const past = await history(project, row.declared.id, planned)
  const { declared, state, entry } = row
  const texts = textsOf(declared, (await project.lockfile.read()).texts)
  const report = {
    picture: labelOf(declared),
    state,
    fingerprint: declared.fingerprint,
    isProvisional: isProvisional(declared),
    request: declared.result.request,
    references: declared.spec.references.map((_, index) => nameOf(`references[${index}].`)),
    inputs: declared.inputs.map((file) => projectPath(project.options.root, file)),
    pinned: entry,
    history: past,
    texts: texts.map(({ step, pinned }) => ({
      fingerprint: step.fingerprint,
      step: step.label,
      ...pinned,
    })),
    former: former && {
      fingerprint: former.fingerprint,
      pinned: former.entry,
      changes: former.changes?.map((change) => ({ ...change, reference: nameOf(change.part) })),
    },
    drafts,
    waitsFor: waitsFor(declared),
  }
  const explanation = formatExplanation({ row, former, drafts, past }, nameOf)
  return { report, text: paragraphs(explanation, ...texts.map(formatText)) }
}

interface TextOfStep {
  readonly step: Step
  readonly pinned: PinnedText
}

/** The texts that a picture was drawn from, or will be, in order. */
function textsOf({ result }: Declared, texts: LockTexts): readonly TextOfStep[] {
  return chainOf(result).flatMap((step) => {
    const pinned = texts.get(step.fingerprint)
    return pinned ? [{ step, pinned }] : []
  })
}

function formatText({ step, pinned }: TextOfStep): string {
  const { text, created, model, cost, former = [] } = pinned
  const label = step.label && ` (${step.label})`
  const before = former.length > 0 ? `, ${count(former.length, 'former one')} kept` : ''
  const head = `It is drawn from this text${label}, written ${created} by ${model}, ${formatDollars(cost)} paid${before}:`
  return [head, ...text.split('\n').map((line) => `  ${line}`.trimEnd())].join('\n')
}

interface Explained {
  readonly row: PlanRow
  readonly former: Former | undefined
  readonly drafts: readonly string[]
  readonly past: readonly PastPicture[]
}

/** The files of the drafts that an answer to a missing step has left; those of the first step that has some. */
async function draftsOf({ missing }: PlanRow, { options }: Project): Promise<readonly string[]> {
  const drafts = openDrafts(options.cacheDir)
  for (const { fingerprint } of missing) {
    const files = await drafts.files(fingerprint)
    if (files.length > 0) return files.map((file) => projectPath(options.root, file))
  }
  return []
}

function formatDrafts({ name }: Declared, drafts: readonly string[]): string {
  if (drafts.length === 0) return ''
  const rows = drafts.map((file, index) => [String(index + 1), file])
  return `${table(['DRAFT', 'FILE'], rows, 1)}\n\nTo take one, which is paid for: npx gemini-image pick ${name} --draft <number>`
}

function othersThan(row: PlanRow, rows: readonly PlanRow[]): readonly Declared[] {
  return rows.filter((other) => other !== row).map(({ declared }) => declared)
}

function waitsFor({ waitsFor, waitsForRemotes }: Declared): readonly string[] {
  return [...waitsFor.map(labelOf), ...waitsForRemotes.map(({ target }) => target)]
}

function isProvisional(declared: Declared): boolean {
  return waitsFor(declared).length > 0
}

function projectPath(root: string, file: string): string {
  return path.relative(root, file).replaceAll('\\', '/')
}

function referenceNames({ spec }: Declared, root: string): NameOf {
  return (part) => {
    const index = /^references\[(\d+)\]/.exec(part)?.[1]
    const reference = index === undefined ? undefined : spec.references[Number(index)]
    if (!reference) return undefined
    return reference.kind === 'remote' ? reference.target : projectPath(root, reference.target)
  }
}

function formatExplanation({ row, former, drafts, past }: Explained, nameOf: NameOf): string {
  const { declared } = row
  const rows = partsOf(declared.result.request).map(([part, value]) => {
    const name = part.endsWith('.sha256') ? nameOf(part) : undefined
    return [part, name === undefined ? value : `${value}  ${name}`]
  })
  return paragraphs(
    `${formatPlace(declared.place)}  ${headline(row)}`,
    table(['IN THE FINGERPRINT', declared.fingerprint], rows),
    isProvisional(declared)
      ? `It waits for ${waitsFor(declared).join(', ')}: until they are there, this fingerprint is provisional.`
      : '',
    `Not in it: the file’s name and place, the alternative text, and which model an alias stands for today (${declared.model.id}).`,
    former ? formatFormer(former, nameOf) : '',
    formatPast(declared, past),
    formatDrafts(declared, drafts),
  )
}

/** What a picture was before. */
function formatPast({ name }: Declared, past: readonly PastPicture[]): string {
  const former = past.filter(({ isCurrent }) => !isCurrent)
  if (former.length === 0) return ''
  const rows = former.map((one) => [
    String(one.number),
    path.basename(one.file),
    one.created,
    one.model,
    one.adopted === undefined ? `${formatDollars(one.cost)} paid` : 'adopted',
    one.isOfThisRequest ? 'the same' : one.prompt === undefined ? '' : beginOf(one.prompt),
  ])
  const head = ['FORMER', 'FILE', 'DRAWN', 'MODEL', 'PRICE', 'PROMPT']
  return `${table(head, rows, 1)}\n\nTo go back to one: npx gemini-image pick ${name} --former <number>`
}

/** Of a prompt, what fits beside the rest of a row. */
function beginOf(prompt: string): string {
  const words = prompt.replaceAll(/\s+/g, ' ')
  return words.length > 48 ? `${words.slice(0, 47)}…` : words
}

function headline({ state, entry }: PlanRow): string {
  if (!entry) return 'is not pinned'
  const pinned = `pinned as ${entry.file}, ${originOf(entry)}`
  if (state === 'stale') return `${pinned}; it is older than "fresh" says`
  return state === 'missing' ? `${pinned}; not all of its files are there` : pinned
}

/** Who made a picture, and when it came. */
function originOf({ created, model, adopted, digitalSourceType }: LockEntry): string {
  if (adopted === undefined) return `drawn ${created} by ${model}`
  return model === ADOPTED
    ? `adopted from ${adopted} ${created} (${digitalSourceType})`
    : `adopted: drawn ${created} by ${model} for an earlier request (${adopted.slice(0, 12)})`
}

function formatFormer({ entry, changes }: Former, nameOf: NameOf): string {
  const was = `It was ${entry.file}, ${originOf(entry)}.`
  if (!changes) return `${was} The lockfile does not say what was asked for it.`
  if (changes.length === 0) return `${was} The same was asked then.`
  return `${was} Since then:\n${changes.map((one) => formatChange(one, nameOf)).join('\n')}`
}

function formatChange({ part, before, after }: Change, nameOf: NameOf): string {
  const name = nameOf(part)
  const changed = linesOf(before, after)
  return [
    `  ${part}${name === undefined ? '' : `  ${name}`}`,
    ...changed.before.map((line) => `    - ${line}`),
    ...changed.after.map((line) => `    + ${line}`),
  ].join('\n')
}

/** Of long texts, only the lines that differ. */
function linesOf(
  before: unknown,
  after: unknown,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  if (typeof before === 'string' && typeof after === 'string') {
    const changed = differenceOf(before, after)
    return { before: changed.before.map(show), after: changed.after.map(show) }
  }
  const list = (value: unknown): readonly string[] => (value === undefined ? [] : [show(value)])
  return { before: list(before), after: list(after) }
}

/** A request's parts by their paths, each on a line. */
function partsOf(value: unknown, path = ''): readonly [part: string, value: string][] {
  if (typeof value !== 'object' || value === null) return [[path, show(value)]]
  const isList = Array.isArray(value)
  return Object.entries(value).flatMap(([key, part]) =>
    partsOf(part, isList ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`),
  )
}

/** In one line. */
function show(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\n', '⏎ ') : JSON.stringify(value)
}
