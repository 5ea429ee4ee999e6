import { sep } from 'node:path'
import type {
  GeminiImageError,
  Place,
  Plan,
  Prepared,
  Project,
  ResolvedImage,
} from '@gemini-image/core'
import type { Captioned, DeclarationId, Host, HostOptions, Recalled } from '@gemini-image/core/host'
import { AltWarnings, captionOf, fileOfId, formatDollars } from '@gemini-image/core/host'
import type {
  Credentials,
  Declaration,
  Declared,
  GenerateOptions,
  RenditionSet,
  RenditionWish,
  Generated,
  WhyMissing,
} from '@gemini-image/core/internal'
import { createDeclarations, type Declarations } from './declarations.ts'
import { findImport } from './find-import.ts'
import { Inputs } from './inputs.ts'
import { withSlashes } from './with-slashes.ts'

/**
 * What is declared where no scan can see it: by a program. Read before each build is prepared, and before
 * a dev server looks at what is missing.
 * @param root The project root, for places.
 */
export type DeclarationSource = (root: string) => Promise<readonly Declaration[]>

/** A project while a host builds or serves it: what is the same for every host. */
export class HostProject {
  readonly options: HostOptions
  readonly declarations: Declarations
  /** What pictures are made from, for whoever watches. */
  readonly inputs: Inputs = new Inputs()
  readonly #host: Host
  readonly #sources: readonly DeclarationSource[]
  readonly #altWarnings = new AltWarnings()
  readonly #toldFallbacks = new Set<string>()
  /** What the last build was prepared with; `undefined` where that has failed. */
  #prepared: Prepared | undefined
  /** What everything was found to be when it was looked over last, where that was known without a plan. */
  #recalled: Recalled | undefined
  /** The plan of the last look, and when it was begun, in milliseconds since 1970. */
  #looked: { readonly plan: Plan; readonly began: number } | undefined
  /** How many runs are under way. */
  #generating = 0
  /** What the last plan saw to be declared inline. */
  #inline: Plan['inline'] = new Map()
  /** Files besides the declaring ones whose change makes a build that watches build again. */
  readonly #watched = new Set<string>()

  /**
   * @param sources More may be added until they are needed.
   * @param declarations What is declared, where others know of it, too.
   */
  constructor(
    host: Host,
    sources: readonly DeclarationSource[] = [],
    declarations: Declarations = createDeclarations(),
  ) {
    this.options = host.options
    this.declarations = declarations
    this.#host = host
    this.#sources = sources
  }

