import path from 'node:path'
import pLimit from 'p-limit'
import type { DeclarationId, Declaration } from '../declare/declaration.ts'
import { Activity } from '../generate/activity.ts'
import { mostOfOpen } from '../generate/batch/record.ts'
import { openBatchRecord } from '../generate/batch/record-file.ts'
import { openBudget, type MonthlyCap } from '../generate/budget.ts'
import type { RunContext } from '../generate/context.ts'
import { linesOf, openLedger, sumOf } from '../generate/ledger.ts'
import { verifiedFile } from '../options/places.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { openBlurPreviews, type BlurPreviews } from '../pictures/blur-previews.ts'
import { openPlaceholders, type Placeholders } from '../pictures/placeholders.ts'
import { openRendering, type Rendering } from '../pictures/rendering.ts'
import { openLockfile } from '../pin/lockfile.ts'
import { openRefusals } from '../generate/refused.ts'
import { openObjectStore } from '../pin/object-store.ts'
import { rememberTypes, type TypesOf } from '../pin/labels.ts'
import { openBackgroundRemover } from '../pixels/cut-out/cut-out.ts'
import { CreditWarnings } from '../plan/uncredited.ts'
import { openLocalImages } from '../plan/references/local-images.ts'
import { openRemoteImages } from '../plan/references/remote-images.ts'
import { openTeamStore } from '../team/team-store.ts'

/**
 * A project with its ports opened: lockfile, stores, budget. It holds nothing that was derived from the source: the
 * verbs (`plan`, `prepare`, `generate`, `verify`, …) take it, and give values.
 */
export interface Project extends RunContext {
  /** Declarations that no scan can see, because a program makes them: the entries of a content loader. */
  readonly met: Map<DeclarationId, Declaration>
  readonly placeholders: Placeholders
  readonly blurPreviews: BlurPreviews
  readonly rendering: Rendering
  /** ThumbHash → data URL, of those that a page was given. */
  readonly drawnPlaceholders: Map<string, string>
  readonly typesOf: TypesOf
  readonly creditWarnings: CreditWarnings
}

/**
 * Opens a project. Reads nothing yet.
 * @example
 * ```ts
 * const options = await openOptions({ root: 'site' }, { hostRoot: process.cwd(), env: process.env })
 * const project = openProject(options)
 * ```
 * @param drawn ThumbHashes with the data URLs that an earlier build has made of them.
 */
export function openProject(
  options: ResolvedOptions,
  drawn: readonly (readonly [thumbhash: string, uri: string])[] = [],
): Project {
  const { root, cacheDir, remoteHosts, shared, logger } = options
  const store = openObjectStore(options.storeDir, verifiedFile(cacheDir), options.commitsStore)
  const stopping = new AbortController()
  const cuttingOff = new AbortController()
  const team = shared && openTeamStore({ ...shared, logger, cacheDir }, store)
  const ledger = openLedger(options)
  const record = openBatchRecord(root, options.lockfile)
  const ports = { options, store, lockfile: openLockfile(root, options.lockfile) }
  return {
    ...ports,
    team,
    locals: openLocalImages(root, path.join(cacheDir, 'references.json')),
    remotes: openRemoteImages({ cacheDir, hosts: remoteHosts }),
    backgroundRemover: openBackgroundRemover(),
    met: new Map(),
    record,
    ledger,
    budget: openBudget(options.budget, capOfMonth(options, { ledger, record })),
    signal: stopping.signal,
    cutOff: cuttingOff.signal,
    brakes: {
      close: () => stopping.abort(),
      abort: () => {
        stopping.abort()
        cuttingOff.abort()
        team?.cutOff()
      },
    },
    activity: new Activity(),
    landing: new Set(),
    unknownModels: new Set(),
    refusals: openRefusals(cacheDir),
    failed: new Map(),
    told: new Set(),
    queue: pLimit(1),
    placeholders: openPlaceholders(options, (entry) => store.read(entry)),
    blurPreviews: openBlurPreviews(cacheDir),
    rendering: openRendering(ports),
    drawnPlaceholders: new Map(drawn),
    typesOf: rememberTypes(),
    creditWarnings: new CreditWarnings(),
  }
}

function capOfMonth(
  options: ResolvedOptions,
  { ledger, record }: Pick<RunContext, 'ledger' | 'record'>,
): MonthlyCap | undefined {
  const { monthlyBudget: limit } = options
  if (limit === undefined) return undefined
  const paid = (): number => {
    // What is written nowhere would count for nothing in the next run.
    ledger.assertWritable()
    const now = new Date()
    const lines = linesOf(ledger.read().lines, 'month', now)
    return sumOf(lines) + mostOfOpen(record.read(), now, options)
  }
  return { limit, paid }
}

/**
 * Begins no further call. Those under way finish and are pinned: they are paid for either way.
 * @returns once they have, or have failed.
 */
export async function stop({ brakes, landing }: Project): Promise<void> {
  brakes.close()
  await Promise.allSettled(landing)
}

/** Stops at once: calls under way are cut off, and may have been paid for without a picture. */
export function cutOff({ brakes }: Project): void {
  brakes.abort()
}
