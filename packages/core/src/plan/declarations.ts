import { MOST_TURNS } from '../declare/capabilities.ts'
import {
  type Declaration,
  fileOfId,
  isInlineId,
  selectionOfId,
  type DeclarationId,
} from '../declare/declaration.ts'
import { inlineFinder } from '../declare/inline/find.ts'
import { formatPlace, startOf } from '../kernel/place.ts'
import { parsePromptFile } from '../declare/prompt-file.ts'
import {
  byLanguage,
  mainSelection,
  withSiteLanguages,
  type SiteLanguages,
} from '../declare/languages.ts'
import type { ReferenceSpec } from '../declare/reference.ts'
import { isByLanguage } from '../declare/selection.ts'
import { placeOfSelected, select, selectionsOf, sheetOf } from '../declare/sets.ts'
import type { Sheet } from '../declare/sheets.ts'
import { shapedAs, validate, type SpecContext } from '../declare/spec.ts'
import { eachProblem, GeminiImageError, joinErrors, oursOrThrow } from '../kernel/errors/error.ts'
import { openFiles, type ProjectFiles } from '../kernel/files/files.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { siteLanguages } from '../options/site-languages.ts'
import type { LocalImages } from './references/local-images.ts'
import type { ReferenceFacts, ReferenceImage } from '../providers/provider.ts'
import { shownPixels } from './references/inspect-reference.ts'
import type { RemoteImages } from './references/remote-images.ts'
import type { ObjectStore } from '../pin/object-store.ts'
import type { Pixels } from '../pixels/image.ts'
import {
  toDeclared,
  type Declared,
  type ValidatedDeclaration,
  type LinkedReference,
} from './declared.ts'
import { isDue, standingOf, type PinnedState } from './pinned-state.ts'

export interface DeclarationContext {
  readonly options: ResolvedOptions
  readonly store: ObjectStore
  readonly locals: LocalImages
  readonly remotes: RemoteImages
  /** Declarations that a host has come upon, and that no scan can see. */
  readonly met: ReadonlyMap<DeclarationId, Declaration>
}

/**
 * The declarations of a project at one moment: each is read and validated once, and linked with what
 * the pinned state holds of the pictures that it refers to.
 */
export class Declarations {
  readonly pinnedState: PinnedState
  readonly #context: DeclarationContext
  readonly #files: ProjectFiles
  readonly #specContext: SpecContext
  readonly #validated: Map<string, ValidatedDeclaration>
  /** Prompt files by path, of which more than one picture may be asked for. */
  readonly #read: Map<string, Declaration>
  /** Those that are being validated, each of which goes on from the next. */
  readonly #goingOn = new Set<DeclarationId>()
  readonly #linked = new Map<DeclarationId, Promise<Declared>>()
  /** Declarations without references, by id: nothing that is pinned later changes them. */
  readonly #alone: Map<DeclarationId, Declared>
  /** Those that wait for nothing, by id. */
  readonly #final: Map<DeclarationId, Declared>
  readonly #findInline: ReturnType<typeof inlineFinder>
  /** Image by file: many declarations may refer to one. */
  readonly #inspected = new Map<string, Promise<ReferenceFacts>>()
  #siteLanguages: { readonly found: SiteLanguages | undefined } | undefined

