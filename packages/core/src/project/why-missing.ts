import { labelOf, type DeclarationId } from '../declare/declaration.ts'
import type { CallUnderWay } from '../generate/activity.ts'
import { OVER_BUDGET } from '../generate/budget.ts'
import { formatDollars } from '../kernel/dollars.ts'
import type { GeminiImageError } from '../kernel/errors/error.ts'
import { stepsOf, type Declared } from '../plan/declared.ts'
import { estimateRow } from '../plan/estimate.ts'
import { readPinnedState, toRow, type PlanRow } from '../plan/plan.ts'
import type { WhyShown } from '../pictures/stand-in.ts'
import { formatEstimate } from '../providers/models/price.ts'
import { canGenerate, withheldOf, type Withheld } from './generate.ts'
import type { Project } from './project.ts'

/** Why a declaration has no picture, or not the one that it asks for. */
export interface WhyMissing extends WhyShown {
  readonly kind:
    | 'generating'
    | 'pending'
    | 'refused'
    | 'failed'
    | 'frozen'
    | 'no key'
    | 'budget'
    | 'waiting'
  /** Of a call that is under way: when it began, in milliseconds since 1970, and how long calls last. */
  readonly progress?: CallUnderWay
}

/**
 * Says of rows that are missing, stale, or being generated again why they are. Reads what was refused and what batch
 * jobs were asked for; asks no server.
 * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`, `CORRUPT_LOCKFILE`.
 */
export async function whyMissing(
  project: Project,
  rows: readonly PlanRow[],
): Promise<ReadonlyMap<DeclarationId, WhyMissing>> {
  const due = rows.filter((row) => row.state !== 'pinned' || callFor(row.declared, project))
  if (due.length === 0) return new Map()
  const all = await withAwaited(project, due)
  const reasons = new Reasons(project, all, await withheldOf(project, [...all.values()]))
  return new Map(due.map((row) => [row.declared.id, reasons.of(row)]))
}

/** The call that is under way for a declaration, if one is. */
export function callFor(
  declared: Declared,
  { activity }: Pick<Project, 'activity'>,
): CallUnderWay | undefined {
  for (const { fingerprint } of stepsOf(declared)) {
    const call = activity.underWay(fingerprint)
    if (call) return call
  }
  return undefined
}

type Rows = ReadonlyMap<DeclarationId, PlanRow>

/** Rows by id, with those of the declarations that they wait for. */
async function withAwaited(project: Project, due: readonly PlanRow[]): Promise<Rows> {
  const all = new Map(due.map((row) => [row.declared.id, row]))
  if (due.every(({ declared }) => declared.waitsFor.length === 0)) return all
  const pinnedState = await readPinnedState(project)
  // A map goes on to what is added while it is walked through.
  for (const { declared } of all.values()) {
    for (const other of declared.waitsFor) {
      if (!all.has(other.id)) all.set(other.id, toRow(other, pinnedState))
    }
  }
  return all
}

class Reasons {
  readonly #project: Project
  readonly #rows: Rows
  readonly #withheld: Withheld
  /** Declaration → the one at the end of what it waits for: many may wait for the same. */
  readonly #ends = new Map<DeclarationId, PlanRow>()

  constructor(project: Project, rows: Rows, withheld: Withheld) {
    this.#project = project
    this.#rows = rows
    this.#withheld = withheld
  }

  of(row: PlanRow): WhyMissing {
    return this.#own(row) ?? this.#awaited(row) ?? WAITING
  }

  /** What does not lie in a picture that it waits for. */
  #own(row: PlanRow): WhyMissing | undefined {
    const call = callFor(row.declared, this.#project)
    return call ? generating(call) : (this.#inVain(row) ?? this.#unable(row))
  }

  /** A picture that another one is to be made from is not there, and may never come. */
  #awaited(row: PlanRow): WhyMissing | undefined {
    const next = this.#nextOf(row)
    if (!next) return undefined
    const end = this.#endOf(row)
    const why = this.#own(end) ?? WAITING
    const isComing = why.kind === 'generating' || why.kind === 'waiting'
    if (isComing) return { ...WAITING, text: `waiting for ${labelOf(next.declared)}` }
    return told(why.kind, `waiting for ${labelOf(end.declared)}: ${why.text}`, why.next)
  }

