import type { DeclarationId } from '../declare/declaration.ts'
import { openPart } from '../generate/budget.ts'
import { pendingRequests } from '../generate/batch/record.ts'
import { OVER_BUDGET } from '../generate/budget.ts'
import { generateMissing, HOPELESS, type Progress } from '../generate/generate.ts'
import { findPendingElsewhere, findPinnedElsewhere } from '../generate/elsewhere.ts'
import { findAnswered } from '../generate/job.ts'
import { openPictureJournal } from '../generate/journal.ts'
import { refusedSteps, type Refusal } from '../generate/refused.ts'
import { roundDollars } from '../kernel/dollars.ts'
import {
  eachProblem,
  isGeminiImageError,
  joinErrors,
  oursOrThrow,
  type GeminiImageError,
} from '../kernel/errors/error.ts'
import { formatPlace } from '../kernel/place.ts'
import { stepsOf } from '../plan/declared.ts'
import { excludedBy, stepsToPay, type Excluded } from '../plan/estimate.ts'
import { missingKey, missingPicture } from '../plan/missing.ts'
import type { Provider } from '../providers/provider.ts'
import { toRow, type PlanRow, type Selection } from '../plan/plan.ts'
import { untilLanded } from '../generate/context.ts'
import { withTeam } from '../team/team-store.ts'
import { planOf } from './plan.ts'
import type { Project } from './project.ts'

/** How {@link generate} is to go about it. */
export interface GenerateOptions {
  /** Called with a declaration as soon as its picture is pinned. */
  readonly onLanded?: ((id: DeclarationId) => void) | undefined
  /** Called when the calls are known, and whenever one has ended. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Generates what is pinned, too. @default false */
  readonly redraw?: boolean | undefined
  /** Asks again for what was refused before, and pays for that. @default false */
  readonly retry?: boolean | undefined
  /** The most that this may spend of the project's budget, in US dollars. @default all that is left of it */
  readonly budget?: number | undefined
}

/** What {@link generate} did. */
export interface Generated {
  /** How many declarations have a new picture. */
  readonly generated: number
  /** US dollars. */
  readonly spent: number
}

/**
 * Generates the rows of a plan that are missing or stale. Whether a picture has alternative text does not matter: it
 * must be there before it can be described.
 * @example
 * ```ts
 * const { generated, spent } = await generate(project, await plan(project))
 * ```
 * @throws {GeminiImageError} `MISSING_PICTURE` where the mode forbids it, `MISSING_KEY`, `BUDGET_EXCEEDED` before the
 *   first call, or whatever went wrong with a call, after the last one.
 */
export function generate(
  project: Project,
  { rows, declarations }: Selection,
  { onLanded, onProgress, redraw = false, retry = false, budget: most }: GenerateOptions = {},
): Promise<Generated> {
  const wanted = redraw ? rows : rows.filter(({ state }) => state !== 'pinned')
  const again = redraw ? wanted.flatMap(({ declared }) => stepsOf(declared)) : []
  const work = async (): Promise<Generated> => {
    const provider = assertCanGenerate(project, wanted)
    await assertDrawable(project, wanted)
    const budget = most === undefined ? project.budget : openPart(project.budget, most)
    const before = budget.spent
    const landed = new Set<DeclarationId>()
    let generated = 0
    await generateMissing(
      wanted.map(({ declared }) => declared.id),
      {
        ...project,
        budget,
        provider,
        declarations,
        pending: () => pendingFingerprints(project),
        redraw: new Set(again.map(({ fingerprint }) => fingerprint)),
        retry,
        onProgress,
        onLanded: ({ id }, _, isNew) => {
          landed.add(id)
          if (isNew) generated += 1
          onLanded?.(id)
        },
      },
    ).catch((error: unknown) => {
      const without = wanted.filter(({ declared }) => !landed.has(declared.id))
      if (isGeminiImageError(error)) project.activity.fail(failuresOf(without, error))
      throw error
    })
    return { generated, spent: roundDollars(budget.spent - before) }
  }
  if (wanted.length === 0) return Promise.resolve({ generated: 0, spent: 0 })
  return untilLanded(
    project,
    project.queue(() => withTeam(project.team, work)),
  )
}

/** Nothing is paid for a picture whose words cannot be drawn on it. @throws {GeminiImageError} what is wrong with layers. */
async function assertDrawable({ rendering }: Project, rows: readonly PlanRow[]): Promise<void> {
  const problems: GeminiImageError[] = []
  for (const { declared } of rows) {
    const { spec, pixels } = declared
    if (!spec.layers) continue
    await rendering.check(spec.layers, pixels).catch((error: unknown) => {
      problems.push(oursOrThrow(error))
    })
  }
  if (problems.length > 0) throw joinErrors(problems)
}

/** What became of rows that a run did not generate, by fingerprint: their own failure, or one that all of them met. */
function* failuresOf(
  rows: readonly PlanRow[],
  error: GeminiImageError,
): Generator<readonly [fingerprint: string, GeminiImageError]> {
  const problems = eachProblem([error])
  const common = problems.find(({ code }) => HOPELESS.has(code) || OVER_BUDGET.has(code))
  const own = new Map(problems.map((one) => [one.place && formatPlace(one.place), one]))
  for (const { declared } of rows) {
    const failure = own.get(formatPlace(declared.place)) ?? common
    if (failure) yield [declared.fingerprint, failure]
  }
}

