import { readFile } from 'node:fs/promises'
import path from 'node:path'
import pLimit from 'p-limit'
import { createAlts, type Alts } from '../generate/alt/alts.ts'
import { captionOf, missingAlt, missingAlts } from '../plan/missing-alt.ts'
import { openScissors } from '../pixels/cut-out/cut-out.ts'
import { createBatches, type Batches } from '../generate/batch/batches.ts'
import type { Declaration } from '../declare/declaration.ts'
import type { DeclarationId } from '../declare/declaration-id.ts'
import { isGeminiImageError, joinErrors, oursOrThrow, valuesOf } from '../kernel/errors/error.ts'
import type { SourceType } from '../pixels/labels/source-type.ts'
import { rememberTypes, sourceTypeOf } from '../pin/source-types.ts'
import { storedImages, type LockEntry, type StoredImage } from '../pin/lock-entry.ts'
import type { LockEntries } from '../pin/lockfile-text.ts'
import { lockOf, withProjectLock } from '../pin/project-lock.ts'
import { openLockfile } from '../pin/lockfile.ts'
import { remember, type Basis, type FoundPicture } from './index/remember.ts'
import { roundDollars } from '../kernel/dollars.ts'
import { verifiedFile } from '../options/places.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { withPlaceholder } from '../pixels/blur-data-url.ts'
import type { RenditionSet } from '../pixels/renditions/renditions.ts'
import { openLocalImages } from '../plan/references/local-images.ts'
import { openRemoteImages } from '../plan/references/remote-images.ts'
import { openTeamStore } from '../team/team-store.ts'
import { goneMeanwhile } from '../pin/gone-meanwhile.ts'
import { openObjectStore } from '../pin/object-store.ts'
import { advise } from '../plan/advice.ts'
import { openBudget, type Budget } from '../generate/budget.ts'
import { takePaid } from '../generate/claim.ts'
import { Declarations } from '../plan/declarations.ts'
import { stepsOf, type Declared } from '../plan/declared.ts'
import type { Engine, Generated, GenerateWishes, Summary } from './engine.ts'
import { generateMissing, type GenerateTools } from '../generate/generate.ts'
import { deleteWaste, findWaste, takeInventory, type Inventory, type Waste } from './inventory.ts'
import { labelPinned, type Labelled } from './label-pinned.ts'
import { missingKey, missingPicture } from '../plan/missing.ts'
import { openLooks, type Looks } from '../pictures/blur-previews.ts'
import { openPlaceholders, type Placeholders } from '../pictures/placeholders.ts'
import {
  makePlan,
  readShelf,
  toRow,
  type Plan,
  type PlanRow,
  type PlanTools,
} from '../plan/plan.ts'
import { openRendering, type Rendering, type RenditionWish } from '../pictures/rendering.ts'
import {
  pinnedImage,
  placeholderImage,
  type FoundOut,
  type ResolvedImage,
} from '../pictures/resolved-image.ts'
import { openSalvage } from '../generate/salvage.ts'
import { LostImages } from '../plan/lost-images.ts'
import { isDue, pictureOf, type Shelf } from '../plan/pinned-state.ts'

/**
 * Opens the engine of a project.
 * @param memoryKey Under which the next build finds what this one has found; `undefined` where it must look itself.
 */
export function createEngine(options: ResolvedOptions, memoryKey?: string): Engine {
  return new ProjectEngine(options, memoryKey)
}

const NOTHING: Generated = { generated: 0, spent: 0 }

type RunningTools = Pick<GenerateTools, 'budget' | 'signal' | 'cutOff' | 'unknownModels'>

type RunWishes = Pick<GenerateTools, 'onLanded' | 'onProgress' | 'redraw'>

interface Settled {
  readonly declared: Declared
  readonly entry: LockEntry | undefined
  readonly sourceType: SourceType
}

