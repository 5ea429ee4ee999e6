import path from 'node:path'
import type { DeclarationId } from '../declare/declaration.ts'
import { GeminiImageError } from '../kernel/errors/error.ts'
import { recallResult } from '../generate/recall.ts'
import { promptOf, sourceTypeOf } from '../pin/labels.ts'
import { resultsOf, type LockEntry, type PinnedPicture } from '../pin/lock-entry.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'
import type { Pixels } from '../pixels/image.ts'
import type { Declared } from '../plan/declared.ts'
import { earlierOf } from '../plan/explain.ts'
import type { Plan, PlanRow } from '../plan/plan.ts'
import { plan } from './plan.ts'
import type { Project } from './project.ts'

/** A picture that a declaration shows, or has shown. */
export interface PastPicture extends Pixels {
  /** What {@link recall} takes, from 1, the newest; 0 for the one that is shown. */
  readonly number: number
  readonly isCurrent: boolean
  /** Whether its file is in the store. */
  readonly isStored: boolean
  /** SHA-256 of its bytes, in hex. */
  readonly object: string
  /** Absolute path. */
  readonly file: string
  /** The model that generated it; `adopted` where none did. */
  readonly model: string
  /** The name of the file that a person put here, or the fingerprint of the request that generated it. */
  readonly adopted: string | undefined
  readonly digitalSourceType: SourceType
  /** When it was pinned: an ISO 8601 date and time. */
  readonly created: string
  /** What was asked for, turns included; `undefined` where the lockfile does not say. */
  readonly prompt: string | undefined
  /** Whether it was generated for what the declaration asks for now. Going back to any other adopts it. */
  readonly isOfThisRequest: boolean
  /** What it cost, in US dollars. */
  readonly cost: number
}

/**
 * All pictures that a declaration has shown, until they are pruned: those of its present request, which `generate --again`
 * and adoptions leave behind, then those of earlier requests and of the turns before; each the newest first.
 * @param planned The project's plan, where there is one.
 * @throws {GeminiImageError} `UNKNOWN_PICTURE`, or what is wrong with the declaration.
 */
export async function history(
  project: Project,
  id: DeclarationId,
  planned?: Plan,
): Promise<readonly PastPicture[]> {
  const { declared, past, entries } = await findPast(project, id, planned)
  const { store } = project
  const current = entries.get(declared.fingerprint)
  let number = 0
  return past.map(({ fingerprint, entry }) => {
    const isCurrent = isSame(entry, current)
    return {
      number: isCurrent ? 0 : ++number,
      isCurrent,
      isStored: store.has(entry.file),
      object: entry.object,
      file: path.join(store.dir, entry.file),
      width: entry.width,
      height: entry.height,
      model: entry.model,
      adopted: entry.adopted,
      digitalSourceType: sourceTypeOf(entry, entries, project.typesOf),
      created: entry.created,
      prompt: promptOf(entry),
      isOfThisRequest: fingerprint === declared.fingerprint && entry.adopted === undefined,
      cost: entry.cost,
    }
  })
}

/**
 * Goes back to a picture of {@link history}. It spends nothing.
 * @param which Its number there, or the beginning of its SHA-256, of six digits at least.
 * @throws {GeminiImageError} `INVALID_ARGUMENT` where there is none, `CORRUPT_OBJECT`, `WRITE_FAILED`.
 */
export async function recall(
  project: Project,
  id: DeclarationId,
  which: number | string,
): Promise<LockEntry> {
  const { declared, past, entries } = await findPast(project, id)
  const current = entries.get(declared.fingerprint)
  const former = past.filter(({ entry }) => !isSame(entry, current))
  const found =
    typeof which === 'number'
      ? former[which - 1]
      : former.find(({ entry }) => which.length > 5 && entry.object.startsWith(which))
  if (!found) throw unknownFormer(which, former.length, declared)
  return recallResult(declared, found, project)
}

interface Past {
  readonly declared: Declared
  readonly entries: ReadonlyMap<string, LockEntry>
  /** The current one among them. */
  readonly past: readonly PinnedPicture[]
}

async function findPast(project: Project, id: DeclarationId, planned?: Plan): Promise<Past> {
  const { rows, unusedRows, problems } = planned ?? (await plan(project))
  const all = [...rows, ...unusedRows]
  const row = all.find(({ declared }) => declared.id === id)
  if (!row) throw problems.find(({ place }) => place?.file === id) ?? unknownPicture(id)
  const { entries } = await project.lockfile.read()
  return { declared: row.declared, entries, past: pastOf(row, all, entries) }
}

function pastOf(
  { declared }: PlanRow,
  all: readonly PlanRow[],
  entries: ReadonlyMap<string, LockEntry>,
): readonly PinnedPicture[] {
  const others = all.map((row) => row.declared).filter(({ id }) => id !== declared.id)
  const { fingerprint } = declared
  const own = entries.get(fingerprint)
  const pinned = [
    ...(own ? [{ fingerprint, entry: own }] : []),
    ...earlierOf(declared, entries, others),
  ]
  const results = pinned.flatMap(({ fingerprint: print, entry }) =>
    resultsOf(entry).map((one) => ({ fingerprint: print, entry: one })),
  )
  // One that was adopted from an earlier request stands there as well, with its price.
  const each = new Map<string, PinnedPicture>()
  for (const one of results) {
    const key = `${one.entry.created} ${one.entry.object}`
    const known = each.get(key)
    if (!known || (known.entry.cost === 0 && one.entry.cost > 0)) each.set(key, one)
  }
  const isOwn = (one: PinnedPicture): number => Number(one.fingerprint === fingerprint)
  // Turns leave pictures behind that nobody has seen.
  return [...each.values()].toSorted(
    (a, b) => isOwn(b) - isOwn(a) || Date.parse(b.entry.created) - Date.parse(a.entry.created),
  )
}

function isSame(one: LockEntry, other: LockEntry | undefined): boolean {
  return one.object === other?.object && one.created === other.created
}

function unknownPicture(id: DeclarationId): GeminiImageError {
  return new GeminiImageError({
    code: 'UNKNOWN_PICTURE',
    what: `Nothing declares ${id}.`,
    fix: 'list what is declared: npx gemini-image plan',
  })
}

function unknownFormer(
  which: number | string,
  count: number,
  { place }: Declared,
): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_ARGUMENT',
    what: `There is no former picture ${which}.`,
    fix:
      count > 0
        ? `write a number from 1, the newest, to ${count}, or the first digits of its SHA-256.`
        : '"npx gemini-image generate <name> --again" asks for another picture, and keeps this one.',
    place,
  })
}
