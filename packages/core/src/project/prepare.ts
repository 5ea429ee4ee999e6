import type { DeclarationId } from '../declare/declaration.ts'
import { isGeminiImageError, joinErrors, valuesOf } from '../kernel/errors/error.ts'
import type { ResolvedImage } from '../pictures/resolved-image.ts'
import { sheetImage } from '../pictures/sheet-image.ts'
import { withOthers } from '../pictures/with-others.ts'
import { withScenesAtHand } from '../pictures/with-scenes.ts'
import { goneMeanwhile, type Prepared } from './prepared.ts'
import { keptImages, type LockEntry } from '../pin/lock-entry.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import type { SourceType } from '../pixels/labels/xmp/packet.ts'
import { advise } from '../plan/outdated.ts'
import { fallbackLines } from '../plan/fallbacks.ts'
import type { Declared } from '../plan/declared.ts'
import { missingAlts } from '../plan/missing-alt.ts'
import { missingPicture } from '../plan/missing.ts'
import { isDue, pictureOf } from '../plan/pinned-state.ts'
import { makePlan, readPinnedState, type Plan } from '../plan/plan.ts'
import { withTeam } from '../team/team-store.ts'
import { generate, withheldOf, type GenerateOptions } from './generate.ts'
import { writeIndex, type Basis, type FoundPicture } from './index/write-index.ts'
import { isSound, picture, saveChecks, showAtOnce, showPinned, sourceTypeIn } from './picture.ts'
import type { Project } from './project.ts'

/**
 * Makes everything that the source asks for available, by mode. Call it at the start of each build.
 * @example
 * ```ts
 * const prepared = await prepare(project)
 * const { file, alt } = await prepared.image('/site/src/hero.prompt.md')
 * await prepared.verify()
 * ```
 * @param indexKey Under which the next build finds what this one has found; `undefined` where it must look itself.
 * @throws {GeminiImageError} `MISSING_ALT`, `MISSING_PICTURE`, `MISSING_KEY`, `BUDGET_EXCEEDED`, or what went wrong
 *   with a declaration, an object or a call.
 */
export function prepare(project: Project, indexKey?: string): Promise<Prepared> {
  return withTeam(project.team, async () => {
    const began = Date.now()
    const plan = await makePlan(project, 'fetch')
    const index = indexKey === undefined ? undefined : { key: indexKey, began }
    return preparePlan(project, plan, { index })
  })
}

/** How {@link preparePlan} is to go about it. */
interface PlanPreparation extends Pick<GenerateOptions, 'onProgress'> {
  /** Where the next build finds what this one has found, and when the plan was begun. @default nowhere */
  readonly index?: { readonly key: string; readonly began: number } | undefined
}

/**
 * Makes the rows of a plan available, by mode.
 * @throws {GeminiImageError} as {@link prepare}.
 */
export function preparePlan(
  project: Project,
  plan: Plan,
  { onProgress, index }: PlanPreparation = {},
): Promise<Prepared> {
  return withTeam(project.team, async () => {
    const { mode, logger, commitsStore } = project.options
    assertBuildable(project, plan)
    if (mode === 'auto') await repair(project)
    for (const line of advise(plan.rows, project.options, new Date())) logger.warn(line)
    for (const line of fallbackLines(plan)) logger.warn(line)
    const { pinnedState } = plan.declarations
    const missing = plan.rows.filter(({ state }) => isDue(state, pinnedState))
    if (missing.length > 0 && mode === 'frozen') {
      const withheld = await withheldOf(project, missing).catch(() => undefined)
      throw missingPicture(missing, project.options, withheld)
    }
    const { generated, spent } =
      mode === 'auto'
        ? await generate(project, { ...plan, rows: missing }, { onProgress })
        : { generated: 0, spent: 0 }
    const pinned = await readPinned(project, plan)
    // Objects are checked while the bundler starts; what is wrong with one is told when it is asked for.
    for (const { entry } of pinned.values()) {
      if (entry) void isSound(project, entry).catch(() => undefined)
    }
    if (!commitsStore) await shareSafely(project)
    const { files, importers, inputs, sheets } = plan
    warnOfCredits(project, pinned, importers)
    return new PreparedPictures(project, pinned, {
      ids: plan.rows.map(({ declared }) => declared.id),
      languages: plan.languages.map(({ declared }) => declared.id),
      sheets,
      inputs,
      importers,
      generated,
      spent,
      placeholders: mode === 'placeholder' ? missing.length : 0,
      index:
        index && isAllPinned(project, plan)
          ? { key: index.key, basis: { began: index.began, files, importers, inputs, sheets } }
          : undefined,
    })
  })
}

