import path from 'node:path'
import { joinErrors } from '../kernel/errors/error.ts'
import { openFiles, type FolderEntry, type ProjectFiles } from '../kernel/files/files.ts'
import { keptImages, withFormer, type LockEntry, type PinnedPicture } from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { makePlan } from '../plan/plan.ts'
import type { Project } from './project.ts'

/** What nothing needs any more. */
export interface Waste {
  readonly entries: readonly PinnedPicture[]
  /** Former results of the entries that stay. */
  readonly former: readonly PinnedPicture[]
  /** Addresses of reference images that no declaration names. */
  readonly remotes: readonly string[]
  /** Files and folders of the store, relative to it, that no entry names once these entries are gone. */
  readonly files: readonly string[]
}

/**
 * What could be deleted. The last picture of a declaration that has none now is kept: what it waits
 * for may come back, and people want to compare.
 * @throws {GeminiImageError} what is wrong with a declaration: what it needs cannot be known then.
 */
export async function findWaste(project: Project): Promise<Waste> {
  const { lockfile, store, options } = project
  const plan = await makePlan(project)
  const problems = [...plan.problems, ...plan.unusedProblems]
  if (problems.length > 0) throw joinErrors(problems)
  const { entries } = await lockfile.read()
  const waiting = plan.rows.filter(({ state }) => state !== 'cached')
  const places = new Set(waiting.map(({ declared }) => declared.place.path))
  const isKept = ({ from }: LockEntry): boolean =>
    waiting.length > 0 && (from === undefined || places.has(from))
  const unused = [...plan.unusedEntries]
    .map(([fingerprint, entry]) => ({ fingerprint, entry }))
    .filter(({ entry }) => !isKept(entry))
  const gone = new Set(unused.map(({ fingerprint }) => fingerprint))
  const kept = [...entries].filter(([fingerprint]) => !gone.has(fingerprint))
  const former = kept.flatMap(([fingerprint, entry]) =>
    (entry.former ?? []).map((one) => ({ fingerprint, entry: one })),
  )
  const left = kept.map(([print, entry]): [string, LockEntry] => [print, withFormer(entry, [])])
  return {
    entries: unused,
    former,
    remotes: waiting.length > 0 ? [] : [...plan.unusedRemotes.keys()],
    files: await unreferenced(store.dir, new Map(left), openFiles(options.root)),
  }
}

/**
 * Deletes: entries first, so that whoever is killed in between leaves files that nothing needs, and
 * never an entry without its object.
 * @throws {GeminiImageError} `WRITE_FAILED`.
 */
export async function prune(project: Project, waste: Waste): Promise<void> {
  const { options, lockfile, store } = project
  const gate = openFiles(options.root)
  await withProjectLock(lockOf(options), async () => {
    const fingerprints = waste.entries.map(({ fingerprint }) => fingerprint)
    if (fingerprints.length + waste.remotes.length > 0) {
      await lockfile.remove(fingerprints, waste.remotes)
    }
    await forget(waste.former, lockfile)
    // Another process may have pinned one of them since.
    const still = new Set(await unreferenced(store.dir, (await lockfile.read()).entries, gate))
    const files = waste.files.filter((file) => still.has(file))
    for (const file of files) await gate.remove('object', path.join(store.dir, file))
  })
}

/** Takes former results out of their entries; one that has come since stays. */
async function forget(
  former: readonly PinnedPicture[],
  lockfile: Project['lockfile'],
): Promise<void> {
  const { entries } = await lockfile.read()
  const isForgotten = (one: LockEntry): boolean =>
    former.some(({ entry }) => entry.object === one.object && entry.created === one.created)
  const writes = [...new Set(former.map(({ fingerprint }) => fingerprint))].flatMap((print) => {
    const entry = entries.get(print)
    if (!entry?.former) return []
    const left = entry.former.filter((one) => !isForgotten(one))
    return lockfile.add(print, withFormer(entry, left))
  })
  await Promise.all(writes)
}

/** Files of ours that no entry names: objects, and folders of interim pictures. */
async function unreferenced(
  dir: string,
  entries: ReadonlyMap<string, LockEntry>,
  project: ProjectFiles,
): Promise<readonly string[]> {
  const images = [...entries.values()].flatMap(keptImages)
  const named = new Set(images.map(({ file }) => file))
  const prefixes = new Set([...entries.keys()].map((fingerprint) => fingerprint.slice(0, 12)))
  const list = async (
    folder: string,
    isOfKind: (entry: FolderEntry) => boolean,
  ): Promise<readonly string[]> => {
    const found = (await project.list('object', folder)).filter(isOfKind)
    return found.map(({ name }) => name).toSorted()
  }
  const objects = await list(dir, (entry) => !entry.isDirectory())
  const thoughts = await list(path.join(dir, 'thoughts'), (entry) => entry.isDirectory())
  return [
    ...objects.filter((name) => OBJECT.test(name) && !named.has(name)),
    ...thoughts
      .filter((name) => THOUGHTS.test(name) && !prefixes.has(name.slice(-12)))
      .map((name) => `thoughts/${name}`),
  ]
}

/** What we write; anything else in the store is somebody else's. */
const OBJECT = /^[a-z0-9][a-z0-9.-]*\.[0-9a-f]{12}\.(?:jpg|png|webp)$/
const THOUGHTS = /^[a-z0-9][a-z0-9.-]*\.[0-9a-f]{12}$/
