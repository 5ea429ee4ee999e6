import { GeminiImageError } from '../../kernel/errors/error.ts'
import type { Place } from '../../kernel/place.ts'
import { roundDollars } from '../../kernel/dollars.ts'
import { hoursOf, type BatchJob } from '../../providers/batch-provider.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { listItems, type BatchItem } from './item.ts'
import type { CommittedItem, CommitReport } from './commit-answers.ts'

export interface CollectSummary {
  readonly landed: readonly CommittedItem[]
  /** Answered, and pinned in the meantime by other means: what was pinned stays. */
  readonly kept: readonly BatchItem[]
  /** What no answer will come to; the next run asks for it anew. */
  readonly missing: readonly BatchItem[]
  /** Our names for jobs that are under way. */
  readonly running: readonly string[]
  /** Our names for jobs of which the server has not confirmed that they exist: `resume` is for them. */
  readonly unconfirmed: readonly string[]
  /** Our names for jobs that are done with. */
  readonly closed: readonly string[]
  /** What was paid for what was committed, and for what was refused, in US dollars. */
  readonly spent: number
  /** What went wrong, each at its place; the rest was committed all the same. */
  readonly failures: readonly GeminiImageError[]
}

export class Outcome {
  readonly #landed: CommittedItem[] = []
  readonly #kept: BatchItem[] = []
  readonly #missing: BatchItem[] = []
  readonly #closed: string[] = []
  readonly #failures: GeminiImageError[] = []
  #running: string[] = []
  #progress: string[] = []
  #unconfirmed: string[] = []
  #passing: GeminiImageError[] = []
  #spent = 0

  /** Begins another look at all jobs: what only held for the last one is forgotten. */
  begin(): void {
    this.#running = []
    this.#progress = []
    this.#unconfirmed = []
    this.#passing = []
  }

  get isUnderWay(): boolean {
    return this.#running.length > 0
  }

  /** How the jobs that are under way stand, for people: a line that changes when they do. */
  get progress(): string {
    return this.#progress.join(', ')
  }

  running(id: string, job?: Pick<BatchJob, 'state' | 'counts'>): void {
    this.#running.push(id)
    if (!job) return
    const { state, counts } = job
    const answered = counts && `, ${counts.succeeded + counts.failed} of ${counts.total} answered`
    this.#progress.push(`${id} is ${state}${answered ?? ''}`)
  }

  unconfirmed(id: string): void {
    this.#unconfirmed.push(id)
  }

  closed(id: string): void {
    this.#closed.push(id)
  }

  missing(items: readonly BatchItem[]): void {
    this.#missing.push(...items)
  }

  /** @param place The first declaration of the job; `undefined` where a person named a job that there is not. */
  fail(failure: GeminiImageError, place: Place | undefined): void {
    // What every job meets is told once.
    const isTold = this.#failures.some(({ code }) => code === failure.code)
    if (failure.code !== 'INVALID_KEY' || !isTold) this.#failures.push(placed(failure, place))
  }

  /** A failure that another look may not meet. */
  failForNow(failure: GeminiImageError, place: Place | undefined): void {
    this.#passing.push(placed(failure, place))
  }

  add({ landed, kept, spent, failures }: CommitReport): void {
    this.#landed.push(...landed)
    this.#kept.push(...kept)
    this.#spent += spent
    this.#failures.push(...failures)
  }

  summary(): CollectSummary {
    return {
      landed: this.#landed,
      kept: this.#kept,
      missing: this.#missing,
      running: this.#running,
      unconfirmed: this.#unconfirmed,
      closed: this.#closed,
      spent: roundDollars(this.#spent),
      failures: [...this.#failures, ...this.#passing],
    }
  }
}

function placed(failure: GeminiImageError, place: Place | undefined): GeminiImageError {
  return place ? failure.at(place) : failure
}

/** A job ended, and some of its pictures will not come. */
export function jobFailed(
  id: string,
  { state, error }: Pick<BatchJob, 'state' | 'error'>,
  missing: readonly BatchItem[],
  options: ResolvedOptions,
): GeminiImageError {
  const count = missing.length === 1 ? '1 picture was' : `${missing.length} pictures were`
  const said = error && `${options.company} said: ${error}\n`
  return new GeminiImageError({
    code: 'BATCH_FAILED',
    what: `The batch job ${id} ${ended(options)[state]}: ${count} not generated.`,
    why: `${said ?? ''}${listItems(missing)}`,
    fix: 'generate again, with or without a batch: what has landed is kept, and these are asked for anew.',
    place: missing[0]?.place,
  })
}

function ended({ company, definition }: ResolvedOptions): Record<BatchJob['state'], string> {
  const { batch } = definition.catalogue
  const within = batch ? `: it had not ended within ${hoursOf(batch.expiresAfter)}` : ''
  return {
    pending: `is not known to ${company} any more`,
    running: `is not known to ${company} any more`,
    succeeded: 'ended without an answer to every request',
    failed: 'failed',
    cancelled: 'was cancelled',
    expired: `expired${within}`,
  }
}

/** The server does not know a job that should be there. */
export function jobUnknown(
  id: string,
  item: BatchItem | undefined,
  { company }: ResolvedOptions,
): GeminiImageError {
  return new GeminiImageError({
    code: 'BATCH_NOT_FOUND',
    what: `${company} does not know the batch job ${id}.`,
    why: 'A job is known only to keys of the project that submitted it.',
    fix: `use the key that submitted it; or "npx gemini-image batch cancel ${id}" gives it up, and its pictures are asked for anew.`,
    place: item?.place,
  })
}
