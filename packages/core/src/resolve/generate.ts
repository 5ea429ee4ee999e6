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
  const { options, budget } = tools
  const total = totalEstimate(left)
  reserve(left, total, budget)
  options.logger.info(
    `generating ${left.length} ${left.length === 1 ? 'picture' : 'pictures'}, about ${formatDollars(total)}`,
  )
  const limit = pLimit(options.concurrency)
  const failures: GeminiImageError[] = []
  let skipped = 0
  await limit.map(left, async (declared) => {
    if (tools.signal.aborted || failures.some(({ code }) => HOPELESS.has(code))) {
      skipped += 1
      budget.settle(declared.estimate, 0)
      return
    }
    const failure = await generateOne(declared, tools)
    if (failure) failures.push(failure)
  })
  if (skipped > 0) options.logger.warn(`${skipped} more were not asked for`)
  tools.signal.throwIfAborted()
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

async function generateOne(
  declared: Declared,
  tools: GenerateTools,
): Promise<GeminiImageError | undefined> {
  const { provider, budget, signal } = tools
  const startedAt = performance.now()
  let paid = 0
  try {
    const result = await provider.generate(declared, {
      signal,
      countPossiblyPaid: () => budget.countPossiblyPaid(declared.estimate),
    })
    paid = priceTokens(declared.model, result.tokens)
    const entry = await land(declared, result, paid, tools)
    logLanded(declared, entry, performance.now() - startedAt, tools)
    tools.onLanded(declared, entry)
    return undefined
  } catch (error) {
    if (signal.aborted) return undefined
    if (!isGeminiImageError(error)) throw error
    if (error instanceof PictureRefusal) paid = priceTokens(declared.model, error.tokens)
    return error.at(declared.place)
  } finally {
    budget.settle(declared.estimate, paid)
  }
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