/**
 * Keeps what a plan has found for the next build, where everything is pinned and nothing wrong. Objects that this machine
 * has not checked yet are hashed.
 */
export async function rememberPlan(
  project: Project,
  plan: Plan,
  { key, began }: { readonly key: string; readonly began: number },
): Promise<void> {
  const { rows, problems, files, importers, inputs, sheets } = plan
  const isWrong =
    problems.length > 0 || missingAlts(rows.map(({ declared }) => declared)).length > 0
  if (isWrong || !isAllPinned(project, plan)) return
  const prepared = new PreparedPictures(project, await readPinned(project, plan), {
    ids: rows.map(({ declared }) => declared.id),
    languages: plan.languages.map(({ declared }) => declared.id),
    sheets,
    inputs,
    importers,
    generated: 0,
    spent: 0,
    placeholders: 0,
    index: { key, basis: { began, files, importers, inputs, sheets } },
  })
  await prepared.verify()
}

/** @throws {GeminiImageError} what is wrong with declarations. */
function assertBuildable({ options }: Project, { rows, problems, unreached }: Plan): void {
  // A placeholder stands in for what cannot be fetched.
  const isFatal = options.mode !== 'placeholder'
  if (!isFatal) for (const { message } of unreached) options.logger.warn(message)
  const alts = missingAlts(rows.map(({ declared }) => declared))
  const all = [...problems, ...alts, ...(isFatal ? unreached : [])]
  if (all.length > 0) throw joinErrors(all)
}

/** What can show no credits of looked-up data is told once. */
function warnOfCredits(
  { creditWarnings, options }: Project,
  pinned: PinnedDeclarations,
  importers: readonly string[],
): void {
  const pictures = [...pinned].map(([id, { entry }]) => ({ id, grounding: entry?.grounding }))
  const news = creditWarnings.news(pictures, { root: options.root, importers })
  if (news !== undefined) options.logger.warn(news)
}

/** Whether files alone have decided what was found, and nothing was missing. */
function isAllPinned({ options }: Project, { rows, declarations, isOfFilesAlone }: Plan): boolean {
  const isAlone =
    isOfFilesAlone && options.commitsStore && !declarations.pinnedState.lock.hasConflicts
  return isAlone && rows.length > 0 && rows.every(({ state }) => state === 'pinned')
}

interface PinnedDeclaration {
  readonly declared: Declared
  readonly entry: LockEntry | undefined
  readonly sourceType: SourceType
}

type PinnedDeclarations = ReadonlyMap<string, PinnedDeclaration>

/** The pictures of a plan as they are pinned after it was carried out. */
async function readPinned(
  project: Project,
  { rows, languages, declarations }: Plan,
): Promise<PinnedDeclarations> {
  const pinnedState = await readPinnedState(project)
  const now = declarations.at(pinnedState)
  const pinned = [...rows, ...languages].map(
    async ({ declared }): Promise<[string, PinnedDeclaration]> => {
      const isFinal = declared.waitsFor.length + declared.waitsForRemotes.length === 0
      const final = isFinal ? declared : await now.declare(declared.id)
      const entry = pictureOf(final.result, pinnedState)
      const sourceType = sourceTypeIn(project, final, entry, pinnedState)
      return [final.id, { declared: final, entry, sourceType }]
    },
  )
  return new Map(await Promise.all(pinned))
}

/** A build that has its pictures does not fail because others will not find them. */
async function shareSafely(project: Project): Promise<void> {
  try {
    await share(project)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    project.options.logger.warn(error.message)
  }
}

/**
 * Uploads pinned pictures that the shared store is not known to have.
 * @returns how many were uploaded.
 * @throws {GeminiImageError} `STORE_UNAVAILABLE` or `STORE_REFUSED`.
 */