  #nextOf({ declared }: PlanRow): PlanRow | undefined {
    const [next] = declared.waitsFor
    return next && this.#rows.get(next.id)
  }

  /** Chains of references may be long. */
  #endOf(row: PlanRow): PlanRow {
    const passed: PlanRow[] = []
    let end = row
    for (let next = this.#nextOf(row); next; next = this.#nextOf(end)) {
      passed.push(end)
      end = this.#ends.get(next.declared.id) ?? next
      if (this.#own(end)) break
    }
    for (const { declared } of passed) this.#ends.set(declared.id, end)
    return end
  }

  #inVain({ missing, declared }: PlanRow): WhyMissing | undefined {
    const { failed, activity } = this.#project
    const { pending, refused } = this.#withheld
    const again = `npx gemini-image generate ${JSON.stringify(labelOf(declared))}`
    for (const { fingerprint } of missing) {
      const job = pending.get(fingerprint)
      if (job) return inBatch(job.job)
      const refusal = refused.get(fingerprint)
      if (refusal) {
        const { what, why, fix } = refusal
        const next = `${fix} To ask for the same again, and pay for that: ${again} --retry`
        return told('refused', withWhy('refused', what, why), next)
      }
      const failure = failed.get(fingerprint) ?? activity.failureOf(fingerprint)
      if (failure && OVER_BUDGET.has(failure.code)) return overBudget(failure)
      if (failure) {
        return told('failed', withWhy('failed', failure.what), `${failure.fix} Then run: ${again}`)
      }
    }
    return undefined
  }

  /** What keeps this project from generating anything, or as much. */
  #unable(row: PlanRow): WhyMissing | undefined {
    const { options, budget } = this.#project
    if (!canGenerate(this.#project)) return whyUnable(options)
    const left = Math.max(0, budget.limit - budget.spent)
    const estimate = estimateRow(row, this.#withheld)
    if (estimate.most <= left) return undefined
    const [needs, limit] = [formatEstimate(estimate), formatDollars(budget.limit)]
    return {
      kind: 'budget',
      label: 'budget used up',
      text: `budget used up: this needs ${needs}, and ${formatDollars(left)} of ${limit} are left`,
      next: 'Raise the option "budget".',
    }
  }
}

const WAITING: WhyMissing = {
  kind: 'waiting',
  label: 'waiting',
  text: 'not generated yet',
  next: 'Nothing to do while a dev server runs; or run: npx gemini-image generate',
}

function generating(progress: CallUnderWay): WhyMissing {
  const { startedAt, expectedMs } = progress
  return {
    kind: 'generating',
    // It stays as it was when the call began: a picture that counts would be drawn every second.
    label: `generating, about ${roughly(expectedMs)} s`,
    text: `generating, about ${seconds(startedAt + expectedMs - Date.now())} s`,
    next: 'Nothing to do: it is shown as soon as it is there.',
    progress,
  }
}

function seconds(milliseconds: number): number {
  return Math.max(1, Math.round(milliseconds / 1000))
}

/** To the second below ten seconds, to five above. */
function roughly(milliseconds: number): number {
  return milliseconds < 10_000 ? seconds(milliseconds) : Math.round(milliseconds / 5000) * 5
}

function inBatch(job: string): WhyMissing {
  return {
    kind: 'pending',
    label: 'waiting for a batch job',
    text: `asked for by batch job ${job}`,
    next: 'To get it once the job has ended: npx gemini-image batch collect',
  }
}

function overBudget({ what, fix }: GeminiImageError): WhyMissing {
  const text = `budget used up: ${what[0]?.toLowerCase()}${what.slice(1)}`
  return { kind: 'budget', label: 'budget used up', text, next: fix }
}

/** What keeps a project from generating anything. Ask only where something does. */
export function whyUnable({ mode, definition }: Project['options']): WhyMissing {
  const { variable, page } = definition.credentials
  if (mode === 'auto') {
    const next = `Set ${variable} (${page}) and start again.`
    return { kind: 'no key', label: 'no key', text: `no key: ${variable} is not set`, next }
  }
  const next = 'Set the option "mode" or GEMINI_IMAGE_MODE to "auto" and start again.'
  return told('frozen', `not generated: the mode is "${mode}"`, next)
}

function withWhy(verdict: string, what: string, why?: string): string {
  return `${verdict}: ${why === undefined ? what : `${what} ${why}`}`
}

function told(kind: WhyMissing['kind'], text: string, next: string): WhyMissing {
  return { kind, label: text, text, next }
}