  /**
   * @param earlier What was read and fingerprinted before.
   * @param final What was linked before and stays so, by id.
   */
  constructor(
    context: DeclarationContext,
    pinnedState: PinnedState,
    earlier?: Declarations,
    final: Map<DeclarationId, Declared> = new Map(),
  ) {
    this.#context = context
    this.#files = openFiles(context.options.root)
    this.#specContext = {
      ...context.options,
      files: this.#files,
      earlier: (after) => this.#earlier(after),
      siteLanguages: () => this.#languages(),
    }
    this.pinnedState = pinnedState
    this.#validated = earlier ? earlier.#validated : new Map()
    this.#read = earlier ? earlier.#read : new Map()
    this.#alone = earlier ? earlier.#alone : new Map()
    this.#final = final
    this.#findInline = inlineFinder(context.options.root)
  }

  /** The same declarations, as they were read; only those with references are linked again. */
  at(pinnedState: PinnedState): Declarations {
    return new Declarations(this.#context, pinnedState, this)
  }

  /** The same later in one run, which only adds pictures: whatever waited for nothing is not linked again. */
  advancedTo(pinnedState: PinnedState): Declarations {
    return new Declarations(this.#context, pinnedState, this, this.#final)
  }

  /**
   * Reads and validates a declaration; its references are not looked at.
   * @param written What stands there, where that was read already: of a prompt file the text.
   * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`, `UNDECLARED_PICTURE`, or whatever is wrong
   *   with what it says.
   */
  validate(id: DeclarationId, written?: string | Declaration): ValidatedDeclaration {
    const known = this.#validated.get(id)
    if (known) return known
    if (isByLanguage(selectionOfId(id))) return this.#validateByLanguage(id)
    const declaration =
      typeof written === 'object'
        ? withSiteLanguages(written, () => this.#languages())
        : this.read(id, written)
    const { file, name } = declaration
    this.#goingOn.add(id)
    try {
      const { spec, models, pixels, takesShape, ...read } = validate(declaration, this.#specContext)
      // Where the id is not the file's own path, the file is one of those that it is made from.
      const isSelected = selectionOfId(id) !== ''
      const sources = isSelected ? [file, ...read.sources] : read.sources
      const place = isSelected ? placeOfSelected(declaration) : declaration.place
      const validated = { id, file, name, place, spec, models, pixels, takesShape, sources }
      this.#validated.set(id, validated)
      return validated
    } finally {
      this.#goingOn.delete(id)
    }
  }

  /** The picture for readers of all languages that have none of their own, with those of the others. */
  #validateByLanguage(id: DeclarationId): ValidatedDeclaration {
    const [file, selection] = [fileOfId(id), selectionOfId(id)]
    const declaration = this.read(file)
    const site = this.#languages()
    const main = this.validate(file + mainSelection(declaration, selection, site))
    const languages = byLanguage(declaration, selection, main.spec.alts, site)
    const from = site?.file === undefined ? [] : [site.file]
    const { name, place } = declaration
    const sources = [...new Set([file, ...main.sources, ...from])]
    const validated = { ...main, id, name, place, languages, sources }
    this.#validated.set(id, validated)
    return validated
  }

  /** The languages of the site; its configuration is read where something depends on them. */
  #languages(): SiteLanguages | undefined {
    this.#siteLanguages ??= { found: siteLanguages(this.#context.options, this.#files) }
    return this.#siteLanguages.found
  }

  /** The declaration that another one goes on from, with its file among the sources. */
  #earlier({ target, place }: Pick<ReferenceSpec, 'target' | 'place'>): ValidatedDeclaration {
    try {
      this.#files.assertReachable('reference', fileOfId(target))
      if (isByLanguage(selectionOfId(target))) throw refersToAll()
      if (this.#goingOn.has(target)) throw goesInCircles()
      if (this.#goingOn.size > MOST_TURNS) throw goesOnForLong()
      const earlier = this.validate(target)
      return { ...earlier, sources: [fileOfId(target), ...earlier.sources] }
    } catch (error) {
      throw oursOrThrow(error).at(place)
    }
  }

  /**
   * The ids of the pictures that a prompt file declares: its path, or one for each picture of a set, and their scenes.
   * @param text What stands in it, where that was read already.
   */
  picturesOf(file: string, text: string | undefined): readonly DeclarationId[] {
    if (text === undefined || !/each|scenes|sheet/.test(text)) return [file]
    try {
      const declaration = this.read(file, text)
      this.#read.set(file, declaration)
      return selectionsOf(declaration).map((selection) => file + selection)
    } catch {
      // Whoever validates it says what is wrong.
      return [file]
    }
  }

  /**
   * The pictures that the id of a sheet means.
   * @param text What stands in its file, where that was read already.
   * @throws {GeminiImageError} as {@link read}.
   */
  sheetOf(id: DeclarationId, text?: string): Sheet {
    const file = fileOfId(id)
    const declaration = this.read(file, text)
    this.#read.set(file, declaration)
    return sheetOf(declaration, selectionOfId(id))
  }

  /**
   * Reads a declaration that refers to nothing; `undefined` for one that does. Thousands of these
   * are read in half the time that as many promises take.
   * @throws {GeminiImageError} as {@link validate}.
   */
  declareAlone(id: DeclarationId, written?: string | Declaration): Declared | undefined {
    const known = this.#alone.get(id)
    if (known) return known
    const validated = this.validate(id, written)
    if (validated.spec.references.length > 0) return undefined
    const declared = toDeclared(validated, [])
    this.#alone.set(id, declared)
    return declared
  }

  /**
   * Reads a declaration and everything that it refers to.
   * @throws {GeminiImageError} as {@link validate}, `CIRCULAR_REFERENCE`, or what is wrong with a
   *   reference.
   */
  declare(id: DeclarationId): Promise<Declared> {
    return this.#known(id) ?? this.#linkInOrder(id)
  }

  #known(id: DeclarationId): Promise<Declared> | undefined {
    const final = this.#final.get(id)
    return this.#linked.get(id) ?? (final && Promise.resolve(final))
  }

  /** Links those that a declaration refers to before itself: a chain may be longer than the stack is deep. */
  #linkInOrder(start: DeclarationId): Promise<Declared> {
    const way = [{ id: start, referred: this.#referredBy(start) }]
    const onWay = new Set([start])
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const next = last.referred.shift()
      if (next === undefined) {
        way.pop()
        onWay.delete(last.id)
        if (last.id !== start) this.#keep(last.id, this.#link(last.id))
      } else if (onWay.has(next)) {
        const ids = way.map(({ id }) => id)
        const circular = Promise.reject(this.#circular(ids.slice(ids.indexOf(next))))
        for (const id of ids) this.#keep(id, circular)
        return circular
      } else if (!this.#known(next)) {
        way.push({ id: next, referred: this.#referredBy(next) })
        onWay.add(next)
      }
    }
    return this.#keep(start, this.#link(start))
  }

  #keep(id: DeclarationId, linked: Promise<Declared>): Promise<Declared> {
    // Its failure is told to whoever asks, and nobody may.
    linked.catch(() => undefined)
    this.#linked.set(id, linked)
    return linked
  }

  /** What is wrong with a declaration: where nothing else is to blame, its file. */
  blame(id: DeclarationId, error: unknown): GeminiImageError {
    return oursOrThrow(error).at(startOf(this.#context.options.root, fileOfId(id)))
  }

  /** The declarations inside the project that one refers to. */
  #referredBy(id: DeclarationId): DeclarationId[] {
    const references = this.#validateQuietly(id)?.spec.references ?? []
    return references.flatMap(({ kind, target }) =>
      kind === 'declaration' && this.#isReachable(target) ? target : [],
    )
  }

  /** What is wrong with a path that leads elsewhere is told when it is linked. */
  #isReachable(file: DeclarationId): boolean {
    try {
      this.#files.assertReachable('reference', fileOfId(file))
      return true
    } catch {
      return false
    }
  }

  /**
   * What a person wrote, not validated.
   * @param text Of a prompt file, where that was read already.
   * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`, `UNDECLARED_PICTURE`, or what is wrong with its frontmatter.
   */
  read(id: DeclarationId, text?: string): Declaration {
    const { options, met } = this.#context
    if (isInlineId(id)) {
      // What stands in a file has a place there.
      const declaration = this.#findInline(id) ?? met.get(id)
      if (!declaration) throw noLongerDeclared(id, options.root)
      return declaration
    }
    const selection = selectionOfId(id)
    const parse = (file: string): Declaration => {
      const declaration = parsePromptFile(text ?? this.#readPrompt(file), file, options.root)
      return withSiteLanguages(declaration, () => this.#languages())
    }
    if (selection === '' && this.#read.size === 0) return parse(id)
    const file = fileOfId(id)
    const declaration = this.#read.get(file) ?? parse(file)
    if (selection === '') return declaration
    this.#read.set(file, declaration)
    return select(declaration, selection)
  }

  #readPrompt(file: string): string {
    const text = this.#files.readText('prompt', file)
    if (text === undefined) throw notFound(file, this.#context.options.root)
    return text
  }

  async #link(id: DeclarationId): Promise<Declared> {
    const alone = this.declareAlone(id)
    if (alone) return alone
    const validated = this.validate(id)
    const { references } = validated.spec
    const outcomes = await Promise.allSettled(references.map((one) => this.#linkOne(one)))
    const linked = linkedOrThrow(outcomes, validated)
    const isShaped = validated.takesShape.length > 0
    const shape = isShaped ? await shapeOf(linked[0], this.pinnedState) : undefined
    const declared = toDeclared(shape ? shapedAs(validated, shape) : validated, linked)
    if (linked.every(({ kind }) => kind === 'known')) this.#final.set(id, declared)
    return declared
  }

  async #linkOne(spec: ReferenceSpec): Promise<LinkedReference> {
    try {
      if (spec.kind === 'file') return await this.#linkFile(spec)
      return spec.kind === 'remote' ? this.#linkRemote(spec) : await this.#linkDeclaration(spec)
    } catch (error) {
      throw oursOrThrow(error).at(spec.place)
    }
  }

  async #linkFile(spec: ReferenceSpec): Promise<LinkedReference> {
    const { locals } = this.#context
    const inspected = this.#inspected.get(spec.target) ?? locals.inspect(spec.target)
    this.#inspected.set(spec.target, inspected)
    const facts = await inspected
    const read = (): Promise<Uint8Array> => locals.read(spec.target, facts.sha256)
    return { kind: 'known', image: imageOf(spec, facts, read), file: spec.target }
  }

  #linkRemote(spec: ReferenceSpec): LinkedReference {
    const pin = this.pinnedState.lock.remotes.get(spec.target)
    if (!pin) return { kind: 'remote', spec }
    const facts = { sha256: pin.object, type: pin.type, size: pin.size }
    const read = (): Promise<Uint8Array> => this.#context.remotes.read(spec.target, pin)
    return { kind: 'known', image: imageOf(spec, facts, read), file: undefined }
  }

  async #linkDeclaration(spec: ReferenceSpec): Promise<LinkedReference> {
    if (isByLanguage(selectionOfId(spec.target))) throw refersToAll()
    this.#files.assertReachable('reference', fileOfId(spec.target))
    const declared = await this.declare(spec.target)
    const { state, entry } = standingOf(declared, this.pinnedState)
    if (!entry || isDue(state, this.pinnedState)) {
      return { kind: 'declared', spec, waitsFor: declared }
    }
    const size = this.#context.store.sizeOf(entry.file)
    const facts = { sha256: entry.object, type: entry.type, size }
    const read = (): Promise<Uint8Array> => this.#context.store.read(entry)
    const { file } = declared
    return { kind: 'known', image: imageOf(spec, facts, read), file, declared }
  }

  #validateQuietly(file: string): ValidatedDeclaration | undefined {
    try {
      return this.validate(file)
    } catch {
      return undefined
    }
  }

  /** The same error wherever in the loop one comes upon it. */
  #circular(members: readonly string[]): GeminiImageError {
    const first = members.indexOf(members.toSorted()[0] ?? '')
    const loop = [...members.slice(first), ...members.slice(0, first + 1)]
    const steps = loop.slice(0, -1).map((file, index) => {
      const { references } = this.validate(file).spec
      return references.find(({ target }) => target === loop[index + 1])?.place
    })
    return new GeminiImageError({
      code: 'CIRCULAR_REFERENCE',
      what: 'These declarations refer to each other in a loop, so none can be drawn first:',
      why: steps
        .flatMap((place, index) =>
          place ? `${formatPlace(place)} refers to ${this.pathOf(loop[index + 1] ?? '')}` : [],
        )
        .join('\n'),
      fix: 'take one of these references out.',
      place: steps[0],
    })
  }

  /** The path of a file from the root, or of the one that declares something. */
  pathOf(file: DeclarationId): string {
    return startOf(this.#context.options.root, fileOfId(file)).path
  }
}

function imageOf(
  { as, label, turn, place }: ReferenceSpec,
  facts: ReferenceFacts,
  read: () => Promise<Uint8Array>,
): ReferenceImage {
  const bytes = async (): Promise<Uint8Array> => {
    try {
      return await read()
    } catch (error) {
      throw oursOrThrow(error).at(place)
    }
  }
  return { ...facts, as, label, turn, bytes }
}

/** The shape of a reference, in pixels: of another declaration, what is pinned or will be. */
async function shapeOf(
  reference: LinkedReference | undefined,
  { lock }: PinnedState,
): Promise<Pixels | undefined> {
  if (reference?.kind === 'declared') return reference.waitsFor.result.pixels
  if (reference?.kind !== 'known') return undefined
  const { declared, image } = reference
  const pinned = declared && lock.entries.get(declared.result.fingerprint)
  return pinned ?? shownPixels(await image.bytes())
}

function refersToAll(): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_VALUE',
    what: 'The pictures of all languages are named here, and one is meant.',
    fix: 'name it: "?each=en" in place of "?by=language".',
  })
}

