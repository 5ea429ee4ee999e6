import pLimit from 'p-limit'
import { formatPlace } from '../declaration/place.ts'
import { GeminiImageError, isGeminiImageError, joinErrors } from '../errors/error.ts'
import type { ErrorCode } from '../errors/codes.ts'
import type { LockEntry } from '../lock/lock-entry.ts'
import { withProjectLock } from '../lock/project-lock.ts'
import { formatDollars, priceTokens } from '../models/price.ts'
import { PictureRefusal, badAnswer } from '../providers/generate-content/answer.ts'
import type { Provider, ProviderResult } from '../providers/provider.ts'
import { extensionOf, formatOf, inspectImage, type ImageFacts } from '../render/inspect-image.ts'
import type { Budget } from './budget.ts'
import type { Declared } from './declared.ts'
import { listMissing, totalEstimate } from './missing.ts'
import type { PlanTools } from './plan.ts'

/** What generating works with. */
export interface GenerateTools extends PlanTools {
  readonly provider: Provider
  readonly budget: Budget
  /** Once it is aborted no further call begins; those under way finish and are pinned. */
  readonly signal: AbortSignal
  /** Called for every picture, as soon as it is stored and pinned. */
  readonly onLanded: (declared: Declared, entry: LockEntry) => void
}

/** Failures that the next picture would meet as well. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set([
  'INVALID_KEY',
  'QUOTA_EXHAUSTED',
  'WRITE_FAILED',
  'CORRUPT_LOCKFILE',
])

/** Two builds of one project may wait for each other for this many milliseconds. */
const PATIENCE = 30 * 60_000

/**
 * Generates what is missing: one call a fingerprint, side by side, each picture stored and pinned
 * the moment it lands. A failure stops none of the others, unless they would all meet it.
 * @throws {GeminiImageError} `BUDGET_EXCEEDED` before the first call; otherwise, after the last
 *   call, whatever went wrong.
 */
export async function generateMissing(
  missing: readonly Declared[],
  tools: GenerateTools,
): Promise<void> {
  const { options, store, lockfile } = tools
  const lock = {
    cacheDir: options.cacheDir,
    patience: PATIENCE,
    onWait: () => options.logger.info('waiting for another process that generates pictures here'),
  }
  await withProjectLock(lock, async () => {
    await Promise.all([store.sweep(), lockfile.sweep()])
    const left = await withoutLanded(missing, tools)
    if (left.length > 0) await generateAll(left, tools)
  })
}

/** One declaration a fingerprint, less what another process has pinned meanwhile. */
async function withoutLanded(
  missing: readonly Declared[],
  { lockfile, store, onLanded }: GenerateTools,
): Promise<readonly Declared[]> {
  const { entries } = await lockfile.read()
  const unique = [...new Map(missing.map((declared) => [declared.fingerprint, declared])).values()]
  const left: Declared[] = []
  for (const declared of unique) {
    const entry = entries.get(declared.fingerprint)
    if (entry && (await store.verify(entry)) === 'sound') onLanded(declared, entry)
    else left.push(declared)
  }
  return left
}

async function generateAll(left: readonly Declared[], tools: GenerateTools): Promise<void> {
  const { options, budget, signal } = tools
  const total = totalEstimate(left)
  reserve(left, total, budget)
  options.logger.info(
    `generating ${left.length} ${left.length === 1 ? 'picture' : 'pictures'}, about ${formatDollars(total)}`,
  )
  const limit = pLimit(options.concurrency)
  const failures: GeminiImageError[] = []
  const isOver = (): boolean => signal.aborted || failures.some(({ code }) => HOPELESS.has(code))
  let skipped = 0
  const note = (failure: GeminiImageError | undefined): void => {
    // What every picture meets is told once.
    const told = failures.some(({ code }) => code === failure?.code && HOPELESS.has(code))
    if (failure && !told) failures.push(failure)
  }
  const generateOne = async (declared: Declared): Promise<void> => {
    const order = new Order(declared, tools)
    // Only the call holds a place in the queue: storing goes on while the next call is under way.
    await limit(async () => {
      if (isOver()) skipped += 1
      else note(await order.ask())
    })
    note(await order.finish())
  }
  await Promise.all(left.map(generateOne))
  if (skipped > 0) options.logger.warn(`${skipped} more were not asked for`)
  signal.throwIfAborted()
  if (failures.length > 0) throw joinErrors(failures)
}