class ProjectEngine implements Engine {
  readonly options: ResolvedOptions
  readonly batches: Batches
  readonly alts: Alts
  readonly #tools: PlanTools
  readonly #met = new Map<DeclarationId, Declaration>()
  /** What the last plan saw to be declared inline. An id stands for what it says, so it is never stale. */
  #seen: ReadonlyMap<DeclarationId, Declaration> = new Map()
  /** How many pieces of work may use the shared store. */
  #atWork = 0
  readonly #placeholders: Placeholders
  readonly #looks: Looks
  readonly #rendering: Rendering
  readonly #budget: Budget
  readonly #abort = new AbortController()
  readonly #cutOff = new AbortController()
  readonly #oneAtATime = pLimit(1)
  readonly #unknownModels = new Set<string>()
  readonly #typesOf = rememberTypes()
  /** What the last settling found, by declaration; a build reads none of it twice. */
  #settled: ReadonlyMap<string, Settled> = new Map()
  readonly #checks: Promise<unknown>[] = []
  /** ThumbHash → what pages were given to show of it. */
  readonly #drawnPlaceholders = new Map<string, string>()
  readonly #memoryKey: string | undefined
  /** What the last settling went by, where the next build may go by it as well. */
  #basis: Basis | undefined
  #settling: Promise<Summary> | undefined

  constructor(options: ResolvedOptions, memoryKey: string | undefined) {
    this.options = options
    this.#memoryKey = memoryKey
    const { root, cacheDir, remoteHosts } = options
    const { shared, logger } = options
    const store = openObjectStore(options.storeDir, verifiedFile(cacheDir), options.commitsStore)
    this.#tools = {
      options,
      lockfile: openLockfile(root, options.lockfile),
      store,
      team: shared && openTeamStore({ ...shared, logger, cacheDir }, store),
      locals: openLocalImages(root, path.join(cacheDir, 'references.json')),
      remotes: openRemoteImages({ cacheDir, hosts: remoteHosts }),
      met: this.#met,
      scissors: openScissors(),
    }
    this.#placeholders = openPlaceholders(cacheDir)
    this.#looks = openLooks(cacheDir)
    this.#rendering = openRendering(this.#tools)
    this.#budget = openBudget(options.budget)
    this.batches = this.#openBatches()
    this.alts = createAlts({ ...this.#tools, ...this.#running() })
  }

  async plan(): Promise<Plan> {
    return this.#withTeam(async () => {
      const { plan, inline } = await makePlan(this.#tools, 'look')
      this.#seen = inline
      return plan
    })
  }

