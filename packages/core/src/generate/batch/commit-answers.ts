// oxlint-disable-next-line no-restricted-imports -- streams gigabytes from the cache, from a file that we have named.
import { createReadStream } from 'node:fs'
import type { ErrorCode } from '../../kernel/errors/codes.ts'
import {
  isGeminiImageError,
  oursOrThrow,
  type GeminiImageError,
} from '../../kernel/errors/error.ts'
import { isPromptFile } from '../../declare/source-files.ts'
import { typeOfTurn } from '../../pin/labels.ts'
import { describeResult, digestOf, type PinnedResult } from '../../pin/pinned-text.ts'
import { bookAnswer, type AnswerBooking, type Usage } from '../../providers/models/booking.ts'
import { formatDollars, roundDollars } from '../../kernel/dollars.ts'
import type { BatchLine } from '../../providers/batch-provider.ts'
import type { ProviderResult } from '../../providers/provider.ts'
import { PictureRefusal } from '../../providers/refusal.ts'
import { warnOfDoubt } from '../budget.ts'
import { shareCommitted } from '../claim.ts'
import { commitAnswer, timestamp } from '../commit.ts'
import { commitText, groundingOf } from '../commit-text.ts'
import { withDraft } from '../drafts.ts'
import { readPinnedState } from '../../plan/plan.ts'
import { pictureOf } from '../../plan/pinned-state.ts'
import { lineOf, payeeOf, type LedgerLine, type PaidCall } from '../ledger.ts'
import { isRefusal, toRefusal } from '../refused.ts'
import { withKept } from '../unreadable.ts'
import { itemOfRequest, type BatchItem } from './item.ts'
import { isRecordedText, type RecordedJob, type RecordedRequest } from './record.ts'
import type { BatchWork } from './context.ts'

export interface CommittedItem extends BatchItem {
  readonly entry: PinnedResult
}

/** The job whose results are committed. */
interface AnsweredJob {
  /** Our name for it. */
  readonly id: string
  readonly job: RecordedJob
  readonly requests: ReadonlyMap<string, RecordedRequest>
}

/** What became of the lines of one job's results. */
export interface CommitReport {
  readonly landed: readonly CommittedItem[]
  /** Answered, and pinned in the meantime: what was pinned stays. */
  readonly kept: readonly BatchItem[]
  /** Fingerprints that were dealt with, the refused ones included. */
  readonly handled: ReadonlySet<string>
  /** US dollars, for what was committed and for what was refused. */
  readonly spent: number
  readonly failures: readonly GeminiImageError[]
}

/** Failures that are not the line's: it can be committed when they are fixed. */
const OURS: ReadonlySet<ErrorCode> = new Set(['WRITE_FAILED', 'CORRUPT_LOCKFILE', 'LOCK_TIMEOUT'])

/** Commits the results of one job, each as the answer to a live call would. */
export class JobCommitter {
  readonly #work: BatchWork
  /** Our name for the job. */
  readonly #id: string
  readonly #job: RecordedJob
  readonly #requests: ReadonlyMap<string, RecordedRequest>
  readonly #landed: CommittedItem[] = []
  readonly #kept: BatchItem[] = []
  readonly #handled = new Set<string>()
  /** Lines that were refused; another line of the same key may still be committed. */
  readonly #refused = new Map<string, GeminiImageError>()
  readonly #failures: GeminiImageError[] = []
  readonly #begun = new Set<string>()
  #lines = 0
  #spent = 0
  #isStopped = false

  constructor(work: BatchWork, { id, job, requests }: AnsweredJob) {
    this.#work = work
    this.#id = id
    this.#job = job
    this.#requests = requests
  }

