import path from 'node:path'
import type { ImageRequest } from '../../providers/request.ts'
import type { ErrorCode } from '../../kernel/errors/codes.ts'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { lockOf, withProjectLock } from '../../pin/project-lock.ts'
import type { ModelRow } from '../../providers/models/model.ts'
import { setKey, type ResolvedOptions } from '../../options/resolve-options.ts'
import type { BatchContext, BatchProvider } from '../../providers/batch-provider.ts'
import type { RunContext } from '../context.ts'

/** The context, with the provider's batch jobs at hand. */
export interface BatchWork extends RunContext {
  readonly batch: BatchProvider
  readonly context: BatchContext
  /** Where files of requests and results lie while they are worked on. */
  readonly folder: string
}

/** After these failures of a creation there is no job, for certain. */
export const NOTHING_CREATED: ReadonlySet<ErrorCode> = new Set([
  'INVALID_KEY',
  'REFUSED_REQUEST',
  'MODEL_NOT_FOUND',
  'QUOTA_EXHAUSTED',
  'RATE_LIMITED',
])

/**
 * The context of batch jobs, if there is something that runs batch jobs.
 * @throws {GeminiImageError} `MISSING_KEY` or `BATCH_UNSUPPORTED`.
 */
export function workWith(context: RunContext): BatchWork {
  const { options, signal, cutOff } = context
  const { provider } = options
  if (!provider) throw noKey(options)
  const { batch } = provider
  if (!batch) throw unsupported(provider.name)
  const folder = path.join(options.cacheDir, 'batch')
  return { ...context, batch, context: { signal, cutOff }, folder }
}

/** Works as the only process of the project that generates and writes. */
export function underLock<Result>(
  context: RunContext,
  work: () => Promise<Result>,
): Promise<Result> {
  const { options, store, lockfile, record, signal } = context
  return withProjectLock(lockOf(options, signal), async () => {
    await Promise.all([store.sweep(), lockfile.sweep(), record.sweep()])
    return work()
  })
}

/** Why a model cannot be asked in a batch; `undefined` where it can. */
export function whyNotBatchable(
  model: ModelRow,
  { definition }: Pick<ResolvedOptions, 'definition'>,
  request: Pick<ImageRequest, 'format'> = {},
): string | undefined {
  const unfit = definition.catalogue.batch?.whyNot?.(model, request)
  if (unfit !== undefined) return unfit
  return model.price.batch === undefined
    ? `the catalogue has no batch price for ${model.id}`
    : undefined
}

function noKey(options: ResolvedOptions): GeminiImageError {
  return new GeminiImageError({
    code: 'MISSING_KEY',
    what: 'There is no API key to run batch jobs with.',
    fix: `${setKey(options)}: the key of the project that submitted the jobs.`,
  })
}

function unsupported(name: string): GeminiImageError {
  return new GeminiImageError({
    code: 'BATCH_UNSUPPORTED',
    what: `The provider "${name}" offers no batch jobs.`,
    fix: 'generate without a batch, or use a provider that has the property "batch".',
  })
}