  fetch(): Promise<Plan> {
    return this.#withTeam(async () => {
      const { plan, unreached } = await makePlan(this.#tools, 'fetch')
      if (unreached.length > 0) throw joinErrors(unreached)
      return plan
    })
  }

  settle(): Promise<Summary> {
    this.#settling ??= this.#withTeam(() => this.#settle()).finally(
      () => (this.#settling = undefined),
    )
    return this.#settling
  }

  meet(declarations: readonly Declaration[]): void {
    this.#met.clear()
    for (const declaration of declarations) this.#met.set(declaration.id, declaration)
  }

  imageAtHand(id: DeclarationId): ResolvedImage | undefined {
    const { declared, entry, sourceType } = this.#settled.get(id) ?? {}
    if (!declared || !entry?.look || !sourceType) return undefined
    this.#checkSoon(entry)
    return this.#show(declared, entry, { look: entry.look, digitalSourceType: sourceType })
  }

  async image(id: DeclarationId): Promise<ResolvedImage> {
    const settled = this.#settled.get(id)
    if (settled?.entry) {
      this.#checkSoon(settled.entry)
      return this.#pinned(settled.declared, settled.entry, settled.sourceType)
    }
    const found = await this.#find(id)
    if (found.declared.spec.alt === undefined) throw missingAlt(captionOf(found.declared))
    if (found.entry || this.options.mode !== 'auto') return this.#resolve(found)
    await this.#generate([found.row], found.declarations)
    return this.#resolve(await this.#find(id))
  }

  async verify(): Promise<void> {
    const checks = await Promise.allSettled(this.#checks.splice(0))
    await Promise.all([this.#tools.store.save(), this.#tools.locals.save()])
    valuesOf(checks)
    await this.#remember()
  }

  async preview(id: DeclarationId): Promise<ResolvedImage> {
    return this.#resolve(await this.#find(id, this.#seen.get(id)))
  }

  async generate(ids: readonly DeclarationId[], wishes: GenerateWishes = {}): Promise<Generated> {
    if (!(await this.canGenerate())) return NOTHING
    const outcomes = await Promise.allSettled(ids.map((id) => this.#find(id)))
    const found = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const isWanted = ({ row }: Found): boolean => wishes.redraw || row.state !== 'cached'
    const generated = await this.#generateFound(found.filter(isWanted), wishes)
    const failed = outcomes.find((one) => one.status === 'rejected' && !isGone(one.reason))
    if (failed?.status === 'rejected') throw failed.reason
    return generated
  }

  canGenerate(): Promise<boolean> {
    const { mode, provider } = this.options
    return Promise.resolve(mode === 'auto' && provider !== undefined)
  }

  render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet> {
    return this.#rendering.render(image, wish)
  }

  async heal(): Promise<boolean> {
    const { lockfile } = this.#tools
    if (!(await lockfile.read()).healed) return false
    await withProjectLock(lockOf(this.options), () => lockfile.heal())
    return true
  }

  async pinned(): Promise<LockEntries> {
    return (await this.#tools.lockfile.read()).entries
  }

  async share(): Promise<number> {
    const { team } = this.#tools
    const images = [...(await this.pinned()).values()].flatMap(storedImages)
    return this.#withTeam(async () => team?.share(images) ?? 0)
  }

  inventory(): Promise<Inventory> {
    return this.#withTeam(() => takeInventory(this.#tools))
  }

  async waste(): Promise<Waste> {
    return findWaste(await this.plan(), this.#tools)
  }

  prune(waste: Waste): Promise<void> {
    return deleteWaste(waste, this.#tools)
  }

  label(): Promise<Labelled> {
    const isPending = (): boolean => this.batches.pendingFingerprints().size > 0
    return this.#withTeam(() => labelPinned(this.#tools, isPending))
  }

  close(): void {
    this.#abort.abort()
  }

  abort(): void {
    this.#abort.abort()
    this.#cutOff.abort()
    this.#tools.team?.cutOff()
  }

  async #settle(): Promise<Summary> {
    const { mode, logger } = this.options
    const began = Date.now()
    this.#basis = undefined
    const { plan, files, askers, declarations, unreached } = await makePlan(this.#tools, 'fetch')
    // With stand-ins, what cannot be fetched is one of them.
    const isFatal = mode !== 'placeholder'
    if (!isFatal) for (const { message } of unreached) logger.warn(message)
    const problems = [
      ...plan.problems,
      ...missingAlts(plan.rows.map(({ declared }) => declared)),
      ...(isFatal ? unreached : []),
    ]
    if (problems.length > 0) throw joinErrors(problems)
    if (mode === 'auto') await this.heal()
    for (const line of advise(plan.rows, new Date())) logger.warn(line)
    const missing = plan.rows.filter(({ state }) => isDue(state, declarations.shelf))
    if (missing.length > 0 && mode === 'frozen') throw missingPicture(missing)
    const isGenerating = missing.length > 0 && mode === 'auto'
    const { generated, spent } = isGenerating
      ? await this.#generate(missing, declarations)
      : NOTHING
    this.#settled = await this.#readSettled(plan, declarations)
    this.#verifyAhead()
    if (!this.options.commitsStore) await this.#shareSafely()
    const inputs = [...new Set(plan.rows.flatMap(({ declared }) => declared.inputs))]
    const isWhole = !declarations.shelf.lock.healed && this.#isAllPinned(plan)
    if (isWhole) this.#basis = { began, files, askers, inputs }
    return {
      ids: plan.rows.map(({ declared }) => declared.id),
      inputs,
      askers,
      generated,
      placeholders: mode === 'placeholder' ? missing.length : 0,
      spent,
    }
  }

  /** The pictures of a plan as they are pinned after it was carried out. */
  async #readSettled(
    { rows }: Plan,
    declarations: Declarations,
  ): Promise<ReadonlyMap<string, Settled>> {
    const shelf = await readShelf(this.#tools)
    const now = declarations.at(shelf)
    const settled = rows.map(async ({ declared }): Promise<[string, Settled]> => {
      const isFinal = declared.waitsFor.length + declared.waitsForRemotes.length === 0
      const final = isFinal ? declared : await now.declare(declared.id)
      const entry = pictureOf(final.result, shelf)
      const sourceType = this.#sourceTypeOf(final, entry, shelf)
      return [final.id, { declared: final, entry, sourceType }]
    })
    return new Map(await Promise.all(settled))
  }

  /** Whether files alone have decided what was found, and nothing was missing. */
  #isAllPinned({ rows }: Plan): boolean {
    const isAlone = this.#met.size === 0 && this.options.commitsStore
    return isAlone && rows.length > 0 && rows.every(({ state }) => state === 'cached')
  }

  /** Keeps what was found for the next build. */
  async #remember(): Promise<void> {
    const basis = this.#basis
    this.#basis = undefined
    if (!basis || this.#memoryKey === undefined) return
    const pictures: FoundPicture[] = []
    for (const { declared, entry, sourceType } of this.#settled.values()) {
      if (!entry || !(await this.#sound(entry).catch(() => undefined))) return
      const image = await this.#pinned(declared, entry, sourceType)
      pictures.push({ id: declared.id, entry, image, fresh: declared.spec.fresh })
    }
    const placeholders = [...this.#drawnPlaceholders]
    await remember({ ...basis, pictures, placeholders }, this.#memoryKey, this.options)
  }

  /** A build that has its pictures does not fail because others will not find them. */
  async #shareSafely(): Promise<void> {
    try {
      await this.share()
    } catch (error) {
      this.options.logger.warn(oursOrThrow(error).message)
    }
  }

  /** A declaration as it stands now, and its picture if that is there and sound. */
  #find(id: DeclarationId, written?: Declaration): Promise<Found> {
    return this.#withTeam(() => this.#findWithTeam(id, written))
  }

  async #findWithTeam(id: DeclarationId, written?: Declaration): Promise<Found> {
    const { team, options } = this.#tools
    const lost = team && new LostImages(team, 'fetch')
    for (;;) {
      const found = await this.#findHere(id, written)
      const rows = [found.row, ...found.declared.waitsFor.map((one) => toRow(one, found.shelf))]
      const reached = await lost?.find(rows, found.shelf)
      if (reached && reached.problems.length > 0 && options.mode !== 'placeholder') {
        throw joinErrors(reached.problems)
      }
      if (!reached || reached.found.length === 0) return found
    }
  }

  async #findHere(id: DeclarationId, written?: Declaration): Promise<Found> {
    const shelf = await readShelf(this.#tools)
    const declarations = new Declarations(this.#tools, shelf)
    if (written) declarations.judge(id, written)
    const declared = await declarations.declare(id)
    const row = toRow(declared, shelf)
    const entry = await this.#sound(pictureOf(declared.result, shelf))
    return { shelf, declarations, declared, row, entry }
  }

  /** Checks objects while the bundler starts. What is wrong with one is told when it is asked for. */
  #verifyAhead(): void {
    for (const { entry } of this.#settled.values()) void this.#sound(entry).catch(() => undefined)
  }

  /** The entry, if its objects are there and sound. */
  async #sound(entry: LockEntry | undefined): Promise<LockEntry | undefined> {
    if (!entry) return undefined
    const check = (image: StoredImage): Promise<unknown> => this.#tools.store.verify(image)
    const states = await Promise.all(storedImages(entry).map(check))
    return states.every((state) => state === 'sound') ? entry : undefined
  }

  #checkSoon(entry: LockEntry): void {
    const check = this.#assertSound(entry)
    // Its failure waits for verify().
    check.catch(() => undefined)
    this.#checks.push(check)
  }

  async #assertSound(entry: LockEntry): Promise<void> {
    if (await this.#sound(entry)) return
    throw goneMeanwhile(entry.file)
  }

  async #generateFound(
    found: readonly Found[],
    { onLanded, onProgress, redraw }: GenerateWishes,
  ): Promise<Generated> {
    const [first] = found
    if (!first) return NOTHING
    const pinned = redraw ? found.flatMap(({ declared }) => stepsOf(declared)) : []
    const rows = found.map(({ row }) => row)
    return this.#generate(rows, first.declarations, {
      onLanded: ({ id }) => onLanded?.(id),
      onProgress,
      redraw: new Set(pinned.map(({ fingerprint }) => fingerprint)),
    })
  }

  /** One batch at a time, so that the second sees what the first has pinned. */
  #generate(
    missing: readonly PlanRow[],
    declarations: Declarations,
    { onLanded, onProgress, redraw = new Set() }: Partial<RunWishes> = {},
  ): Promise<Generated> {
    const work = async (): Promise<Generated> => {
      const { provider } = this.options
      if (!provider) throw missingKey(missing)
      const before = this.#budget.spent
      let generated = 0
      const ids = missing.map(({ declared }) => declared.id)
      await generateMissing(ids, {
        ...this.#tools,
        ...this.#running(),
        provider,
        declarations,
        pending: this.batches.pendingFingerprints,
        salvage: openSalvage(this.options.root),
        redraw,
        onProgress,
        onLanded: (declared, entry, isNew) => {
          if (isNew) generated += 1
          onLanded?.(declared, entry, isNew)
        },
      })
      return { generated, spent: roundDollars(this.#budget.spent - before) }
    }
    return this.#oneAtATime(() => this.#withTeam(work))
  }

  /** A connection to the shared store is kept no longer than anyone needs it. */
  async #withTeam<Value>(work: () => Promise<Value>): Promise<Value> {
    this.#atWork += 1
    try {
      return await work()
    } finally {
      this.#atWork -= 1
      if (this.#atWork === 0) await this.#tools.team?.close()
    }
  }

  /** Batch jobs, with the shared store at hand. */
  #openBatches(): Batches {
    const batches = createBatches({ ...this.#tools, ...this.#running() })
    return {
      ...batches,
      submit: (ids, declarations) =>
        this.#withTeam(async () => {
          // What is only lost here, or was paid for elsewhere, shall not be paid for again.
          const { rows } = await this.fetch()
          const wanted = new Set(ids)
          const due = rows.filter(({ declared }) => wanted.has(declared.id))
          await withProjectLock(lockOf(this.options), () => takePaid(due, this.#tools))
          return batches.submit(ids, declarations)
        }),
      collect: (options) => this.#withTeam(() => batches.collect(options)),
      cancel: (ids) => this.#withTeam(() => batches.cancel(ids)),
    }
  }

  /** What all that spends goes by. */
  #running(): RunningTools {
    return {
      budget: this.#budget,
      signal: this.#abort.signal,
      cutOff: this.#cutOff.signal,
      unknownModels: this.#unknownModels,
    }
  }

  async #resolve({ declared, row, entry, shelf }: Found): Promise<ResolvedImage> {
    const sourceType = this.#sourceTypeOf(declared, entry, shelf)
    if (entry) return this.#pinned(declared, entry, sourceType)
    if (this.options.mode === 'frozen') throw missingPicture([row])
    const file = await this.#placeholders.fileFor(declared)
    const look = await this.#looks.of(path.basename(file), () => readFile(file))
    const image = placeholderImage(declared, file, { look, digitalSourceType: sourceType })
    return withPlaceholder(image, this.#drawnPlaceholders)
  }

  async #pinned(
    declared: Declared,
    entry: LockEntry,
    digitalSourceType: SourceType,
  ): Promise<ResolvedImage> {
    const read = (): Promise<Uint8Array> => this.#tools.store.read(entry)
    const look = entry.look ?? (await this.#looks.of(entry.object, read))
    return this.#show(declared, entry, { look, digitalSourceType })
  }

  #show(declared: Declared, entry: LockEntry, found: FoundOut): ResolvedImage {
    const image = pinnedImage(declared, entry, found, this.options.storeDir)
    return withPlaceholder(image, this.#drawnPlaceholders)
  }

  #sourceTypeOf({ result }: Declared, entry: LockEntry | undefined, { lock }: Shelf): SourceType {
    return sourceTypeOf(entry ?? result, lock.entries, this.#typesOf)
  }
}

/** Whether a declaration is not there any more: an edit has taken it back. */
function isGone(error: unknown): boolean {
  return isGeminiImageError(error) && error.code === 'UNDECLARED_PICTURE'
}

/** A declaration as it stands. */
interface Found {
  readonly shelf: Shelf
  readonly declarations: Declarations
  readonly declared: Declared
  readonly row: PlanRow
  readonly entry: LockEntry | undefined
}
