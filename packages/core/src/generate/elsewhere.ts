// oxlint-disable-next-line no-restricted-imports -- compares folders of the cache, which may be one.
import { existsSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { fileOfId, type DeclarationId } from '../declare/declaration.ts'
import { isBelow, workspaceOf } from '../kernel/files/folders.ts'
import { makeFolder } from '../kernel/files/write.ts'
import { startOf } from '../kernel/place.ts'
import { placesOf, verifiedFile } from '../options/places.ts'
import { resultsOf } from '../pin/lock-entry.ts'
import {
  imagesIn,
  isAdopted,
  isPinnedText,
  nameOfResult,
  type PinnedResult,
} from '../pin/pinned-text.ts'
import { openLockfile } from '../pin/lockfile.ts'
import { openObjectStore, type ObjectStore } from '../pin/object-store.ts'
import { withProjectLock, type ProjectLockOptions } from '../pin/project-lock.ts'
import type { PlanContext, PlanRow } from '../plan/plan.ts'
import { openBatchRecord, RECORD } from './batch/record-file.ts'
import { pendingRequests, type PendingRequest } from './batch/record.ts'
import { isAnswerTo, isFresh } from './claim.ts'
import { findProjectFolders } from './workspace-projects.ts'

// A package that several projects of a workspace share is pinned by each of them, so that each builds from what it has
// committed. It is paid for by the first.

/** Runs `work` while no other project of the workspace pays for what it shares with this one. */
export async function withWorkspaceLock<T>(
  ids: readonly DeclarationId[],
  root: string,
  lock: ProjectLockOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (!ids.some((id) => isShared(fileOfId(id), root))) return work()
  const { cacheDir } = placesOf(workspaceOf(root))
  // Where none can be written, two projects that are built at once may pay for one picture twice.
  const isOther = await makeFolder(cacheDir).then(
    () => realpathSync(cacheDir) !== realpathSync(lock.cacheDir),
    () => false,
  )
  return isOther ? withProjectLock({ ...lock, cacheDir }, work) : work()
}

/** Whether a file belongs to another package of the workspace. */
function isShared(file: string, root: string): boolean {
  return path.isAbsolute(file) && !isBelow(root, file)
}

/** Another project of the workspace. */
interface OtherProject {
  /** Its folder, from the root. */
  readonly name: string
  readonly results: ReadonlyMap<string, PinnedResult>
  readonly store: ObjectStore
}

/** A result that another project of the workspace has pinned. */
interface PinnedElsewhere {
  readonly project: OtherProject
  readonly entry: PinnedResult
  /** The file that declares it here. */
  readonly declaredIn: string
}

/**
 * Finds results that other projects of the workspace have pinned and that rows miss, by fingerprint: pictures of
 * packages that are not this project's own; all of them where the workspace's root is a project, too.
 */
export async function findPinnedElsewhere(
  rows: readonly Pick<PlanRow, 'declared' | 'missing'>[],
  { options }: Pick<PlanContext, 'options'>,
): Promise<ReadonlyMap<string, PinnedElsewhere>> {
  const found = new Map<string, PinnedElsewhere>()
  const open = sharedRows(rows, options)
  const others = open.length === 0 ? [] : await findProjects(options)
  for (const { declared, missing } of open) {
    for (const step of missing) {
      const { fingerprint } = step
      for (const project of others) {
        const entry = project.results.get(fingerprint)
        if (!entry || found.has(fingerprint) || !isAnswerTo(step, entry)) continue
        if (isAdopted(entry)) continue
        if (!isFresh(entry, declared.spec.fresh) || !isWhole(entry, project.store)) continue
        found.set(fingerprint, { project, entry, declaredIn: declared.file })
      }
    }
  }
  return found
}

/**
 * Pins what {@link findPinnedElsewhere} finds. Call it only under the project lock.
 * @param redraw Fingerprints that a person asks for anew. @default none
 * @returns whether it has pinned anything.
 * @throws {GeminiImageError} `WRITE_FAILED`, or `CORRUPT_OBJECT` for a picture of another project.
 */
export async function takePinnedElsewhere(
  rows: readonly PlanRow[],
  { options, store, lockfile }: PlanContext,
  redraw: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const found = await findPinnedElsewhere(rows, { options })
  const taken = [...found].filter(([fingerprint]) => !redraw.has(fingerprint))
  for (const [fingerprint, { project, entry, declaredIn }] of taken) {
    for (const image of imagesIn(entry)) {
      await store.restore(image, await project.store.read(image))
    }
    await lockfile.add(fingerprint, asOurs(entry, startOf(options.root, declaredIn).path))
    options.logger.info(`${nameOfResult(entry)} was paid for in ${project.name}`)
  }
  return taken.length > 0
}

function isWhole(entry: PinnedResult, store: ObjectStore): boolean {
  return imagesIn(entry).every(({ file }) => store.has(file))
}

/** A result of another project, without the former ones that a person there keeps. */
function asOurs(entry: PinnedResult, from: string): PinnedResult {
  const [result = entry] = isPinnedText(entry) ? resultsOf(entry) : resultsOf(entry)
  return { ...result, from }
}

/** An open batch job of another project of the workspace. */
interface PendingElsewhere extends PendingRequest {
  /** Its folder, from the root. */
  readonly project: string
}

/**
 * Finds what open batch jobs of other projects of the workspace have been asked for, and rows miss, by fingerprint: it is
 * paid for, and taken over once it was collected there. A record that cannot be read is told where it is.
 */
export async function findPendingElsewhere(
  rows: readonly Pick<PlanRow, 'declared' | 'missing'>[],
  { options }: Pick<PlanContext, 'options'>,
): Promise<ReadonlyMap<string, PendingElsewhere>> {
  const found = new Map<string, PendingElsewhere>()
  const open = sharedRows(rows, options)
  if (open.length === 0) return found
  const { root } = options
  for (const folder of await findProjectFolders(root, [RECORD])) {
    const pending = readPending(folder, options)
    for (const { fingerprint } of open.flatMap(({ missing }) => missing)) {
      const one = pending.get(fingerprint)
      if (one) found.set(fingerprint, { ...one, project: path.relative(root, folder) })
    }
  }
  return found
}

function readPending(
  folder: string,
  options: PlanContext['options'],
): ReadonlyMap<string, PendingRequest> {
  try {
    const record = openBatchRecord(folder, placesOf(folder).lockfile)
    return pendingRequests(record.read(), new Date(), options)
  } catch {
    return new Map()
  }
}

/** The rows that miss something which another project of the workspace may have. */
function sharedRows<Row extends Pick<PlanRow, 'declared' | 'missing'>>(
  rows: readonly Row[],
  { root, lockfile }: PlanContext['options'],
): readonly Row[] {
  const top = workspaceOf(root)
  // The root pins pictures of its apps where it was asked to.
  const mayBeAny = top === root || existsSync(path.join(top, path.basename(lockfile)))
  return rows.filter(
    ({ declared, missing }) => missing.length > 0 && (mayBeAny || isShared(declared.file, root)),
  )
}

/** The other projects of the workspace that have pinned anything. One whose lockfile cannot be read has pinned nothing. */
async function findProjects({
  root,
  lockfile,
  cacheDir,
}: PlanContext['options']): Promise<readonly OtherProject[]> {
  const folders = await findProjectFolders(root, [path.basename(lockfile)])
  const opened = folders.map(async (folder): Promise<OtherProject[]> => {
    const places = placesOf(folder)
    const parsed = await openLockfile(folder, places.lockfile)
      .read()
      .catch(() => undefined)
    if (!parsed) return []
    const store = openObjectStore(places.storeDir, verifiedFile(cacheDir))
    const results = new Map<string, PinnedResult>([...parsed.entries, ...parsed.texts])
    return [{ name: path.relative(root, folder), results, store }]
  })
  return (await Promise.all(opened)).flat()
}
