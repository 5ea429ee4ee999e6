import { formatPlace, type Place } from '../declaration/place.ts'
import { scanProject } from '../declaration/scan.ts'
import { isGeminiImageError, type GeminiImageError } from '../errors/error.ts'
import type { LockEntry } from '../lock/lock-entry.ts'
import type { LockEntries } from '../lock/lockfile-text.ts'
import type { Lockfile } from '../lock/lockfile.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { declare, type Declared } from './declared.ts'

/**
 * How a declaration stands.
 *
 * - `cached`: pinned, and its object is in the store (whose bytes are checked when it is used).
 * - `missing`: not pinned, or its object is lost.
 */
export type PlanState = 'cached' | 'missing'

/** One declaration held against the lockfile. */
export interface PlanRow {
  readonly state: PlanState
  readonly declared: Declared
  /** The pinned result; also there when only the object is lost. */
  readonly entry: LockEntry | undefined
}

/** The declarations of a project held against its lockfile. */
export interface Plan {
  /** What the source asks for. */
  readonly rows: readonly PlanRow[]
  /** Prompt files that nothing in the source asks for. Builds leave them alone. */
  readonly unusedFiles: readonly Place[]
  /** Pinned pictures that no prompt file declares, by fingerprint. */
  readonly unusedEntries: ReadonlyMap<string, LockEntry>
  /** What is wrong with declarations that the source asks for, and with their objects. */
  readonly problems: readonly GeminiImageError[]
}

/** What a plan is made from. */
export interface PlanTools {
  readonly options: ResolvedOptions
  readonly lockfile: Lockfile
  readonly store: ObjectStore
}

/**
 * Scans the project and holds what it declares against the lockfile. Spends nothing, writes nothing.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
 */
export async function makePlan({ options, lockfile, store }: PlanTools): Promise<Plan> {
  const [scan, lock, objects] = await Promise.all([
    scanProject(options.root, options.exclude),
    lockfile.read(),
    store.names(),
  ])
  if (lock.healed) {
    options.logger.warn(
      'gemini-image.lock holds conflict markers; both sides of the merge are used.',
    )
  }
  const outcomes = scan.promptFiles.map((file): Outcome => {
    const used = scan.used.has(file)
    return { used, row: planFile(file, options, lock.entries, objects) }
  })
  return arrange(outcomes, lock.entries)
}

/** A prompt file that was looked at. */
interface Outcome {
  readonly used: boolean
  readonly row: PlanRow | GeminiImageError
}

function arrange(outcomes: readonly Outcome[], entries: LockEntries): Plan {
  const rows: PlanRow[] = []
  const problems: GeminiImageError[] = []
  const unusedFiles: Place[] = []
  const unusedEntries = new Map(entries)
  for (const { used, row } of outcomes) {
    const place = isGeminiImageError(row) ? row.place : row.declared.place
    if (!isGeminiImageError(row)) unusedEntries.delete(row.declared.fingerprint)
    if (!used) {
      if (place) unusedFiles.push(place)
    } else if (isGeminiImageError(row)) problems.push(row)
    else rows.push(row)
  }
  return { rows, unusedFiles, unusedEntries, problems }
}

function planFile(
  file: string,
  options: ResolvedOptions,
  entries: LockEntries,
  objects: ReadonlySet<string>,
): PlanRow | GeminiImageError {
  try {
    const declared = declare(file, options)
    const entry = entries.get(declared.fingerprint)
    if (!entry) return { state: 'missing', declared, entry }
    const there = objects.has(entry.file)
    if (!there) warnLost(declared, entry, options)
    return { state: there ? 'cached' : 'missing', declared, entry }
  } catch (error) {
    if (isGeminiImageError(error)) return error
    throw error
  }
}

function warnLost({ place }: Declared, { file }: LockEntry, { logger }: ResolvedOptions): void {
  logger.warn(
    `${formatPlace(place)}: gemini-image.lock pins .gemini-image/${file}, which is not there. Restore it from version control to keep this very picture.`,
  )
}
