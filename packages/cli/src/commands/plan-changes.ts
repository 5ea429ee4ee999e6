import path from 'node:path'
import process from 'node:process'
import {
  formerOf,
  GeminiImageError,
  parseLockfile,
  startOf,
  type LockEntries,
  type LockEntry,
  type Plan,
  type PlanRow,
  type ResolvedOptions,
} from '@gemini-image/core'
import { git, gitPrefix } from '../project/git.ts'
import { imageLinks, type ImageLinks } from './image-links.ts'

/** A declaration whose picture is not what it was. */
export interface PictureChange {
  readonly kind: 'new' | 'changed' | 'missing' | 'stale' | 'removed'
  /** The prompt file's path from the root. */
  readonly path: string
  readonly row: PlanRow | undefined
  readonly before: LockEntry | undefined
  readonly after: LockEntry | undefined
}

/** What has changed, and how its pictures can be shown. */
export interface PlanChanges {
  /** The ref that it was compared with. */
  readonly base: string | undefined
  readonly changes: readonly PictureChange[]
  readonly links: ImageLinks
}

/**
 * Holds a plan against the lockfile of another commit; without one, against what the lockfile says
 * that each declaration had before.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where there is no such commit.
 */
export async function compareWithBase(
  plan: Plan,
  options: ResolvedOptions,
  base: string | undefined,
): Promise<PlanChanges> {
  const links = imageLinks(await gitPrefix(options.root), process.env, base)
  if (base === undefined) {
    const entries = plan.unusedEntries
    return { base, changes: plan.rows.flatMap((row) => ownChange(row, entries)), links }
  }
  const former = await entriesAt(base, options)
  const byPath = new Map([...former.values()].map((entry) => [entry.from ?? '', entry]))
  const changes = plan.rows.flatMap((row) => changeSince(row, former, byPath))
  const declared = new Set(plan.rows.map((row) => row.declared.place.path))
  const pinned = plan.unusedEntries
  const removed = [...former].flatMap(([fingerprint, before]): PictureChange[] => {
    const { from } = before
    const isGone = from !== undefined && !declared.has(from) && !pinned.has(fingerprint)
    return isGone ? [{ kind: 'removed', path: from, row: undefined, before, after: undefined }] : []
  })
  return { base, changes: [...changes, ...removed], links }
}

function ownChange(row: PlanRow, entries: LockEntries): PictureChange[] {
  const { state, declared, entry } = row
  if (state === 'cached') return []
  const before = entry ?? formerOf(declared, entries)?.entry
  return [{ kind: state, path: declared.place.path, row, before, after: undefined }]
}

function changeSince(
  row: PlanRow,
  former: LockEntries,
  byPath: ReadonlyMap<string, LockEntry>,
): PictureChange[] {
  const { declared, state, entry } = row
  const { path } = declared.place
  const before = former.get(declared.fingerprint) ?? byPath.get(path)
  if (state !== 'cached') return [{ kind: state, path, row, before, after: undefined }]
  if (before?.object === entry?.object) return []
  return [{ kind: before ? 'changed' : 'new', path, row, before, after: entry }]
}

async function entriesAt(ref: string, { root, lockfile }: ResolvedOptions): Promise<LockEntries> {
  if ((await git(root, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`)) === undefined) {
    throw new GeminiImageError({
      code: 'INVALID_ARGUMENT',
      what: `--base is "${ref}", and git knows no such commit here.`,
      fix: 'fetch it first; actions/checkout does with "fetch-depth: 0".',
    })
  }
  const text = (await git(root, 'show', `${ref}:./${path.basename(lockfile)}`)) ?? ''
  return parseLockfile(text, startOf(root, lockfile)).entries
}
