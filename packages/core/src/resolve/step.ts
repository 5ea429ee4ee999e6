import type { ImageSpec, JudgedSpec } from '../declaration/spec.ts'
import { pixelsOf } from '../models/line-up.ts'
import type { Pixels } from '../models/pixels.ts'
import { estimateCost, type CallSize, type Estimate } from '../models/price.ts'
import { fingerprint } from '../request/fingerprint.ts'
import {
  lastTurn,
  toRequest,
  type Call,
  type ImageRequest,
  type RequestReference,
} from '../request/request.ts'

/** One paid call of a declaration: a variant to choose from, or a turn. */
export interface Step {
  readonly fingerprint: string
  readonly request: ImageRequest
  /** The pixel size that the catalogue promises. */
  readonly pixels: Pixels
  /** What decides its price. */
  readonly size: CallSize
  readonly estimate: Estimate
  /** The step whose picture this one changes. */
  readonly after: Step | undefined
  /** For people: `turn 2 of 3`; empty where a declaration has one step. */
  readonly label: string
  /** The number of the variant, from 1. */
  readonly variant: number
}

/** The steps of a declaration. */
export interface Steps {
  /** What may be drawn to choose from: all variants, or the one that was picked. */
  readonly variants: readonly Step[]
  /** The step whose picture is the declaration's. */
  readonly result: Step
}

/** Pictures of an illustrated text, which nobody can know before: a recipe of four steps. */
const ILLUSTRATIONS = 4

/** The steps of a spec, once its reference images are known. */
export function toSteps(judged: JudgedSpec, references: readonly RequestReference[]): Steps {
  const { spec } = judged
  const { variants: count, pick = 1, turns } = spec
  const isChoosing = count > 1 && spec.pick === undefined
  const wanted = isChoosing ? Array.from({ length: count }, (_, index) => index + 1) : [pick]
  const variants = wanted.map((variant) => {
    const label = count > 1 ? `variant ${variant} of ${count}` : ''
    return toStep(judged, references, { variant, turns: 0 }, undefined, label)
  })
  let result = variants.find(({ variant }) => variant === pick)
  for (const index of turns.keys()) {
    const label = `turn ${index + 1} of ${turns.length}`
    result = toStep(judged, references, { variant: pick, turns: index + 1 }, result, label)
  }
  if (!result) throw new RangeError(`Variant ${pick} of ${count}`)
  return { variants, result }
}

/** All variants of a declaration, also those that were not picked. */
export function variantsOf(
  judged: JudgedSpec,
  references: readonly RequestReference[],
): readonly Step[] {
  return toSteps({ ...judged, spec: { ...judged.spec, pick: undefined } }, references).variants
}

function toStep(
  { spec, models: [model], pixels }: JudgedSpec,
  references: readonly RequestReference[],
  call: Call,
  after: Step | undefined,
  label: string,
): Step {
  const request = toRequest(spec, references, call)
  const { aspectRatio, size } = lastTurn(request)
  const callSize: CallSize = {
    size,
    characters: countCharacters(spec, request),
    images: references.length + call.turns,
    thinking: spec.thinking,
    withText: spec.output === 'text-and-image',
    // A grounded answer holds text because it must; one picture is what was asked for.
    pictures: spec.output === 'text-and-image' && !spec.grounding ? ILLUSTRATIONS : 1,
    grounded: spec.grounding !== undefined,
  }
  return {
    fingerprint: fingerprint(request),
    request,
    pixels: pixelsOf(model, aspectRatio, size) ?? pixels,
    size: callSize,
    get estimate() {
      return estimateCost(model, callSize)
    },
    after,
    label,
    variant: call.variant,
  }
}

function countCharacters({ system = '' }: ImageSpec, { prompt, turns = [] }: ImageRequest): number {
  return turns.reduce((sum, turn) => sum + turn.prompt.length, prompt.length + system.length)
}
