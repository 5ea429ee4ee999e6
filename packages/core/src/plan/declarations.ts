import { readFileSync } from 'node:fs'
import type { Declaration } from '../declare/declaration.ts'
import { fileOfId, isInlineId, type DeclarationId } from '../declare/declaration-id.ts'
import { findInline } from '../declare/inline/find.ts'
import { formatPlace, startOf } from '../kernel/place.ts'
import { parsePromptFile } from '../declare/prompt-file.ts'
import type { ReferenceSpec } from '../declare/reference.ts'
import { judge } from '../declare/spec.ts'
import { GeminiImageError, oursOrThrow, valuesOf } from '../kernel/errors/error.ts'
import type { ResolvedOptions } from '../options/resolve-options.ts'
import { isInside } from '../kernel/files/inside.ts'
import type { LocalImages } from './references/local-images.ts'
import type { ReferenceFacts } from '../providers/reference-image.ts'
import { MOST_REFERENCE_BYTES, tooHeavy } from './references/weight.ts'
import type { RemoteImages } from './references/remote-images.ts'
import type { ObjectStore } from '../pin/object-store.ts'
import {
  toDeclared,
  type Declared,
  type JudgedDeclaration,
  type LinkedReference,
} from './declared.ts'
import { isDue, standingOf, type Shelf } from './pinned-state.ts'

/** What declarations are read with. */
export interface DeclarationTools {
  readonly options: ResolvedOptions
  readonly store: ObjectStore
  readonly locals: LocalImages
  readonly remotes: RemoteImages
  /** Declarations that a host has come upon, and that no scan can see. */
  readonly met: ReadonlyMap<DeclarationId, Declaration>
}

/**
 * The declarations of a project at one moment: each is read and judged once, and linked with what
 * the shelf holds of the pictures that it refers to.
 */
export class Declarations {
  readonly shelf: Shelf
  readonly #tools: DeclarationTools
  readonly #judged: Map<string, JudgedDeclaration>
  /** Declarations without references, by id: nothing that is pinned later changes them. */
  readonly #alone: Map<string, Declared>
  readonly #linked = new Map<string, Promise<Declared>>()
  /** Image by file: many declarations may refer to one. */
  readonly #inspected = new Map<string, Promise<ReferenceFacts>>()

  /** @param earlier What was read and fingerprinted before. */
  constructor(tools: DeclarationTools, shelf: Shelf, earlier?: Declarations) {
    this.#tools = tools
    this.shelf = shelf
    this.#judged = earlier ? earlier.#judged : new Map()
    this.#alone = earlier ? earlier.#alone : new Map()
  }

