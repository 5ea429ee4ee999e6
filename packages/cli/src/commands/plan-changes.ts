import path from 'node:path'
import process from 'node:process'
import { GeminiImageError, type Plan, type PlanRow } from '@gemini-image/core'
import {
  findRepository,
  entriesByPlace,
  formerOf,
  git,
  isInlineId,
  isPromptFile,
  labelOf,
  type LockEntry,
  parseLockfile,
  parseForSite,
  promptOf,
  type ResolvedOptions,
  select,
  selectionOfId,
  shownBy,
  startOf,
  toSteps,
  validate,
} from '@gemini-image/core/internal'
import { changedWords, type ChangedWords } from '../output/changed-words.ts'
import { imageLinks, type ImageLinks } from './image-links.ts'
import { PastInline, type PastProject } from './past-inline.ts'

/** A declaration whose picture is not what it was. */
export interface PictureChange {
  readonly kind: 'new' | 'changed' | 'missing' | 'stale' | 'removed'
  /** The prompt file's path from the root; of an inline declaration with its name. */
  readonly path: string
  readonly row: PlanRow | undefined
  readonly before: LockEntry | undefined
  readonly after: LockEntry | undefined
}

/** In which words a prompt differs from that of the picture before; `undefined` where either is not known. */
export function wordsOf({ row, before }: PictureChange): readonly ChangedWords[] | undefined {
  const then = before && promptOf(before)
  const now = row && promptOf({ request: { ...row.declared.result.request } })
  return then === undefined || now === undefined ? undefined : changedWords(then, now)
}

/** What has changed, and how its pictures can be shown. */
export interface PlanChanges {
  /** The ref that it was compared with. */
  readonly base: string | undefined
  /** Where the two branches parted. */
  readonly commit?: string | undefined
  readonly changes: readonly PictureChange[]
  readonly links: ImageLinks
}

/**
 * Holds a plan against another commit: where the two branches parted, as pull requests do; without
 * one, against what the lockfile says that each declaration had before.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where there is no such commit.
 */
export async function compareWithBase(
  plan: Plan,
  options: ResolvedOptions,
  base: string | undefined,
): Promise<PlanChanges> {
  const prefix = (await findRepository(options.root))?.prefix ?? ''
  const commit = base === undefined ? undefined : await findCommit(base, options)
  const links = imageLinks(prefix, process.env, commit)
  if (commit === undefined) {
    const entriesOf = entriesByPlace(plan.unusedEntries)
    return { base, changes: plan.rows.flatMap((row) => ownChange(row, entriesOf)), links }
  }
  const past = await readPast(commit, plan, options)
  const changes = await Promise.all(plan.rows.map((row) => changeSince(row, past, options)))
  return { base, commit, changes: [...changes.flat(), ...removedSince(plan, past)], links }
}

function ownChange(row: PlanRow, entriesOf: ReturnType<typeof entriesByPlace>): PictureChange[] {
  const { state, declared, entry } = row
  if (state === 'pinned') return []
  const before = entry ?? formerOf(declared, entriesOf(declared))?.entry
  return [{ kind: state, path: labelOf(declared), row, before, after: undefined }]
}

/** The project in another commit, as far as it matters. */
interface Past extends PastProject {
  /** The prompt files that it had, by their paths from the root. */
  readonly promptFiles: ReadonlySet<string>
  /** What other files declared. */
  readonly inline: PastInline
}

async function changeSince(
  row: PlanRow,
  past: Past,
  options: ResolvedOptions,
): Promise<PictureChange[]> {
  const { declared, state, entry } = row
  const path = labelOf(declared)
  const before = isInlineId(declared.id)
    ? past.inline.pictureThen(row)
    : await pictureThen(row, past, options)
  if (state !== 'pinned') return [{ kind: state, path, row, before, after: undefined }]
  if (before?.object === entry?.object) return []
  return [{ kind: before ? 'changed' : 'new', path, row, before, after: entry }]
}

/** The picture that a declaration had, also where its file had another name. */
async function pictureThen(
  { declared }: PlanRow,
  past: Past,
  options: ResolvedOptions,
): Promise<LockEntry | undefined> {
  const { path } = declared.place
  const isEdited = past.changedFiles.has(path) && past.promptFiles.has(path)
  const fingerprint = isEdited
    ? await fingerprintThen(declared, past, options)
    : declared.fingerprint
  const exact = past.entries.get(fingerprint ?? '')
  if (exact || !past.promptFiles.has(path)) return exact
  // Its style or a reference has changed: the last picture that it is known to have had.
  return formerOf(declared, past.entries)?.entry ?? past.entries.get(declared.fingerprint)
}

/** What an edited prompt file asked for, if all else is as it is now. */
async function fingerprintThen(
  { id, file, place, result }: PlanRow['declared'],
  { commit }: Past,
  options: ResolvedOptions,
): Promise<string | undefined> {
  try {
    const text = await git(options.root, 'show', `${commit}:./${place.path}`)
    const written = select(parseForSite(text ?? '', file, options), selectionOfId(id))
    const judged = validate(written, options)
    return toSteps(judged, shownBy(result.request)).result.fingerprint
  } catch {
    return undefined
  }
}

/** Pictures of declarations that were there, and are gone without a successor. */
function removedSince(plan: Plan, { entries, promptFiles, inline }: Past): PictureChange[] {
  const rows = [...plan.rows, ...plan.unusedRows]
  const present = new Set(rows.map(({ declared }) => declared.place.path))
  const shown = new Set(rows.map(({ entry }) => entry?.object))
  const removed = new Map<string, LockEntry>()
  for (const before of entries.values()) {
    const { from = '', object } = before
    if (!promptFiles.has(from) || present.has(from) || shown.has(object)) continue
    const other = removed.get(from)
    if (!other || other.created <= before.created) removed.set(from, before)
  }
  for (const { path, declaration, before } of inline.removed()) {
    if (!shown.has(before.object)) removed.set(`${path}#${declaration.name}`, before)
  }
  return [...removed].map(([path, before]) => ({
    kind: 'removed',
    path,
    row: undefined,
    before,
    after: undefined,
  }))
}

/** @throws {GeminiImageError} `INVALID_ARGUMENT`. */
async function findCommit(ref: string, { root }: ResolvedOptions): Promise<string> {
  const parse = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`]
  const commit = (await git(root, ...parse))?.trim()
  if (commit) return (await git(root, 'merge-base', commit, 'HEAD'))?.trim() || commit
  throw new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `--base is "${ref}", and git knows no such commit here.`,
    fix: 'fetch it first; actions/checkout does with "fetch-depth: 0".',
  })
}

async function readPast(commit: string, plan: Plan, options: ResolvedOptions): Promise<Past> {
  const { root, lockfile } = options
  const name = path.basename(lockfile)
  const text = (await git(root, 'show', `${commit}:./${name}`)) ?? ''
  const list = async (...args: string[]): Promise<ReadonlySet<string>> => {
    const paths = (await git(root, ...args, '-z', commit, '--', '.'))?.split('\0') ?? []
    return new Set(paths.filter((one) => one !== ''))
  }
  const [files, changedFiles] = await Promise.all([
    list('ls-tree', '-r', '--name-only'),
    list('diff', '--name-only', '--relative', '--no-renames'),
  ])
  const { entries } = parseLockfile(text, startOf(root, lockfile))
  const project = { commit, entries, changedFiles }
  const inline = new PastInline(plan, project, options)
  await inline.read()
  return { ...project, promptFiles: new Set([...files].filter(isPromptFile)), inline }
}
