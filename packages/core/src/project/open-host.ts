import type { Declaration } from '../declare/declaration.ts'
import { inertLogger, silentLogger } from '../kernel/logger.ts'
import { gatherOptions } from '../options/gather-options.ts'
import type { Options } from '../options/options.ts'
import { placesOf, type ProjectPlaces } from '../options/places.ts'
import type { ResolvedOptions, Surroundings } from '../options/resolve-options.ts'
import {
  indexFile,
  isStale,
  readIndex,
  touchedSince,
  type BuildIndex,
} from './index/build-index.ts'
import { PicturesOfIndex } from './index/from-index.ts'
import { indexKey } from './index/index-key.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prepared } from './prepared.ts'
import type { Project } from './project.ts'

/** What hosts need to know of a project's options at once. */
export type HostOptions = Pick<
  ResolvedOptions,
  | 'root'
  | 'configFile'
  | 'configInputs'
  | 'mode'
  | 'quietPeriod'
  | 'presets'
  | 'forms'
  | 'logger'
  | keyof ProjectPlaces
>

/** What a host shows that ships nothing. */
export type Recalled = Pick<
  PicturesOfIndex,
  'ids' | 'languages' | 'sheets' | 'inputsOf' | 'untouched'
>

/** A project as a host begins with it. The project itself, most of this package, is loaded when something asks for it. */
export interface Host {
  readonly options: HostOptions
  /**
   * Makes everything that the source asks for available, by mode. A build in which nothing has changed since the last
   * one is answered from the build index. A call that is made while one is under way joins it.
   * @throws {GeminiImageError} as `prepare`.
   */
  prepare(): Promise<Prepared>
  /**
   * What the last build or look at everything has found, where nothing has changed since and everything was pinned.
   * Generates nothing, and checks nothing that is shown.
   */
  recall(): Promise<Recalled | undefined>
  /** Keeps what a plan has found for {@link Host.recall} and the next build. @param began Before it was made. */
  remember(plan: Plan, began: number): Promise<void>
  /** The project itself, opened once. */
  project(): Promise<Project>
  /** Adds declarations that no scan can see. They take the place of all that were added before. */
  addDeclarations(declarations: readonly Declaration[]): void
  /**
   * Begins no further call. Those under way finish and are pinned: they are paid for either way.
   * @returns once they have, or have failed.
   */
  close(): Promise<void>
}

/**
 * Opens a project for a host.
 * @param options What the host says; what is `undefined` says nothing.
 * @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`.
 */
export async function openHost(options: Options, surroundings: Surroundings): Promise<Host> {
  const gathered = await gatherOptions(options, surroundings.hostRoot)
  const key = indexKey(gathered, surroundings)
  const { cacheDir } = placesOf(gathered.options.root)
  const index = key === undefined ? undefined : readIndex(cacheDir, key)
  const open = async (): Promise<Project> => {
    const [{ judgeOptions }, { openProject }] = await Promise.all([
      import('../options/resolve-options.ts'),
      import('./project.ts'),
    ])
    return openProject(await judgeOptions(gathered, surroundings), index?.placeholders)
  }
  if (index) {
    const logger = inertLogger(surroundings.logger ?? silentLogger)
    const { options: said, config } = gathered
    // No index holds functions; these are of the shape that was found right then.
    const programs = { forms: said.forms ?? {}, configInputs: config?.inputs ?? [] }
    return new OpenHost({ ...index.options, ...programs, logger }, open, key, index)
  }
  const project = await open()
  return new OpenHost(project.options, () => Promise.resolve(project), key)
}

class OpenHost implements Host {
  readonly options: HostOptions
  readonly #open: () => Promise<Project>
  readonly #key: string | undefined
  #index: BuildIndex | undefined
  #opening: Promise<Project> | undefined
  #project: Project | undefined
  #preparing: Promise<Prepared> | undefined
  #added: readonly Declaration[] = []
  #isClosed = false

  constructor(
    options: HostOptions,
    open: () => Promise<Project>,
    key: string | undefined,
    index?: BuildIndex,
  ) {
    this.options = options
    this.#open = open
    this.#key = key
    this.#index = index
  }

  prepare(): Promise<Prepared> {
    this.#preparing ??= this.#prepare().finally(() => (this.#preparing = undefined))
    return this.#preparing
  }

  async recall(): Promise<PicturesOfIndex | undefined> {
    const began = Date.now()
    const index = this.#index
    if (index && (await this.#holds(index))) {
      const file = indexFile(this.options.cacheDir, index.key)
      return new PicturesOfIndex({ index, began, file }, () => this.project())
    }
    this.#index = undefined
    return undefined
  }

  async remember(plan: Plan, began: number): Promise<void> {
    const key = this.#key
    if (key === undefined) return
    const { rememberPlan } = await import('./prepare.ts')
    await rememberPlan(await this.project(), plan, { key, began })
  }

  project(): Promise<Project> {
    this.#opening ??= this.#open().then((project) => {
      this.#project = project
      this.#addTo(project)
      if (this.#isClosed) project.brakes.close()
      return project
    })
    return this.#opening
  }

  addDeclarations(declarations: readonly Declaration[]): void {
    this.#added = declarations
    if (this.#project) this.#addTo(this.#project)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const project = await this.#opening?.catch(() => undefined)
    project?.brakes.close()
    await Promise.allSettled(project?.landing ?? [])
  }

  #addTo({ met }: Project): void {
    met.clear()
    for (const one of this.#added) met.set(one.id, one)
  }

  async #prepare(): Promise<Prepared> {
    const recalled = await this.recall()
    if (recalled) return recalled
    const project = await this.project()
    const { prepare } = await import('./prepare.ts')
    return prepare(project, this.#key)
  }

  /** Whether a program declares nothing but what files do. */
  #hasSeenAll({ pictures }: BuildIndex): boolean {
    if (this.#added.length === 0) return true
    const known = new Set(pictures.map(([id]) => id))
    return this.#added.every(({ id }) => known.has(id))
  }

  /** Whether nothing has happened since that could change what was found. */
  async #holds(index: BuildIndex): Promise<boolean> {
    if (isStale(index) || !this.#hasSeenAll(index)) return false
    const touched = touchedSince(index)
    if (touched.length === 0) return true
    const { isAsBefore } = await import('./index/recheck.ts')
    return isAsBefore(touched, index, this.options)
  }
}