function reserve(left: readonly Declared[], total: number, budget: Budget): void {
  try {
    budget.reserve(total)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    const { code, what, fix } = error
    throw new GeminiImageError({ code, what, why: listMissing(left), fix, place: left[0]?.place })
  }
}

/** One picture on its way from the provider into the lockfile. */
class Order {
  readonly #declared: Declared
  readonly #tools: GenerateTools
  readonly #startedAt = performance.now()
  #result: ProviderResult | undefined
  #paid = 0

  constructor(declared: Declared, tools: GenerateTools) {
    this.#declared = declared
    this.#tools = tools
  }

  /** Makes the call. What goes wrong is returned, not thrown. */
  async ask(): Promise<GeminiImageError | undefined> {
    const { provider, budget, signal } = this.#tools
    const { estimate, model } = this.#declared
    try {
      const countPossiblyPaid = (): void => budget.countPossiblyPaid(estimate)
      this.#result = await provider.generate(this.#declared, { signal, countPossiblyPaid })
      this.#paid = priceTokens(model, this.#result.tokens)
      return undefined
    } catch (error) {
      if (error instanceof PictureRefusal) this.#paid = priceTokens(model, error.tokens)
      return signal.aborted ? undefined : this.#blame(error)
    }
  }

  /** Stores and pins what came, and settles the bill. What goes wrong is returned, not thrown. */
  async finish(): Promise<GeminiImageError | undefined> {
    const { budget, onLanded } = this.#tools
    try {
      if (!this.#result) return undefined
      const entry = await land(this.#declared, this.#result, this.#paid, this.#tools)
      logLanded(this.#declared, entry, performance.now() - this.#startedAt, this.#tools)
      onLanded(this.#declared, entry)
      return undefined
    } catch (error) {
      return this.#blame(error)
    } finally {
      budget.settle(this.#declared.estimate, this.#paid)
    }
  }

  #blame(error: unknown): GeminiImageError {
    return toOurs(error, this.#tools.provider).at(this.#declared.place)
  }
}

function toOurs(error: unknown, { name }: Provider): GeminiImageError {
  if (isGeminiImageError(error)) return error
  return new GeminiImageError({
    code: 'PROVIDER_FAILED',
    what: `The provider "${name}" failed.`,
    why: error instanceof Error ? error.message : String(error),
    fix: 'mend the provider, or report it to whoever wrote it.',
    cause: error,
  })
}

/** Stores and pins a picture. */
async function land(
  declared: Declared,
  result: ProviderResult,
  cost: number,
  { store, lockfile, options }: GenerateTools,
): Promise<LockEntry> {
  const facts = await inspectImage(result.bytes)
  if (!facts) throw badAnswer('what it holds is not a JPEG, PNG or WebP picture')
  warnIfDifferent(declared, facts, options.logger)
  const stored = await store.put(result.bytes, declared.name, extensionOf(facts.type))
  const entry: LockEntry = {
    ...stored,
    ...facts,
    model: result.model,
    cost,
    tokens: result.tokens,
    created: `${new Date().toISOString().slice(0, 19)}Z`,
  }
  await lockfile.add(declared.fingerprint, entry)
  return entry
}

function warnIfDifferent(
  { place, pixels }: Declared,
  { width, height }: ImageFacts,
  logger: GenerateTools['options']['logger'],
): void {
  if (width === pixels.width && height === pixels.height) return
  logger.warn(
    `${formatPlace(place)}: the model sent ${width}×${height} pixels where ${pixels.width}×${pixels.height} were asked for; it is used as it is`,
  )
}

function logLanded(
  { place }: Declared,
  { width, height, type, model, cost }: LockEntry,
  milliseconds: number,
  { options }: GenerateTools,
): void {
  options.logger.info(
    `${place.path}  ${width}×${height} ${formatOf(type)}  ${model}  ${formatDollars(cost)}  ${(milliseconds / 1000).toFixed(1)} s`,
  )
}
