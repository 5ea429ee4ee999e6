import path from 'node:path'
import { z } from 'zod'
import type { ErrorCode } from '../kernel/errors/codes.ts'
import { readCached } from '../kernel/files/file-index.ts'
import { openFiles } from '../kernel/files/files.ts'
import { labelOf } from '../declare/declaration.ts'
import { formatDollars } from '../kernel/dollars.ts'
import { GeminiImageError, reworded } from '../kernel/errors/error.ts'
import type { Declared } from '../plan/declared.ts'
import type { PlanRow } from '../plan/plan.ts'
import { PictureRefusal } from '../providers/refusal.ts'
import { isFresh } from './claim.ts'
import { timestamp } from './commit.ts'
import { openDrafts } from './drafts.ts'
import { withWhy } from './unreadable.ts'

/** What a model answered in place of a picture, as it was told. */
export interface Refusal {
  readonly code: ErrorCode
  readonly what: string
  readonly why?: string | undefined
  readonly fix: string
  /** What the answer cost, in US dollars. */
  readonly cost: number
  /** When it came: an ISO 8601 date and time, UTC, to the second. */
  readonly refused: string
}

/**
 * What was refused on this machine, by fingerprint: the same question would be paid for again, and mostly be
 * answered in the same way. Each lies in a file of its own in the cache folder.
 */
interface Refusals {
  read(): Promise<ReadonlyMap<string, Refusal>>
  /** Remembers one, where the cache folder can be written to. */
  keep(fingerprint: string, refusal: Refusal): Promise<void>
  /** Forgets one, and what it has left as a draft. */
  drop(fingerprint: string): Promise<void>
}

const schema = z.object({
  // Also one that only a later version knows: the call was paid for all the same.
  code: z.custom<ErrorCode>((value) => /^[A-Z_]+$/.test(String(value))),
  what: z.string(),
  why: z.string().optional(),
  fix: z.string(),
  cost: z.number(),
  refused: z.iso.datetime(),
})

/** Opens what was refused. Nothing is read yet. */
export function openRefusals(cacheDir: string): Refusals {
  const folder = path.join(cacheDir, 'refused')
  const fileOf = (fingerprint: string): string => path.join(folder, `${fingerprint}.json`)

  // A record that nobody can read withholds nothing.
  const readOne = (fingerprint: string): Refusal | undefined =>
    readCached(fileOf(fingerprint), schema, openFiles(cacheDir))

  return {
    read: async () => {
      const entries = await openFiles(cacheDir).list('cache', folder)
      const names = entries.flatMap(({ name }) => /^(\w+)\.json$/.exec(name)?.[1] ?? [])
      const found = names.map((name) => [name, readOne(name)] as const)
      return new Map(found.flatMap(([name, one]) => (one ? [[name, one] as const] : [])))
    },
    keep: (fingerprint, refusal) =>
      openFiles(cacheDir)
        .write('cache', fileOf(fingerprint), JSON.stringify(refusal))
        .catch(() => undefined),
    drop: async (fingerprint) => {
      await openFiles(cacheDir)
        .remove('cache', fileOf(fingerprint))
        .catch(() => undefined)
      await openDrafts(cacheDir).drop(fingerprint)
    },
  }
}

/** Failures of calls that may have been paid for, by fingerprint, for as long as the process runs. */
type Failed = Map<string, GeminiImageError>

/** What was asked for in vain. */
export interface InVain {
  /** What models refused, on disk. */
  readonly refusals: Refusals
  readonly failed: Failed
  /** Fingerprints of either that this process has told of. */
  readonly told: Set<string>
}

/**
 * What a model refused of missing steps, by fingerprint. A declaration that is to be fresh is refused for no longer
 * than its picture would be pinned.
 */
export async function refusedSteps(
  rows: readonly Pick<PlanRow, 'declared' | 'missing'>[],
  { refusals }: Pick<InVain, 'refusals'>,
): Promise<ReadonlyMap<string, Refusal>> {
  const known = await refusals.read()
  const found = new Map<string, Refusal>()
  if (known.size === 0) return found
  for (const { declared, missing } of rows) {
    for (const { fingerprint } of missing) {
      const refusal = known.get(fingerprint)
      if (!refusal || !isFresh({ created: refusal.refused }, declared.spec.fresh)) continue
      found.set(fingerprint, refusal)
    }
  }
  return found
}

/** Whether an answer was a model's refusal, which the same question would meet again. */
export function isRefusal(error: unknown): error is PictureRefusal {
  // What could not be read is nobody's refusal.
  return error instanceof PictureRefusal && error.raw === undefined
}

/** @param cost What is booked for it, in US dollars. */
export function toRefusal({ code, what, why, fix }: GeminiImageError, cost: number): Refusal {
  return { code, what, ...(why !== undefined && { why }), fix, cost, refused: timestamp() }
}

/** The error of a picture that was refused before, and is not asked for again. */
export function refusedBefore(
  { code, what, why, fix, cost, refused }: Refusal,
  declared: Declared,
): GeminiImageError {
  const [day = '', time = ''] = refused.split('T')
  const when = `It was refused on ${day} at ${time.slice(0, 5)} UTC (${formatDollars(cost)}), and is not asked for again by itself.`
  const again = `To ask for the same again, and pay for that: npx gemini-image generate ${nameOf(declared)} --retry`
  const refusal = new GeminiImageError({ code, what, why, fix: `${fix} ${again}` })
  return withWhy(refusal, when).at(declared.place)
}

/** The error of a picture that may have been paid for in this process, and is not asked for again. */
export function failedBefore(failure: GeminiImageError, declared: Declared): GeminiImageError {
  const line = 'It may have been paid for, and is not asked for again by itself while this runs.'
  const again = `To ask for it again, and pay for that: npx gemini-image generate ${nameOf(declared)}`
  return reworded(withWhy(failure, line), { fix: `${failure.fix} ${again}`, place: declared.place })
}

/** As a shell takes it. */
function nameOf(declared: Declared): string {
  return JSON.stringify(labelOf(declared))
}