  /** The same declarations, as they were read; only those with references are linked again. */
  at(shelf: Shelf): Declarations {
    return new Declarations(this.#tools, shelf, this)
  }

  /**
   * Reads and judges a declaration; its references are not looked at.
   * @param written What stands there, where that was read already: of a prompt file the text.
   * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`, `UNDECLARED_PICTURE`, or whatever is wrong
   *   with what it says.
   */
  judge(id: DeclarationId, written?: string | Declaration): JudgedDeclaration {
    const known = this.#judged.get(id)
    if (known) return known
    const declaration = typeof written === 'object' ? written : this.#read(id, written)
    const { file, name, place } = declaration
    const { spec, models, pixels, styleFiles } = judge(declaration, this.#tools.options)
    const judged = { id, file, name, place, spec, models, pixels, styleFiles }
    this.#judged.set(id, judged)
    return judged
  }

  /**
   * Reads a declaration that refers to nothing; `undefined` for one that does. Thousands of these
   * are read in half the time that as many promises take.
   * @throws {GeminiImageError} as {@link judge}.
   */
  declareAlone(id: DeclarationId, written?: string | Declaration): Declared | undefined {
    const known = this.#alone.get(id)
    if (known) return known
    const judged = this.judge(id, written)
    if (judged.spec.references.length > 0) return undefined
    const declared = toDeclared(judged, [])
    this.#alone.set(id, declared)
    return declared
  }

  /**
   * Reads a declaration and everything that it refers to.
   * @throws {GeminiImageError} as {@link judge}, `CIRCULAR_REFERENCE`, or what is wrong with a
   *   reference.
   */
  declare(id: DeclarationId): Promise<Declared> {
    const linked = this.#linked.get(id) ?? this.#link(id)
    this.#linked.set(id, linked)
    return linked
  }

  #read(id: DeclarationId, text: string | undefined): Declaration {
    const { options, met } = this.#tools
    if (isInlineId(id)) {
      // What stands in a file has a place there.
      const declaration = findInline(id, options.root) ?? met.get(id)
      if (!declaration) throw noLongerDeclared(id, options.root)
      return declaration
    }
    return parsePromptFile(text ?? readSource(id, options.root), id, options.root)
  }

  async #link(id: DeclarationId): Promise<Declared> {
    const alone = this.declareAlone(id)
    if (alone) return alone
    const judged = this.judge(id)
    const { references } = judged.spec
    this.#assertAcyclic(id, [], new Set())
    const linked = valuesOf(await Promise.allSettled(references.map((one) => this.#linkOne(one))))
    assertSendable(judged, linked)
    return toDeclared(judged, linked)
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
    const { locals } = this.#tools
    const inspected = this.#inspected.get(spec.target) ?? locals.inspect(spec.target)
    this.#inspected.set(spec.target, inspected)
    const facts = await inspected
    return known(spec, facts, () => locals.read(spec.target, facts.sha256), [spec.target])
  }

  #linkRemote(spec: ReferenceSpec): LinkedReference {
    const pin = this.shelf.lock.remotes.get(spec.target)
    if (!pin) return { kind: 'remote', spec }
    const facts = { sha256: pin.object, type: pin.type, size: pin.size }
    return known(spec, facts, () => this.#tools.remotes.read(spec.target, pin), [])
  }

  async #linkDeclaration(spec: ReferenceSpec): Promise<LinkedReference> {
    assertInside(spec.target, this.#tools.options.root)
    const declared = await this.declare(spec.target)
    const { state, entry } = standingOf(declared, this.shelf)
    if (!entry || isDue(state, this.shelf)) {
      return { kind: 'declared', spec, waitsFor: declared }
    }
    const size = this.#tools.store.sizeOf(entry.file)
    const facts = { sha256: entry.object, type: entry.type, size }
    const inputs = [declared.file, ...declared.inputs]
    return known(spec, facts, () => this.#tools.store.read(entry), inputs)
  }

  /** @throws {GeminiImageError} `CIRCULAR_REFERENCE`, naming the loop. */
  #assertAcyclic(file: string, above: readonly string[], cleared: Set<string>): void {
    const start = above.indexOf(file)
    if (start !== -1) throw this.#circular(above.slice(start))
    if (cleared.has(file)) return
    for (const { kind, target } of this.#judgeQuietly(file)?.spec.references ?? []) {
      if (kind === 'declaration') this.#assertAcyclic(target, [...above, file], cleared)
    }
    cleared.add(file)
  }

  /** What is wrong with a declaration is told when it is linked. */
  #judgeQuietly(file: string): JudgedDeclaration | undefined {
    try {
      return this.judge(file)
    } catch {
      return undefined
    }
  }

  /** The same error wherever in the loop one comes upon it. */
  #circular(members: readonly string[]): GeminiImageError {
    const first = members.indexOf(members.toSorted()[0] ?? '')
    const loop = [...members.slice(first), ...members.slice(0, first + 1)]
    const steps = loop.slice(0, -1).map((file, index) => {
      const { references } = this.judge(file).spec
      return references.find(({ target }) => target === loop[index + 1])?.place
    })
    return new GeminiImageError({
      code: 'CIRCULAR_REFERENCE',
      what: 'These declarations refer to each other in a loop, so none can be drawn first:',
      why: steps
        .flatMap((place, index) =>
          place ? `${formatPlace(place)} refers to ${this.#nameOf(loop[index + 1])}` : [],
        )
        .join('\n'),
      fix: 'take one of these references out.',
      place: steps[0],
    })
  }

  #nameOf(file = ''): string {
    return startOf(this.#tools.options.root, file).path
  }
}

function known(
  { as, label, place }: ReferenceSpec,
  facts: ReferenceFacts,
  read: () => Promise<Uint8Array>,
  inputs: readonly string[],
): LinkedReference {
  const bytes = async (): Promise<Uint8Array> => {
    try {
      return await read()
    } catch (error) {
      throw oursOrThrow(error).at(place)
    }
  }
  return { kind: 'known', image: { ...facts, as, label, bytes }, inputs }
}

/** @throws {GeminiImageError} `REFERENCE_TOO_LARGE`. */
function assertSendable(
  { spec, place }: JudgedDeclaration,
  references: readonly LinkedReference[],
): void {
  const sizes = references.map((one) => (one.kind === 'known' ? one.image.size : 0))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  if (total <= MOST_REFERENCE_BYTES) return
  const largest = spec.references[sizes.indexOf(Math.max(...sizes))]
  throw tooHeavy(
    `The references weigh ${(total / 1e6).toFixed(1)} MB; at most ${MOST_REFERENCE_BYTES / 1e6} MB can be sent.`,
    'save smaller copies; this one is the largest.',
  ).at(largest?.place ?? place)
}

/** @throws {GeminiImageError} `REFERENCE_OUTSIDE_ROOT`. */
function assertInside(file: string, root: string): void {
  if (isInside(root, file)) return
  throw new GeminiImageError({
    code: 'REFERENCE_OUTSIDE_ROOT',
    what: `The declaration ${startOf(root, file).path} is outside the project.`,
    fix: 'move it into the project.',
  })
}

function noLongerDeclared(id: DeclarationId, root: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNDECLARED_PICTURE',
    what: 'A picture that was declared here is not declared any more.',
    fix: 'load the page again, or build again.',
    place: startOf(root, fileOfId(id)),
  })
}

function readSource(file: string, root: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw notFound(file, root, error as NodeJS.ErrnoException)
  }
}

function notFound(file: string, root: string, cause: NodeJS.ErrnoException): GeminiImageError {
  const { path: name } = startOf(root, file)
  return new GeminiImageError({
    code: 'PROMPT_FILE_NOT_FOUND',
    what: `There is no prompt file ${name}.`,
    why: cause.code === 'ENOENT' ? undefined : cause.message,
    cause,
    fix: 'create it, or mend the path where it is named.',
  })
}
