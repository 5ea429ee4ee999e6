import { withTeam } from '../../team/team-store.ts'
import type { RunContext } from '../context.ts'
import { GeminiImageError } from '../../kernel/errors/error.ts'
import { follow, noteFailure, openJobs } from './collect.ts'
import { closeJob, itemsOf, type OpenJob } from './finish.ts'
import { Outcome, type CollectSummary } from './outcome.ts'
import { underLock, workWith, type BatchWork } from './context.ts'

/**
 * Cancels jobs and commits what was generated until then, which is paid for. What the server has not ended yet
 * stays in the record as running: collect it later. What it does not know is given up.
 * @param ids Our names for jobs, or the server's. @default all of them
 * @throws {GeminiImageError} `MISSING_KEY`, `BATCH_UNSUPPORTED`, `CORRUPT_BATCH_RECORD` or
 *   `CORRUPT_LOCKFILE`; whatever is wrong with single jobs and pictures is in the summary.
 */
export function cancelBatches(
  context: RunContext,
  ids?: readonly string[],
): Promise<CollectSummary> {
  return withTeam(context.team, () => cancel(context, ids))
}

async function cancel(
  context: RunContext,
  ids: readonly string[] | undefined,
): Promise<CollectSummary> {
  const outcome = new Outcome()
  const work = workWith(context)
  await underLock(context, async () => {
    await work.lockfile.read()
    for (const open of chosen(openJobs(work), ids, outcome)) {
      work.signal.throwIfAborted()
      try {
        await cancelOne(open, outcome, work)
      } catch (error) {
        noteFailure(open, error, outcome, work)
      }
    }
  })
  return outcome.summary()
}

function chosen(
  open: readonly OpenJob[],
  ids: readonly string[] | undefined,
  outcome: Outcome,
): readonly OpenJob[] {
  if (!ids) return open
  const isNamed = ({ id, job }: OpenJob, wanted: string): boolean =>
    wanted === id || wanted === job.name
  for (const wanted of ids) {
    if (!open.some((one) => isNamed(one, wanted))) outcome.fail(unknownJob(wanted, open), undefined)
  }
  return open.filter((one) => ids.some((wanted) => isNamed(one, wanted)))
}

async function cancelOne(open: OpenJob, outcome: Outcome, work: BatchWork): Promise<void> {
  const { batch, context } = work
  const name = open.job.name ?? (await batch.find(open.id, context))?.name
  if (name !== undefined) await batch.cancel(name, context)
  const current = name === undefined ? undefined : await batch.get(name, context)
  if (current) await follow(open, current, outcome, work, { givesUp: true })
  else await closeJob(open, itemsOf(open, work), outcome, work)
}

function unknownJob(wanted: string, open: readonly OpenJob[]): GeminiImageError {
  const names = open.map(({ id }) => id).join(', ')
  return new GeminiImageError({
    code: 'BATCH_NOT_FOUND',
    what: `There is no batch job ${wanted} in gemini-image.batch.`,
    fix: names ? `the jobs are ${names}.` : 'there is none; "npx gemini-image batch" lists them.',
  })
}
