import { formatPlace } from '../../kernel/place.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import type { ModelRow } from '../../providers/models/model.ts'
import { roundDollars } from '../../kernel/dollars.ts'
import { estimateCost, sumEstimates, type Estimate } from '../../providers/models/price.ts'
import { isOfText } from '../../providers/request.ts'
import type { Refusal } from '../refused.ts'
import type { Declared } from '../../plan/declared.ts'
import type { PlanRow } from '../../plan/plan.ts'
import type { Step } from '../../plan/step.ts'
import { itemOfStep, type BatchItem } from './item.ts'
import { whyNotBatchable } from './context.ts'

/** A picture that is left out of a submission, and why. */
export interface LeftOut extends BatchItem {
  readonly why: string
}

export interface ReadyStep {
  readonly step: Step
  readonly declared: Declared
  readonly model: ModelRow
  /** At the price of a batch. */
  readonly estimate: Estimate
  /** SHA-256 of the stale picture or text whose place it is to take. */
  readonly replaces: string | undefined
}

/** What is missing, by what can be done about it now. */
export interface Selection {
  readonly ready: readonly ReadyStep[]
  /** What needs pictures that are not generated yet: for a later batch. */
  readonly waiting: readonly LeftOut[]
  /** What an open job has been asked for. */
  readonly pending: readonly LeftOut[]
  readonly notBatchable: readonly LeftOut[]
  /** What the model refused before. */
  readonly refused: readonly LeftOut[]
}

interface SelectionContext {
  readonly options: ResolvedOptions
  /** Fingerprint → the open job that has it: our name for it, and the project whose it is where that is another. */
  readonly pending: ReadonlyMap<string, string>
  readonly unknownModels: ReadonlySet<string>
  /** What is not asked for again, by fingerprint. */
  readonly refused: ReadonlyMap<string, Refusal>
  /** SHA-256 of the picture or text that is pinned for a fingerprint. */
  digestOf(fingerprint: string): string | undefined
}

/** Sorts what is missing, each fingerprint once. */
export function select(rows: readonly PlanRow[], context: SelectionContext): Selection {
  const ready: ReadyStep[] = []
  const waiting: LeftOut[] = []
  const pending: LeftOut[] = []
  const notBatchable: LeftOut[] = []
  const refused: LeftOut[] = []
  const seen = new Set<string>()
  for (const { declared, missing } of rows) {
    for (const step of missing) {
      if (seen.has(step.fingerprint)) continue
      seen.add(step.fingerprint)
      const one = toReady(step, declared, context)
      const leave = (list: LeftOut[], why: string): void =>
        void list.push({ ...itemOfStep(step, declared, one.estimate), why })
      const job = context.pending.get(step.fingerprint)
      const waits = whyWaiting(step, declared, missing)
      const unfit = whyNotBatchable(one.model, context.options, step.request)
      const refusal = context.refused.get(step.fingerprint)
      if (job !== undefined) leave(pending, `${job} has been asked for it`)
      else if (refusal !== undefined) leave(refused, refusal.what)
      else if (unfit !== undefined) leave(notBatchable, unfit)
      else if (waits !== undefined) leave(waiting, waits)
      else ready.push(one)
    }
  }
  return { ready, waiting, pending, notBatchable, refused }
}

/** What steps cost together at the price of a batch, in US dollars. */
export function estimateReady(ready: readonly ReadyStep[]): Estimate {
  return sumEstimates(ready.map(({ estimate }) => estimate))
}

/** The same step for the next model of its alias; `undefined` where none can be asked in a batch. */
export function withNextModel(
  { step, declared, replaces }: ReadyStep,
  { unknownModels, options }: Pick<SelectionContext, 'unknownModels' | 'options'>,
): ReadyStep | undefined {
  const model = declared.models.find(({ id }) => !unknownModels.has(id))
  if (!model || whyNotBatchable(model, options) !== undefined) return undefined
  return { step, declared, model, estimate: batchEstimate(step, model), replaces }
}

function toReady(step: Step, declared: Declared, context: SelectionContext): ReadyStep {
  const model = declared.models.find(({ id }) => !context.unknownModels.has(id)) ?? declared.model
  return {
    step,
    declared,
    model,
    estimate: batchEstimate(step, model),
    replaces: context.digestOf(step.fingerprint),
  }
}

function batchEstimate(step: Step, model: ModelRow): Estimate {
  return atBatchPrice(estimateCost(model, step.size), model)
}

/** What a call that costs so much at once costs in a batch. */
export function atBatchPrice({ least, most }: Estimate, { price }: ModelRow): Estimate {
  const share = price.batch ?? 1
  return { least: roundDollars(least * share), most: roundDollars(most * share) }
}

function whyWaiting(step: Step, declared: Declared, missing: readonly Step[]): string | undefined {
  const other = declared.waitsFor[0]
  if (other) return `it refers to ${formatPlace(other.place)}, which has no picture yet`
  if (step.after && missing.includes(step.after)) {
    const why = isOfText(step.after.request)
      ? 'it draws from a text that is not written yet'
      : 'it changes a picture that is not drawn yet'
    return `${why}${step.after.label && ` (${step.after.label})`}`
  }
  return undefined
}
