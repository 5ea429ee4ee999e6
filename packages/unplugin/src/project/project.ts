import { sep } from 'node:path'
import type {
  Captioned,
  Declaration,
  DeclarationId,
  Declared,
  HostEngine,
  GeminiImageError,
  ResolvedImage,
  Summary,
} from '@gemini-image/core'
import { AltWarnings, captionOf, fileOfId, formatDollars } from '@gemini-image/core/host'
import { createDeclarations, type Declarations } from './declarations.ts'
import { Inputs } from './inputs.ts'
import { withSlashes } from './with-slashes.ts'

/**
 * What is declared where no scan can see it: by a program. Read before each build settles, and before
 * a dev server looks at what is missing.
 * @param root The project root, for places.
 */
export type DeclarationSource = (root: string) => Promise<readonly Declaration[]>

/** A project while a host builds or serves it: what is the same for every host. */
export class Project {
  readonly engine: HostEngine
  readonly declarations: Declarations = createDeclarations()
  /** What pictures are made from, for whoever watches. */
  readonly inputs: Inputs = new Inputs()
  readonly #sources: readonly DeclarationSource[]
  readonly #altWarnings = new AltWarnings()
  /** How many pictures the last settling has drawn; `undefined` where it has failed. */
  #generated: number | undefined
  #askers: Summary['askers'] = []
  /** Files besides the declaring ones whose change makes a build that watches build again. */
  readonly #watched = new Set<string>()

  /** @param sources More may be added until they are needed. */
  constructor(engine: HostEngine, sources: readonly DeclarationSource[] = []) {
    this.engine = engine
    this.#sources = sources
  }

  /**
   * The files whose change makes a build that watches build again. The lockfile is one of them where the last
   * settling has not written it.
   */
  *watched(): Iterable<string> {
    const { mode, lockfile } = this.engine.options
    if (mode === 'frozen' || this.#generated === 0) yield lockfile
    for (const id of this.declarations.all()) yield fileOfId(id)
    yield* this.#watched
  }

  /** Absolute paths of the files that ask for pictures, as far as the last settling has seen. */
  get askers(): Summary['askers'] {
    return this.#askers
  }

  /** Reads again what is declared where no scan can see it. */
  async meet(): Promise<void> {
    const { root } = this.engine.options
    const met = await Promise.all(this.#sources.map((source) => source(root)))
    this.engine.meet(met.flat())
    for (const { id } of met.flat()) this.declarations.add(id)
  }

  /**
   * Makes everything that the source asks for available, and says so in one line.
   * @throws {GeminiImageError} as {@link HostEngine.settle}.
   */
  async settle(): Promise<void> {
    this.#generated = undefined
    await this.meet()
    const summary = await this.engine.settle()
    this.#generated = summary.generated
    this.#askers = summary.askers
    for (const id of summary.ids) this.declarations.add(id)
    for (const file of summary.inputs) this.#watched.add(file)
    this.engine.options.logger.info(describe(summary))
  }

  /**
   * The same for a build that watches: what is wrong is watched, too, since mending it is to build again.
   * @throws {GeminiImageError} as {@link HostEngine.settle}.
   */
  async settleWatching(): Promise<void> {
    try {
      await this.settle()
    } catch (error) {
      for (const file of await filesInvolved(this.engine)) this.#watched.add(file)
      throw error
    }
  }

  /**
   * Looks at all that the source asks for, and remembers it: what is missing, and what is wrong. Never
   * spends. Who looks on is warned of missing alternative texts, once.
   * @throws {GeminiImageError} `CORRUPT_LOCKFILE`.
   */
  async lookOver(): Promise<{
    readonly missing: readonly Declared[]
    readonly problems: readonly GeminiImageError[]
  }> {
    await this.meet()
    const { rows, problems } = await this.engine.plan()
    for (const { declared } of rows) {
      this.declarations.add(declared.id)
      this.inputs.note(declared.id, declared.inputs)
    }
    this.#warnOfAlts(rows.map(({ declared }) => captionOf(declared)))
    const missing = rows.filter(({ state }) => state !== 'cached').map(({ declared }) => declared)
    return { missing, problems }
  }

  /** The picture or its stand-in, as it is now; remembers what it is made from. Never spends. */
  async preview(id: DeclarationId): Promise<ResolvedImage> {
    try {
      const image = await this.engine.preview(id)
      this.inputs.note(id, image.inputs)
      const { place, alt, altDraft } = image
      this.#warnOfAlts([{ id, place, alt, altDraft }])
      return image
    } catch (error) {
      this.inputs.noteBroken(id)
      throw error
    }
  }

  #warnOfAlts(all: readonly Captioned[]): void {
    const named = all.map((one) => ({ ...one, id: withSlashes(one.id) }))
    const news = this.#altWarnings.news(named)
    if (news !== undefined) this.engine.options.logger.warn(news)
  }

  /** Whether a file is a picture of ours, or a stand-in. */
  holds(file: string): boolean {
    const { storeDir, cacheDir } = this.engine.options
    return [storeDir, cacheDir].some((folder) => file.startsWith(folder + sep))
  }
}

/** All files of pictures, and those in which something is wrong. */
async function filesInvolved(engine: HostEngine): Promise<readonly string[]> {
  const { rows, problems } = await engine.plan()
  const declared = rows.flatMap((row) => [row.declared.file, ...row.declared.inputs])
  return [...declared, ...problems.flatMap(filesOf)]
}

/** The files in which something is wrong. */
function filesOf({ place, problems }: GeminiImageError): string[] {
  return [...(place ? [place.file] : []), ...problems.flatMap(filesOf)]
}

/** `5 pictures: 3 pinned, 2 generated ($0.07)`. */
function describe({ ids, generated, placeholders, spent }: Summary): string {
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
