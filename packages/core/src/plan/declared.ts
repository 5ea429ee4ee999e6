import type { DeclarationId } from '../declare/declaration.ts'
import type { ByLanguage } from '../declare/languages.ts'
import type { Place } from '../kernel/place.ts'
import type { ReferenceSpec } from '../declare/reference.ts'
import type { ValidatedSpec } from '../declare/spec.ts'
import type { ModelRow } from '../providers/models/model.ts'
import type { ReferenceImage } from '../providers/provider.ts'
import type { RequestReference } from '../providers/request.ts'
import { toSteps, type Step, type Steps } from './step.ts'

/** A declaration that was read and validated. */
export interface ValidatedDeclaration extends ValidatedSpec {
  readonly id: DeclarationId
  /** Absolute path of the file that declares it. */
  readonly file: string
  readonly name: string
  readonly place: Place
  /** What is shown in its place, by language, where its id is of all languages; `undefined` for a picture. */
  readonly languages?: ByLanguage | undefined
}

/** A declaration with all that follows from it and from the images that it refers to. */
export interface Declared extends ValidatedDeclaration, Steps {
  /** The catalogue's row of the first model to ask. */
  readonly model: ModelRow
  /** The fingerprint of its picture; a provisional one, which nothing can pin, while it waits. */
  readonly fingerprint: string
  /** Its reference images, in order; empty while it waits. */
  readonly references: readonly ReferenceImage[]
  /** Declarations that it refers to and that have no picture yet. */
  readonly waitsFor: readonly Declared[]
  /** Remote images that it refers to and that are not pinned yet. */
  readonly waitsForRemotes: readonly ReferenceSpec[]
  /** The declarations whose pictures it refers to, generated or not. */
  readonly refersTo: readonly Declared[]
  /** Absolute paths of the files that it names itself: styles, reference images, prompt files. */
  readonly ownInputs: readonly string[]
  /**
   * Absolute paths of the files, besides the declaring one, that decide what it shows. Gathered whenever they
   * are asked for: kept for each declaration, they would grow with the square of a chain of references.
   */
  readonly inputs: readonly string[]
}

/** A reference image as far as it is known. */
export type LinkedReference =
  | {
      readonly kind: 'known'
      readonly image: ReferenceImage
      /** The declaration that it is the picture of. */
      readonly declared?: Declared
      /** Absolute path of the file that shows or declares it; `undefined` for a remote image. */
      readonly file: string | undefined
    }
  | { readonly kind: 'declared'; readonly spec: ReferenceSpec; readonly waitsFor: Declared }
  | { readonly kind: 'remote'; readonly spec: ReferenceSpec }

export function toDeclared(
  validated: ValidatedDeclaration,
  references: readonly LinkedReference[],
): Declared {
  const { id, file, name, place, languages, spec, models, pixels, takesShape, sources } = validated
  const links = references.length === 0 ? NO_LINKS : linksOf(references)
  const { variants, result } = toSteps(validated, links.requested)
  // Field by field: a spread is slower, and plans have thousands of declarations.
  return {
    id,
    file,
    name,
    place,
    languages,
    spec,
    models,
    pixels,
    takesShape,
    sources,
    variants,
    result,
    model: models[0],
    fingerprint: result.fingerprint,
    references: links.references,
    waitsFor: links.waitsFor,
    waitsForRemotes: links.waitsForRemotes,
    refersTo: links.refersTo,
    ownInputs: references.length === 0 ? sources : [...sources, ...links.files],
    get inputs() {
      return inputsOf([this])
    },
  }
}

interface Links extends Pick<Declared, 'references' | 'waitsFor' | 'waitsForRemotes' | 'refersTo'> {
  readonly requested: readonly RequestReference[]
  readonly files: readonly string[]
}

const NO_LINKS: Links = {
  requested: [],
  references: [],
  waitsFor: [],
  waitsForRemotes: [],
  refersTo: [],
  files: [],
}

function linksOf(references: readonly LinkedReference[]): Links {
  const images = references.flatMap((one) => (one.kind === 'known' ? one.image : []))
  return {
    requested: references.map(toRequestReference),
    references: images.length === references.length ? images : [],
    waitsFor: references.flatMap((one) => (one.kind === 'declared' ? one.waitsFor : [])),
    waitsForRemotes: references.flatMap((one) => (one.kind === 'remote' ? one.spec : [])),
    refersTo: references.flatMap((one) => declaredOf(one) ?? []),
    files: references.flatMap((one) => fileOf(one) ?? []),
  }
}

/** The files, besides the declaring ones, that decide what declarations show, each once. */
export function inputsOf(all: readonly Declared[]): readonly string[] {
  const files = new Set<string>()
  const reached = new Set(all)
  // A set goes on to what is added while it is walked through.
  for (const { ownInputs, refersTo } of reached) {
    for (const file of ownInputs) files.add(file)
    for (const other of refersTo) reached.add(other)
  }
  return [...files]
}

/** A step and all that come before it, in order. */
export function chainOf(step: Step): readonly Step[] {
  const chain: Step[] = []
  for (let one: Step | undefined = step; one; one = one.after) chain.push(one)
  return chain.toReversed()
}

/** All steps of a declaration, each once. */
export function stepsOf({ variants, result }: Steps): readonly Step[] {
  // Most declarations have one step, and plans have thousands of declarations.
  if (variants.length === 1 && variants[0] === result && !result.after) return variants
  return [...new Set([...variants, result].flatMap(chainOf))]
}

function toRequestReference(reference: LinkedReference): RequestReference {
  const { as, label } = reference.kind === 'known' ? reference.image : reference.spec
  const sha256 =
    reference.kind === 'known'
      ? reference.image.sha256
      : // Nothing hashes to this, so a provisional fingerprint is never in a lockfile.
        `to be: ${reference.kind === 'declared' ? reference.waitsFor.fingerprint : reference.spec.target}`
  return { sha256, ...(as && { as }), ...(label !== undefined && { label }) }
}

function declaredOf(reference: LinkedReference): Declared | undefined {
  if (reference.kind === 'known') return reference.declared
  return reference.kind === 'declared' ? reference.waitsFor : undefined
}

function fileOf(reference: LinkedReference): string | undefined {
  if (reference.kind === 'known') return reference.file
  return reference.kind === 'declared' ? reference.waitsFor.file : undefined
}
