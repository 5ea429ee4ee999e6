import type { Dirent } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import {
  isGeminiImageError,
  joinErrors,
  oursOrThrow,
  type GeminiImageError,
} from '../kernel/errors/error.ts'
import { storedImages, type LockEntry, type PinnedPicture } from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { ignoreMissing, writeFailed } from '../kernel/files/write.ts'
import type { Plan, PlanTools } from '../plan/plan.ts'

/** What the lockfile pins, held against the store. */
export interface Inventory {
  /** How many pinned pictures are whole. */
  readonly sound: number
  /** Pinned pictures that only the shared store has. */
  readonly elsewhere: readonly PinnedPicture[]
  /** Pinned pictures of which an object is in no store. */
  readonly lost: readonly PinnedPicture[]
  /** What is wrong with objects that are there. */
  readonly corrupt: readonly GeminiImageError[]
}

/** What nothing needs any more. */
export interface Waste {
  readonly entries: readonly PinnedPicture[]
  /** Addresses of reference images that no declaration names. */
  readonly remotes: readonly string[]
  /** Files and folders of the store, relative to it, that no entry names once these entries are gone. */
  readonly files: readonly string[]
}

/** Hashes every object that the lockfile pins, also those that were checked before. */
export async function takeInventory(tools: PlanTools): Promise<Inventory> {
  const { entries } = await tools.lockfile.read()
  const lost: PinnedPicture[] = []
  const corrupt: GeminiImageError[] = []
  let sound = 0
  for (const [fingerprint, entry] of entries) {
    const { isLost, defects } = await inspect(entry, tools)
    if (isLost) lost.push({ fingerprint, entry })
    corrupt.push(...defects)
    if (!isLost && defects.length === 0) sound += 1
  }
  await tools.store.save()
  // Pictures may share an object; what is wrong with it is told once.
  const defects = new Map(corrupt.map((error) => [error.message, error]))
  const found = await findElsewhere(lost, tools)
  return {
    sound,
    elsewhere: lost.filter((one) => found.has(one)),
    lost: lost.filter((one) => !found.has(one)),
    corrupt: [...defects.values()],
  }
}

async function findElsewhere(
  lost: readonly PinnedPicture[],
  { team }: PlanTools,
): Promise<ReadonlySet<PinnedPicture>> {
  const images = lost.flatMap(({ entry }) => storedImages(entry))
  const has = images.length > 0 ? await team?.has(images) : undefined
  const there = new Set(images.filter((_, index) => has?.[index]).map(({ object }) => object))
  return new Set(
    lost.filter(({ entry }) => storedImages(entry).every(({ object }) => there.has(object))),
  )
}

async function inspect(
  entry: LockEntry,
  { store }: PlanTools,
): Promise<{ isLost: boolean; defects: readonly GeminiImageError[] }> {
  const checks = storedImages(entry).map((image) => store.verify(image, 'anew').catch(oursOrThrow))
  const outcomes = await Promise.all(checks)
  return { isLost: outcomes.includes('lost'), defects: outcomes.filter(isGeminiImageError) }
}

/**
 * What could be deleted. The last picture of a declaration that has none now is kept: what it waits
 * for may come back, and people want to compare.
 * @throws {GeminiImageError} what is wrong with a declaration: what it needs cannot be known then.
 */
export async function findWaste(plan: Plan, { lockfile, store }: PlanTools): Promise<Waste> {
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
  return {
    entries: unused,
    remotes: waiting.length > 0 ? [] : [...plan.unusedRemotes.keys()],
    files: await strays(store.dir, new Map(kept)),
  }
}

/**
 * Deletes: entries first, so that whoever is killed in between leaves files that nothing needs, and
 * never an entry without its object.
 */
export async function deleteWaste(waste: Waste, tools: PlanTools): Promise<void> {
  const { options, lockfile, store } = tools
  await withProjectLock(lockOf(options), async () => {
    const fingerprints = waste.entries.map(({ fingerprint }) => fingerprint)
    if (fingerprints.length + waste.remotes.length > 0) {
      await lockfile.remove(fingerprints, waste.remotes)
    }
    // Another process may have pinned one of them since.
    const still = await strays(store.dir, (await lockfile.read()).entries)
    const files = waste.files.filter((file) => still.includes(file))
    for (const file of files) await remove(path.join(store.dir, file))
  })
}

async function remove(file: string): Promise<void> {
  // Whoever was faster has done the same.
  await rm(file, { recursive: true, force: true }).catch((cause: unknown) => {
    throw writeFailed(file, cause)
  })
}

/** Files of ours that no entry names: objects, and folders of interim pictures. */
async function strays(
  dir: string,
  entries: ReadonlyMap<string, LockEntry>,
): Promise<readonly string[]> {
  const images = [...entries.values()].flatMap(storedImages)
  const named = new Set(images.map(({ file }) => file))
  const prefixes = new Set([...entries.keys()].map((fingerprint) => fingerprint.slice(0, 12)))
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

async function list(dir: string, isOfKind: (entry: Dirent) => boolean): Promise<readonly string[]> {
  const entries = (await readdir(dir, { withFileTypes: true }).catch(ignoreMissing)) ?? []
  return entries
    .filter(isOfKind)
    .map(({ name }) => name)
    .toSorted()
}
