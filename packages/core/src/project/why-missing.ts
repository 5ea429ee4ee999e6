import type { DeclarationId } from '../declare/declaration.ts'
import { formatDollars } from '../kernel/dollars.ts'
import type { PlanRow } from '../plan/plan.ts'
import { formatEstimate } from '../providers/models/price.ts'
import { canGenerate, withheldOf } from './generate.ts'
import type { Project } from './project.ts'

/** Why a declaration has no picture, or not the one that it asks for. */
export interface WhyMissing {
  readonly kind:
    | 'generating'
    | 'pending'
    | 'refused'
    | 'failed'
    | 'frozen'
    | 'no key'
    | 'budget'
    | 'waiting'
  /** For people: `generating, about 8 s`, `refused: …`. */
  readonly text: string
  /** Of a call that is under way: when it began, in milliseconds since 1970, and how long calls last. */
  readonly progress?: { readonly startedAt: number; readonly expectedMs: number }
}

/**
 * Says of rows that are missing or stale why they are. Reads what was refused and what batch jobs were asked for; asks
 * no server.
 * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`.
 */
export async function whyMissing(
  project: Project,
  rows: readonly PlanRow[],
): Promise<ReadonlyMap<DeclarationId, WhyMissing>> {
  const due = rows.filter(({ state }) => state !== 'cached')
  if (due.length === 0) return new Map()
  const withheld = await withheldOf(project, due)
  return new Map(due.map((row) => [row.declared.id, reasonOf(row)]))

  function reasonOf(row: PlanRow): WhyMissing {
    return (
      underWay(row, project) ??
      inVain(row) ??
      (canGenerate(project) ? beyondBudget(row, project) : cannot(project)) ?? {
        kind: 'waiting',
        text: 'not generated yet',
      }
    )
  }

  function inVain({ missing }: PlanRow): WhyMissing | undefined {
    for (const { fingerprint } of missing) {
      const pending = withheld.pending.get(fingerprint)
      if (pending) return { kind: 'pending', text: `asked for by batch job ${pending.job}` }
      const refusal = withheld.refused.get(fingerprint)
      if (refusal) {
        const { what, why } = refusal
        return { kind: 'refused', text: `refused: ${why === undefined ? what : `${what} ${why}`}` }
      }
      const failure = project.failed.get(fingerprint)
      if (failure) return { kind: 'failed', text: `failed: ${failure.what}` }
    }
    return undefined
  }
}

function underWay({ declared }: PlanRow, { activity }: Project): WhyMissing | undefined {
  const all = [declared, ...declared.waitsFor]
  const startedAt = all.map(({ id }) => activity.startedAt(id)).find((began) => began !== undefined)
  if (startedAt === undefined) return undefined
  const { expectedMs } = activity
  const seconds = Math.max(1, Math.round((startedAt + expectedMs - Date.now()) / 1000))
  const progress = { startedAt, expectedMs }
  return { kind: 'generating', text: `generating, about ${seconds} s`, progress }
}

function cannot({ options }: Project): WhyMissing {
  if (options.mode !== 'auto')
    return { kind: 'frozen', text: `not generated: the mode is "${options.mode}"` }
  return { kind: 'no key', text: `no key: ${options.definition.credentials.variable} is not set` }
}

function beyondBudget({ estimate }: PlanRow, { budget }: Project): WhyMissing | undefined {
  const left = budget.limit - budget.spent
  if (estimate.most <= left) return undefined
  return {
    kind: 'budget',
    text: `budget used up: this needs ${formatEstimate(estimate)}, and ${formatDollars(Math.max(0, left))} of ${formatDollars(budget.limit)} are left`,
  }
}