  /**
   * The files whose change makes a build that watches build again. The lockfile is one of them where the last
   * build has not written it.
   */
  *watched(): Iterable<string> {
    const { mode, lockfile } = this.options
    if (mode === 'frozen' || this.#prepared?.generated === 0) yield lockfile
    for (const id of this.declarations.all()) yield fileOfId(id)
    yield* this.#watched
  }

  /** Absolute paths of the files that ask for pictures, as far as the last build has seen. */
  get importers(): Prepared['importers'] {
    return this.#prepared?.importers ?? []
  }

  /**
   * Makes everything that the source asks for available, and says so in one line.
   * @throws {GeminiImageError} as {@link Host.prepare}.
   */
  async prepare(): Promise<void> {
    this.#prepared = undefined
    await this.#readSources()
    const prepared = await this.#host.prepare()
    const { languages, sheets } = prepared
    for (const id of [...prepared.ids, ...languages, ...sheets.keys()]) this.declarations.add(id)
    for (const file of prepared.inputs) this.#watched.add(file)
    this.options.logger.info(describe(prepared))
    this.#prepared = prepared
  }

  /**
   * The same for a build that watches: what is wrong is watched, too, since fixing it is to build again.
   * @throws {GeminiImageError} as {@link Host.prepare}.
   */
  async prepareWatching(): Promise<void> {
    try {
      await this.prepare()
    } catch (error) {
      for (const file of filesInvolved(await this.plan())) this.#watched.add(file)
      throw error
    }
  }

  /**
   * The picture of a declaration, for a build.
   * @throws {GeminiImageError} as {@link Prepared.image}.
   */
  async image(id: DeclarationId): Promise<ResolvedImage> {
    if (this.#prepared) return this.#prepared.image(id)
    const { picture } = await import('@gemini-image/core/internal')
    return picture(await this.#host.project(), id)
  }

  /** The picture of a declaration at once, where the build was prepared with it. */
  imageAtHand(id: DeclarationId): ResolvedImage | undefined {
    return this.#prepared?.at(id)
  }

  /**
   * Takes a declaration for one, since something asks for it.
   * @param importer Who asks; `undefined` where that is not known.
   * @throws {GeminiImageError} `UNDECLARED_PICTURE`, where a mere URL may ask.
   */
  async admit(id: DeclarationId, _importer: string | undefined): Promise<void> {
    this.declarations.add(id)
  }

  /** @throws {GeminiImageError} as {@link Prepared.verify}. */
  async verify(): Promise<void> {
    if (this.#prepared) return this.#prepared.verify()
    const { saveChecks } = await import('@gemini-image/core/internal')
    return saveChecks(await this.#host.project())
  }

  /** Holds what the source declares against the lockfile. @throws {GeminiImageError} `CORRUPT_LOCKFILE`. */
  async plan(): Promise<Plan> {
    const { plan } = await import('@gemini-image/core')
    const made = await plan(await this.#host.project())
    this.#inline = made.inline
    return made
  }

  /**
   * Looks at all that the source asks for, and remembers it: what is missing, and what is wrong. Never
   * spends. Who looks on is warned of missing alternative texts and credits, once.
   * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
   */
  async lookOver(): Promise<{
    readonly missing: readonly Declared[]
    readonly problems: readonly GeminiImageError[]
  }> {
    await this.#readSources()
    this.#looked = undefined
    this.#recalled = await this.#host.recall()
    if (this.#recalled) {
      this.#take(this.#recalled)
      return { missing: [], problems: [] }
    }
    const began = Date.now()
    const plan = await this.plan()
    this.#looked = { plan, began }
    const { rows, languages, problems, importers, sheets } = plan
    for (const { declared } of languages) {
      const members = declared.languages?.members ?? []
      this.declarations.add(declared.id)
      this.inputs.note(declared.id, [...declared.ownInputs, ...members.map(({ id }) => id)])
    }
    for (const { declared } of rows) {
      this.declarations.add(declared.id)
      this.inputs.note(declared.id, declared.ownInputs)
    }
    this.#takeSheets(sheets)
    this.#warnOfAlts(rows.map(({ declared }) => captionOf(declared)))
    await this.#warnOfCredits(rows, importers)
    await this.#warnOfFallbacks(plan)
    const missing = rows.filter(({ state }) => state !== 'pinned').map(({ declared }) => declared)
    return { missing, problems }
  }

  /** Keeps what the last look has found for the next one and the next build, where nothing was missing or wrong. */
  async rememberLook(): Promise<void> {
    const looked = this.#looked
    this.#looked = undefined
    if (looked) await this.#host.remember(looked.plan, looked.began)
  }

  /**
   * The picture or its placeholder, as it is now; remembers what it is made from. Never spends.
   * @param isLive Whether people look on: a placeholder says why it is one. A build's is always the same.
   */
  async preview(id: DeclarationId, isLive: boolean = true): Promise<ResolvedImage> {
    // A picture may be generated again.
    const recalled = this.#generating === 0 ? this.#recalled?.untouched(id) : undefined
    if (recalled) return recalled
    try {
      const { livePreview, preview } = await import('@gemini-image/core/internal')
      const show = isLive ? livePreview : preview
      const image = await show(await this.#host.project(), id, this.#inline)
      // What lands changes the modules of the pictures that it is a part of.
      const { scenes = [], languages = [], sheet = [] } = image
      const parts = [...scenes, ...languages, ...sheet].flatMap((one) => one.id ?? [])
      this.inputs.note(id, [...image.inputs, ...parts])
      const { place, alt, altDraft } = image
      // Its pictures have some of their own.
      if (!image.sheet) this.#warnOfAlts([{ id, place, alt, altDraft }])
      return image
    } catch (error) {
      this.inputs.noteBroken(id)
      throw error
    }
  }

  /** Where an import asks for a picture in a form, as far as a scan sees. Only what went wrong is worth the look. */
  async placeOfImport(declaration: DeclarationId, form: string): Promise<Place | undefined> {
    const { importers } = await this.plan()
    return findImport({ declaration, form, importers }, this.options)
  }

  /** @throws {GeminiImageError} `INVALID_RENDITION`, `RENDITION_FAILED`, `CORRUPT_OBJECT`, `WRITE_FAILED` or `FORM_FAILED`. */
  async render(image: ResolvedImage, wish: RenditionWish): Promise<RenditionSet> {
    const { render } = await import('@gemini-image/core/internal')
    return render(await this.#host.project(), image, wish)
  }

  /**
   * A picture whose file has its layers drawn on it; the same one where it has none.
   * @param query In which the texts of the page stand: `?text.title=…`.
   * @throws {GeminiImageError} as {@link HostProject.render}, and what is wrong with a layer.
   */
  async layered(image: ResolvedImage, query?: string): Promise<ResolvedImage> {
    if (!image.layers) return image
    const { layered } = await import('@gemini-image/core/internal')
    return layered(await this.#host.project(), image, query)
  }

  /**
   * Generates what is missing or stale of declarations, where that may and can be done.
   * @throws {GeminiImageError} what is wrong with a declaration, or went wrong with a call.
   */
  async generate(ids: readonly DeclarationId[], options?: GenerateOptions): Promise<Generated> {
    const { generateDeclarations } = await import('@gemini-image/core/internal')
    this.#generating += 1
    try {
      return await generateDeclarations(await this.#host.project(), ids, options)
    } finally {
      this.#generating -= 1
    }
  }

  /** Why placeholders are shown, by id, as {@link HostProject.preview} would say it. */
  async whyShown(ids: readonly DeclarationId[]): Promise<ReadonlyMap<DeclarationId, WhyMissing>> {
    const { whyShown } = await import('@gemini-image/core/internal')
    return whyShown(await this.#host.project(), ids, this.#inline)
  }

  /** The project itself, opened once. */
  project(): Promise<Project> {
    return this.#host.project()
  }

  /** Whether {@link generate} would: there is a key or a provider, and the mode is `auto`. */
  async canGenerate(): Promise<boolean> {
    const { canGenerate } = await import('@gemini-image/core/internal')
    return canGenerate(await this.#host.project())
  }

  /** Where the key comes from that is missing. */
  async credentials(): Promise<Credentials> {
    const { options } = await this.#host.project()
    return options.definition.credentials
  }

  /** Begins no further call. Those under way finish and are pinned. @returns once they have. */
  close(): Promise<void> {
    return this.#host.close()
  }

  /** Whether a file is a picture of ours, or a placeholder. */
  holds(file: string): boolean {
    const { storeDir, cacheDir } = this.options
    return [storeDir, cacheDir].some((folder) => file.startsWith(folder + sep))
  }

  /** Reads again what is declared where no scan can see it. */
  async #readSources(): Promise<void> {
    const added = await Promise.all(this.#sources.map((source) => source(this.options.root)))
    this.#host.addDeclarations(added.flat())
    for (const { id } of added.flat()) this.declarations.add(id)
  }

  #takeSheets(sheets: Plan['sheets']): void {
    for (const [id, { pictures }] of sheets) {
      this.declarations.add(id)
      this.inputs.note(
        id,
        pictures.map((one) => one.id),
      )
    }
  }

  #take(recalled: Recalled): void {
    this.#takeSheets(recalled.sheets)
    for (const id of [...recalled.ids, ...recalled.languages]) {
      this.declarations.add(id)
      this.inputs.note(id, recalled.inputsOf(id))
    }
  }

  async #warnOfCredits(rows: Plan['rows'], importers: Plan['importers']): Promise<void> {
    const { creditWarnings } = await this.#host.project()
    const pictures = rows.map(({ declared: { id }, entry }) => ({
      id,
      grounding: entry?.grounding,
    }))
    const news = creditWarnings.news(pictures, { root: this.options.root, importers })
    if (news !== undefined) this.options.logger.warn(news)
  }

  /** Languages that get another one's picture are told once. */
  async #warnOfFallbacks(plan: Plan): Promise<void> {
    if (plan.languages.length === 0) return
    const { fallbackLines } = await import('@gemini-image/core/internal')
    for (const line of fallbackLines(plan)) {
      if (!this.#toldFallbacks.has(line)) this.options.logger.warn(line)
      this.#toldFallbacks.add(line)
    }
  }

  #warnOfAlts(all: readonly Captioned[]): void {
    const named = all.map((one) => ({ ...one, id: withSlashes(one.id) }))
    const news = this.#altWarnings.news(named)
    if (news !== undefined) this.options.logger.warn(news)
  }
}

/** All files of pictures, and those in which something is wrong. */
function filesInvolved({ rows, inputs, problems }: Plan): readonly string[] {
  return [...rows.map(({ declared }) => declared.file), ...inputs, ...problems.flatMap(filesOf)]
}

/** The files in which something is wrong. */
function filesOf({ place, problems }: GeminiImageError): string[] {
  return [...(place ? [place.file] : []), ...problems.flatMap(filesOf)]
}

/** `5 pictures: 3 pinned, 2 generated ($0.07)`. */
function describe({ ids, generated, placeholders, spent }: Prepared): string {
  const parts = [
    `${ids.length - generated - placeholders} pinned`,
    generated > 0 && `${generated} generated (${formatDollars(spent)})`,
    placeholders > 0 && count(placeholders, 'placeholder'),
  ]
  return `${count(ids.length, 'picture')}: ${parts.filter(Boolean).join(', ')}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
