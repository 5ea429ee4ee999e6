import type { DeclarationId } from '../declare/declaration-id.ts'
import type { Place } from '../kernel/place.ts'
import type { ReferenceSpec } from '../declare/reference.ts'
import type { JudgedSpec } from '../declare/spec.ts'
import type { ModelRow } from '../providers/models/model.ts'
import type { ReferenceImage } from '../providers/reference-image.ts'
import type { RequestReference } from '../providers/request.ts'
import { toSteps, type Step, type Steps } from './step.ts'

/** A declaration that was read and judged. */
export interface JudgedDeclaration extends JudgedSpec {
  readonly id: DeclarationId
  /** Absolute path of the file that declares it. */
  readonly file: string
  readonly name: string
  readonly place: Place
}

/** A declaration with all that follows from it and from the images that it refers to. */
export interface Declared extends JudgedDeclaration, Steps {
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
  /** Absolute paths of the files, besides the declaring one, that decide what it shows. */
  readonly inputs: readonly string[]
}

/** A reference image as far as it is known. */
export type LinkedReference =
  | { readonly kind: 'known'; readonly image: ReferenceImage; readonly inputs: readonly string[] }
  | { readonly kind: 'declared'; readonly spec: ReferenceSpec; readonly waitsFor: Declared }
  | { readonly kind: 'remote'; readonly spec: ReferenceSpec }

/** Joins a judged declaration with its reference images. */
export function toDeclared(
  judged: JudgedDeclaration,
  references: readonly LinkedReference[],
): Declared {
  const { id, file, name, place, spec, models, pixels, styleFiles } = judged
  const links = references.length === 0 ? NO_LINKS : linksOf(references)
  const { variants, result } = toSteps(judged, links.requested)
  // Field by field: a spread is slower, and plans have thousands of declarations.
  return {
    id,
    file,
    name,
    place,
    spec,
    models,
    pixels,
    styleFiles,
    variants,
    result,
    model: models[0],
    fingerprint: result.fingerprint,
    references: links.references,
    waitsFor: links.waitsFor,
    waitsForRemotes: links.waitsForRemotes,
    inputs: references.length === 0 ? styleFiles : [...styleFiles, ...links.inputs],
  }
}

/** What follows from the reference images of a declaration. */
interface Links extends Pick<Declared, 'references' | 'waitsFor' | 'waitsForRemotes' | 'inputs'> {
  readonly requested: readonly RequestReference[]
}

const NO_LINKS: Links = {
  requested: [],
  references: [],
  waitsFor: [],
  waitsForRemotes: [],
  inputs: [],
}

function linksOf(references: readonly LinkedReference[]): Links {
  const images = references.flatMap((one) => (one.kind === 'known' ? one.image : []))
  return {
    requested: references.map(toRequestReference),
    references: images.length === references.length ? images : [],
    waitsFor: references.flatMap((one) => (one.kind === 'declared' ? one.waitsFor : [])),
    waitsForRemotes: references.flatMap((one) => (one.kind === 'remote' ? one.spec : [])),
    inputs: references.flatMap(inputsOf),
  }
}

/** A step and all that come before it, in order. */
export function chainOf(step: Step): readonly Step[] {
  return step.after ? [...chainOf(step.after), step] : [step]
}

/** All steps of a declaration, each once. */
export function stepsOf({ variants, result }: Steps): readonly Step[] {
  // Most declarations have one step, and plans have thousands of declarations.
  if (variants.length === 1 && variants[0] === result) return variants
  return [...new Set([...variants, ...chainOf(result)])]
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

function inputsOf(reference: LinkedReference): readonly string[] {
  if (reference.kind === 'known') return reference.inputs
  return reference.kind === 'declared'
    ? [reference.waitsFor.file, ...reference.waitsFor.inputs]
    : []
}