export async function share({ team, lockfile }: Project): Promise<number> {
  const images = [...(await lockfile.read()).entries.values()].flatMap(keptImages)
  return withTeam(team, async () => team?.share(images) ?? 0)
}

/**
 * Writes a lockfile with conflict markers anew, as the union of both sides, and says whether there was one.
 * @throws {GeminiImageError} `CORRUPT_LOCKFILE` or `WRITE_FAILED`.
 */
export async function repair({ lockfile, options }: Project): Promise<boolean> {
  if (!(await lockfile.read()).hasConflicts) return false
  await withProjectLock(lockOf(options), () => lockfile.repair())
  return true
}

type Facts = Omit<Prepared, 'at' | 'image' | 'verify'> & {
  readonly index: { readonly key: string; readonly basis: Basis } | undefined
}

class PreparedPictures implements Prepared {
  readonly ids: Prepared['ids']
  readonly languages: Prepared['languages']
  readonly sheets: Prepared['sheets']
  readonly inputs: Prepared['inputs']
  readonly importers: Prepared['importers']
  readonly generated: number
  readonly placeholders: number
  readonly spent: number
  readonly #project: Project
  readonly #pinned: PinnedDeclarations
  readonly #checks = new Set<Promise<unknown>>()
  #index: Facts['index']

  constructor(project: Project, pinned: PinnedDeclarations, facts: Facts) {
    this.#project = project
    this.#pinned = pinned
    this.#index = facts.index
    this.ids = facts.ids
    this.languages = facts.languages
    this.sheets = facts.sheets
    this.inputs = facts.inputs
    this.importers = facts.importers
    this.generated = facts.generated
    this.placeholders = facts.placeholders
    this.spent = facts.spent
  }

  at(id: DeclarationId): ResolvedImage | undefined {
    const { declared, entry, sourceType } = this.#pinned.get(id) ?? {}
    if (!declared || !entry?.look || !sourceType) return undefined
    this.#checkSoon(entry)
    const found = { look: entry.look, digitalSourceType: sourceType }
    const image = showAtOnce(this.#project, declared, entry, found)
    return withScenesAtHand(image, (scene) => this.at(scene))
  }

  async image(id: DeclarationId): Promise<ResolvedImage> {
    const sheet = this.sheets.get(id)
    if (sheet) return sheetImage(sheet, (one) => this.image(one))
    const { declared, entry, sourceType } = this.#pinned.get(id) ?? {}
    if (!declared || !entry || !sourceType) return picture(this.#project, id)
    this.#checkSoon(entry)
    const image = await showPinned(this.#project, declared, entry, sourceType)
    return withOthers(image, (other) => this.image(other))
  }

  async verify(): Promise<void> {
    const checks = [...this.#checks]
    const outcomes = await Promise.allSettled(checks)
    await saveChecks(this.#project)
    // What is wrong stays so for others who show these pictures, too.
    valuesOf(outcomes)
    for (const check of checks) this.#checks.delete(check)
    await this.#writeIndex()
  }

  #checkSoon(entry: LockEntry): void {
    const check = assertThere(this.#project, entry)
    // Its failure waits for verify().
    check.catch(() => undefined)
    this.#checks.add(check)
  }

  /** Keeps what was found for the next build, once. */
  async #writeIndex(): Promise<void> {
    const index = this.#index
    this.#index = undefined
    if (!index) return
    const pictures: FoundPicture[] = []
    for (const { declared, entry, sourceType } of this.#pinned.values()) {
      if (!entry || !(await isSound(this.#project, entry).catch(() => false))) return
      const image = await showPinned(this.#project, declared, entry, sourceType)
      pictures.push({ id: declared.id, entry, image, fresh: declared.spec.fresh })
    }
    const hashes = new Set(pictures.map(({ image }) => image.look.thumbhash))
    const drawn = [...this.#project.drawnPlaceholders]
    const placeholders = drawn.filter(([hash]) => hashes.has(hash))
    await writeIndex({ ...index.basis, pictures, placeholders }, index.key, this.#project.options)
  }
}

async function assertThere(project: Project, entry: LockEntry): Promise<void> {
  if (!(await isSound(project, entry))) throw goneMeanwhile(entry.file)
}