  /** Lands the whole lines of a file, several side by side. What goes wrong is kept, not thrown. */
  async commit(file: string): Promise<void> {
    const running = new Set<Promise<void>>()
    this.#lines = 0
    for await (const line of linesOf(file)) {
      if (running.size >= this.#work.options.concurrency) await Promise.race(running)
      if (this.#isStopped) break
      const opened = line.trim() === '' ? undefined : this.#work.batch.open(line)
      if (!opened) continue
      this.#lines += 1
      const committing = this.#commitLine(opened).finally(() => running.delete(committing))
      running.add(committing)
    }
    await Promise.all(running)
  }

  /** How many whole lines the last file held. */
  get lines(): number {
    return this.#lines
  }

  /** Whether something here is wrong that would keep every line from being committed: a full disk. */
  get isStopped(): boolean {
    return this.#isStopped
  }

  /** Fingerprints without an answer so far. */
  unanswered(): string[] {
    const answered = this.#begun.union(this.#handled)
    return [...this.#requests.keys()].filter((key) => !answered.has(key) && !this.#refused.has(key))
  }

  /** What came of it; what was refused is dealt with by now. */
  report(): CommitReport {
    for (const [key, error] of this.#refused) {
      if (this.#handled.has(key)) continue
      this.#handled.add(key)
      this.#failures.push(error)
    }
    this.#refused.clear()
    return {
      landed: this.#landed,
      kept: this.#kept,
      handled: this.#handled,
      spent: roundDollars(this.#spent),
      failures: this.#failures,
    }
  }

  async #commitLine(line: BatchLine): Promise<void> {
    const { key } = line
    const request = key === undefined ? undefined : this.#requests.get(key)
    // What was dealt with before, or twice in one file, is passed over.
    if (key === undefined || !request || this.#begun.has(key)) return
    const item = itemOfRequest(key, request, this.#work.options.root)
    const result = this.#read(line, request)
    if (isGeminiImageError(result)) {
      await this.#refuse(result, item, request)
      return
    }
    this.#begun.add(key)
    try {
      await this.#commitResult(result, item, request)
      this.#handled.add(key)
    } catch (error) {
      const failure = oursOrThrow(error).at(item.place)
      const isOurs = OURS.has(failure.code)
      // What every line would meet is told once.
      if (!isOurs || !this.#isStopped) this.#failures.push(failure)
      if (isOurs) this.#isStopped = true
      else {
        this.#handled.add(key)
        const holds = isRecordedText(request) ? 'text' : 'image'
        this.#enter(this.#book(result, holds, item), 'failed', item, request)
      }
    }
  }

  #read(line: BatchLine, request: RecordedRequest): ProviderResult | GeminiImageError {
    try {
      const { withText } = request
      return line.read({ model: this.#job.model, withText, ofText: isRecordedText(request) })
    } catch (error) {
      return oursOrThrow(error)
    }
  }

  /** Books a line without a picture, once for each request. */
  async #refuse(error: GeminiImageError, item: BatchItem, request: RecordedRequest): Promise<void> {
    const { fingerprint, place } = item
    if (this.#refused.has(fingerprint)) return
    this.#refused.set(fingerprint, error.at(place))
    if (!(error instanceof PictureRefusal)) return
    const { cacheDir } = this.#work.options
    const booking = this.#pay(error.usage, undefined, item)
    this.#enter(booking, isRefusal(error) ? 'refused' : 'failed', item, request)
    const { cost, tokens } = booking
    const name = nameOf(item, request)
    const facts = { fingerprint, cost, tokens, answered: timestamp(), name }
    const told = await withDraft(error, facts, cacheDir)
    if (isRefusal(told)) await this.#work.refusals.keep(fingerprint, toRefusal(told, cost))
    const kept = await withKept(told, cacheDir, fingerprint)
    this.#refused.set(fingerprint, oursOrThrow(kept).at(place))
  }

  async #commitResult(
    result: ProviderResult,
    item: BatchItem,
    request: RecordedRequest,
  ): Promise<void> {
    const { fingerprint, place, label } = item
    const { lock, isStored } = await readPinnedState(this.#work)
    const ofText = isRecordedText(request)
    const former = ofText
      ? lock.texts.get(fingerprint)
      : pictureOf({ fingerprint }, { lock, isStored })
    const holds = ofText ? 'text' : 'image'
    if (former && digestOf(former) !== request.replaces) {
      this.#kept.push(item)
      this.#enter(this.#book(result, holds, item), 'answered', item, request)
      return
    }
    const booking = this.#pay(result, holds, item)
    this.#enter(booking, 'answered', item, request)
    const { cost, tokens } = booking
    const context = {
      ...this.#work,
      texts: lock.texts,
      pinned: lock.entries,
      step: { fingerprint, label, variant: request.variant, request: request.request },
      declared: { name: request.slug, place },
      pixels: request.pixels,
      grounding: groundingOf(request.history ?? [], lock.texts),
      ...typeOfTurn((request.history ?? []).flatMap((one) => lock.entries.get(one) ?? [])),
    }
    const commit = ofText ? commitText : commitAnswer
    const pinned = await commit({ ...result, tokens }, cost, context)
    await this.#work.refusals.drop(fingerprint)
    await shareCommitted(fingerprint, pinned, this.#work)
    this.#landed.push({ ...item, entry: pinned })
    this.#log(item, pinned)
  }

  /** Books what an answer cost, at the price of a batch. */
  #pay(usage: Usage, holds: 'image' | 'text' | undefined, item: BatchItem): AnswerBooking {
    const booking = this.#book(usage, holds, item)
    this.#spent += booking.cost
    warnOfDoubt(booking, item.place, this.#work.options.logger)
    return booking
  }

  #book(usage: Usage, holds: 'image' | 'text' | undefined, { estimate }: BatchItem): AnswerBooking {
    const { price } = this.#job
    return bookAnswer(usage, { price, share: price.batch, most: estimate.most }, holds)
  }

  /** The same answer is the same call, whoever collects it, and however often. */
  #enter(
    booking: AnswerBooking,
    outcome: LedgerLine['outcome'],
    item: BatchItem,
    request: RecordedRequest,
  ): void {
    const { fingerprint } = item
    const call: PaidCall = {
      call: `${this.#id}/${fingerprint.slice(0, 16)}`,
      kind: isRecordedText(request) ? 'text' : 'picture',
      declaration: nameOf(item, request),
      fingerprint,
      provider: payeeOf(this.#work.options),
      model: this.#job.model,
      batch: this.#id,
    }
    this.#work.ledger.book(lineOf(call, booking, outcome, timestamp()))
  }

  #log({ place, label }: BatchItem, pinned: PinnedResult): void {
    const step = label && ` (${label})`
    this.#work.options.logger.info(
      `${place.path}${step}  ${describeResult(pinned)}  ${pinned.model}  ${formatDollars(pinned.cost)}  from a batch`,
    )
  }
}

/** How a person names a picture in a command. */
function nameOf({ place }: BatchItem, { slug }: RecordedRequest): string {
  return isPromptFile(place.path) ? place.path : `${place.path}#${slug}`
}

const LINE_FEED = 0x0a

/**
 * The lines of a file, one after another, as text; a file of gigabytes is never read whole. Only a line
 * feed ends a line: JSON may hold every other character that ends one elsewhere.
 */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest: Buffer[] = []
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8')
      rest = []
      start = end + 1
    }
    if (start < chunk.length) rest.push(chunk.subarray(start))
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString('utf8')
}
