import path from 'node:path'
import { openScissors } from '../../pixels/cut-out/cut-out.ts'
import { openLockfile } from '../../pin/lockfile.ts'
import type { ResolvedOptions } from '../../options/resolve-options.ts'
import { openLocalImages } from '../../plan/references/local-images.ts'
import { openRemoteImages } from '../../plan/references/remote-images.ts'
import { openBudget } from '../budget.ts'
import type { Declarations } from '../../plan/declarations.ts'
import { openObjectStore } from '../../pin/object-store.ts'
import { cancel } from './cancel.ts'
import { collect, type CollectOptions } from './collect.ts'
import type { CollectSummary } from './outcome.ts'
import { pendingRequests, type PendingRequest } from './pending.ts'
import type { DeclarationId } from '../../declare/declaration-id.ts'
import { openBatchRecord } from './record-file.ts'
import { resume, type ResumeSummary } from './resume.ts'
import { show, type JobStatus } from './show.ts'
import { submit, type SubmitSummary } from './submit.ts'
import type { BatchTools } from './context.ts'

/**
 * The batch jobs of a project: pictures within a day or two, at a share of the price. What is under way
 * is recorded in `gemini-image.batch`, beside the lockfile.
 */
export interface Batches {
  /** Submits what is missing of declarations. @see {@link submit} */
  submit(ids: readonly DeclarationId[], declarations?: Declarations): Promise<SubmitSummary>
  /** How the jobs stand. @see {@link show} */
  show(): Promise<readonly JobStatus[]>
  /** Lands the results of jobs that have ended. @see {@link collect} */
  collect(options?: CollectOptions): Promise<CollectSummary>
  /** Clears up what became of jobs whose creation was cut off. @see {@link resume} */
  resume(): Promise<ResumeSummary>
  /** Cancels jobs, all or some. @see {@link cancel} */
  cancel(ids?: readonly string[]): Promise<CollectSummary>
  /**
   * Fingerprint → the open job that has been asked for it: a live call for one of these would pay
   * twice. Reads one small file, and only when it changed.
   * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`.
   */
  pendingFingerprints(): ReadonlyMap<string, PendingRequest>
}

/** The batch jobs of a project, with tools that others use as well. */
export function createBatches(tools: Omit<BatchTools, 'record'>): Batches {
  const { root, lockfile } = tools.options
  const all: BatchTools = { ...tools, record: openBatchRecord(root, lockfile) }
  return {
    submit: (ids, declarations) => submit(ids, all, declarations),
    show: () => show(all),
    collect: (options) => collect(all, options),
    resume: () => resume(all),
    cancel: (ids) => cancel(all, ids),
    pendingFingerprints: () => pendingRequests(all.record.read(), new Date()),
  }
}

/** What ends the work on batch jobs early. */
export interface BatchSignals {
  /** Once it is aborted no further call begins. @default never */
  readonly signal?: AbortSignal | undefined
  /** Once it is aborted even calls under way are cut off. @default never */
  readonly cutOff?: AbortSignal | undefined
}

/** Opens the batch jobs of a project, with a budget of their own. */
export function openBatches(options: ResolvedOptions, signals: BatchSignals = {}): Batches {
  const { root, cacheDir, remoteHosts } = options
  const never = new AbortController().signal
  return createBatches({
    options,
    lockfile: openLockfile(root, options.lockfile),
    store: openObjectStore(
      options.storeDir,
      path.join(cacheDir, 'verified.json'),
      options.commitsStore,
    ),
    met: new Map(),
    locals: openLocalImages(root, path.join(cacheDir, 'references.json')),
    remotes: openRemoteImages({ cacheDir, hosts: remoteHosts }),
    team: undefined,
    scissors: openScissors(),
    budget: openBudget(options.budget),
    signal: signals.signal ?? never,
    cutOff: signals.cutOff ?? never,
    unknownModels: new Set(),
  })
}