function goesInCircles(): GeminiImageError {
  return new GeminiImageError({
    code: 'CIRCULAR_REFERENCE',
    what: 'This goes on from a declaration that goes on from this one.',
    fix: 'take "after" out of one of them.',
  })
}

function goesOnForLong(): GeminiImageError {
  return new GeminiImageError({
    code: 'UNSUPPORTED_SETTING',
    what: `More than ${MOST_TURNS} declarations go on from each other.`,
    fix: 'begin a conversation of its own that refers to this picture under "references".',
  })
}

/** How many mistakes in other declarations are told with one that refers to them. Each is told where it is, too. */
const MOST_FROM_OTHERS = 10

/** @throws {GeminiImageError} whatever is wrong with references of a declaration. */
function linkedOrThrow(
  outcomes: readonly PromiseSettledResult<LinkedReference>[],
  { file }: ValidatedDeclaration,
): readonly LinkedReference[] {
  const failed = outcomes.filter((one) => one.status === 'rejected')
  if (failed.length > 0) {
    const problems = eachProblem(failed.map(({ reason }) => oursOrThrow(reason)))
    const isOwn = ({ place }: GeminiImageError): boolean => place?.file === file
    const others = problems.filter((problem) => !isOwn(problem))
    throw joinErrors([...problems.filter(isOwn), ...others.slice(0, MOST_FROM_OTHERS)])
  }
  return outcomes.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
}

function noLongerDeclared(id: DeclarationId, root: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNDECLARED_PICTURE',
    what: 'A picture that was declared here is not declared any more.',
    fix: 'load the page again, or build again.',
    place: startOf(root, fileOfId(id)),
  })
}

function notFound(file: string, root: string): GeminiImageError {
  return new GeminiImageError({
    code: 'PROMPT_FILE_NOT_FOUND',
    what: `There is no prompt file ${startOf(root, file).path}.`,
    fix: 'create it, or fix the path where it is named.',
  })
}