/**
 * Generates what is missing or stale of some declarations, as they stand now; does nothing where nothing may or can be
 * generated. A declaration that is gone meanwhile is passed over, and so is one that was asked for in vain, once that
 * was told.
 * @throws {GeminiImageError} as {@link generate}, or what is wrong with a declaration.
 */
export async function generateDeclarations(
  project: Project,
  ids: readonly DeclarationId[],
  options?: GenerateOptions,
): Promise<Generated> {
  if (!canGenerate(project)) return { generated: 0, spent: 0 }
  const asked = await planOf(project, ids)
  const found = asked.rows.some(({ declared }) => declared.languages)
    ? { ...(await planOf(project, asked.rows.flatMap(shownBy))), problems: asked.problems }
    : asked
  const isWanted = options?.redraw || options?.retry
  const rows = isWanted ? found.rows : await withoutTold(project, found)
  const generated = await generate(project, { ...found, rows }, options)
  const problem = found.problems.find(({ code }) => code !== 'UNDECLARED_PICTURE')
  if (problem) throw problem
  return generated
}

/** The declarations whose pictures a row shows. */
function shownBy({ declared: { id, languages } }: PlanRow): readonly DeclarationId[] {
  return languages?.members.map((one) => one.id) ?? [id]
}

/** What may be asked for, or was not told to be in vain. */
async function withoutTold(
  project: Project,
  { rows, declarations }: Selection,
): Promise<readonly PlanRow[]> {
  const { told, failed } = project
  if (told.size === 0) return rows
  const everyRow = (row: PlanRow): readonly PlanRow[] => [
    row,
    ...row.declared.waitsFor.map((other) => toRow(other, declarations.pinnedState)),
  ]
  const refused = await refusedSteps(rows.flatMap(everyRow), project)
  const isTold = {
    has: (one: string): boolean => told.has(one) && (refused.has(one) || failed.has(one)),
  }
  const isVain = (row: PlanRow): boolean =>
    row.missing.length > 0 && stepsToPay([row], isTold).length === 0
  return rows.filter((row) => !everyRow(row).some(isVain))
}

/** Whether {@link generate} may and can: the mode is `auto`, and there is a key or a provider. */
export function canGenerate({ options: { mode, provider } }: Pick<Project, 'options'>): boolean {
  return mode === 'auto' && provider !== undefined
}

/**
 * Makes sure that rows may and can be generated, and gives the provider.
 * @throws {GeminiImageError} `MISSING_PICTURE` or `MISSING_KEY`.
 */
export function assertCanGenerate(
  { options }: Pick<Project, 'options'>,
  rows: readonly PlanRow[],
): Provider {
  const { mode, provider } = options
  if (mode !== 'auto') throw missingPicture(rows, options)
  if (!provider) throw missingKey(rows, options)
  return provider
}

/** Fingerprints that no live call is made for, and why. */
export interface Withheld extends Excluded {
  /** What an open batch job has been asked for. */
  readonly pending: ReturnType<typeof pendingFingerprints>
  /** What was refused before. */
  readonly refused: ReadonlyMap<string, Refusal>
  /** The project of the workspace that has pinned it: it is taken over, for nothing. */
  readonly elsewhere: ReadonlyMap<string, string>
}

/** What {@link generate} would not ask for, of what rows miss. @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`. */
export async function withheldOf(
  project: Pick<Project, 'options' | 'record' | 'refusals'>,
  rows: readonly PlanRow[],
  { retry = false }: Pick<GenerateOptions, 'retry'> = {},
): Promise<Withheld> {
  const theirs = await findPendingElsewhere(rows, project)
  const pending = new Map([...theirs, ...pendingFingerprints(project)])
  const refused = retry ? new Map<string, Refusal>() : await refusedSteps(rows, project)
  const answered = await findAnswered(rows, openPictureJournal(project.options))
  const found = await findPinnedElsewhere(rows, project)
  const elsewhere = new Map(
    [...found].map(([fingerprint, { project }]) => [fingerprint, project.name]),
  )
  const paid = new Set([...answered, ...elsewhere.keys()])
  return { pending, refused, elsewhere, ...excludedBy(paid, pending, refused) }
}

/** Why nothing of what a row misses would be asked for; `undefined` where something would. */
export function whyWithheld(
  row: Pick<PlanRow, 'missing'>,
  withheld: Withheld,
): 'pending' | 'refused' | undefined {
  const isVain = (excluded: Excluded): boolean => stepsToPay([row], excluded).length === 0
  // What was paid for is not withheld: it waits to be pinned.
  if (row.missing.length === 0 || !isVain({ has: (one) => withheld.has(one) })) return undefined
  return isVain(withheld.pending) ? 'pending' : 'refused'
}

/**
 * Fingerprint → the open batch job that was asked for it: a live call would pay twice. Reads one small file, and only
 * when it changed.
 * @throws {GeminiImageError} `CORRUPT_BATCH_RECORD`.
 */
export function pendingFingerprints({
  record,
  options,
}: Pick<Project, 'record' | 'options'>): ReturnType<typeof pendingRequests> {
  return pendingRequests(record.read(), new Date(), options)
}
