import { requestedBy } from '../declare/settings.ts'
import type { ImageSpec, ValidatedSpec } from '../declare/spec.ts'
import { backgroundInstruction, backgroundReminder } from '../pixels/cut-out/key-colour.ts'
import {
  type ImageRequest,
  type RequestReference,
  type RequestTurn,
  isOfSeveral,
  isOfText,
  isWithText,
  lastTurn,
  outputsOf,
  shownBy,
} from '../providers/request.ts'
import { pixelsOf } from '../providers/models/line-up.ts'
import type { ModelRow } from '../providers/models/model.ts'
import type { Pixels } from '../pixels/image.ts'
import { estimateCost, type CallSize, type Estimate } from '../providers/models/price.ts'
import { fingerprint } from '../pin/fingerprint.ts'

/** What makes one call of a spec. */
interface Call {
  /** From 1. */
  readonly variant: number
  /** How many of the spec's turns it includes. */
  readonly turns: number
}

/** In the place of the shape of a text, which has none: one text serves pictures of all shapes. */
const NO_SHAPE = { aspectRatio: '1:1', size: '1K' } as const

/** @param references The images of `spec.references`, in the same order. */
export function toRequest(
  spec: ImageSpec,
  references: readonly RequestReference[],
  { variant, turns }: Call,
): ImageRequest {
  const { model, aspectRatio, size } = spec
  const shownIn = (turn: number): Pick<RequestTurn, 'references'> => {
    const shown = references.filter((_, index) => spec.references[index]?.turn === turn)
    return shown.length > 0 ? { references: shown } : {}
  }
  const request: { -readonly [Key in keyof ImageRequest]: ImageRequest[Key] } = {
    prompt: withBackground(spec, 0),
    model,
    ...(spec.output === 'text' ? NO_SHAPE : { aspectRatio, size }),
    ...shownIn(0),
    ...requestedBy(spec),
  }
  if (variant > 1) request.variant = variant
  if (turns > 0) {
    request.turns = spec.turns.slice(0, turns).map((turn, index) => ({
      ...turn,
      ...(turn.output === 'text' && NO_SHAPE),
      prompt: withBackground(spec, index + 1),
      ...shownIn(index + 1),
    }))
  }
  return request
}

/** Whether a question asks for text. @param turn From 1; 0 for the prompt. */
function asksForText({ output, turns }: ImageSpec, turn: number): boolean {
  return (turn === 0 ? output : turns[turn - 1]?.output) === 'text'
}

/** How many questions ask for text before one asks for a picture. */
function textsBeforeDrawing(spec: ImageSpec): number {
  let count = 0
  while (asksForText(spec, count)) count += 1
  return count
}

/**
 * What is asked in a turn, with the background of a subject that is to be cut out: told where it is drawn first, and
 * called to mind wherever it is drawn again.
 * @param turn From 1; 0 for the prompt.
 */
function withBackground(spec: ImageSpec, turn: number): string {
  const { transparent, turns } = spec
  const prompt = turn === 0 ? spec.prompt : (turns[turn - 1]?.prompt ?? '')
  if (!transparent || asksForText(spec, turn)) return prompt
  const tell = turn === textsBeforeDrawing(spec) ? backgroundInstruction : backgroundReminder
  return `${prompt}\n\n${tell(transparent.key)}`
}

/** One paid call of a declaration: a variant to choose from, or a turn. */
export interface Step {
  readonly fingerprint: string
  readonly request: ImageRequest
  /** The pixel size that the catalogue promises. */
  readonly pixels: Pixels
  /** What decides its price. */
  readonly size: CallSize
  readonly estimate: Estimate
  /** The step whose picture this one changes, or from whose text it draws. */
  readonly after: Step | undefined
  /** For people: `turn 2 of 3`; empty where a declaration has one step. */
  readonly label: string
  /** The number of the variant, from 1. */
  readonly variant: number
}

export interface Steps {
  /** The pictures that may be generated to choose from: all variants, or the one that was picked. */
  readonly variants: readonly Step[]
  /** The step whose picture is the declaration's. */
  readonly result: Step
}

/** Pictures of an illustrated text, which nobody can know before: a recipe of four steps. */
const ILLUSTRATIONS = 4

/** The steps of a spec, once its reference images are known. */
export function toSteps(validated: ValidatedSpec, references: readonly RequestReference[]): Steps {
  const { variants: count, pick = 1, turns } = validated.spec
  const first = textsBeforeDrawing(validated.spec)
  const labelOf = (variant: number, turn: number): string => {
    const ofTurn = turn > 0 ? `turn ${turn} of ${turns.length}` : ''
    if (count === 1 || turn > first) return ofTurn
    const ofVariant = `variant ${variant} of ${count}`
    return turn < first ? `text of ${ofVariant}${ofTurn && `, ${ofTurn}`}` : ofVariant
  }
  const toStep = (variant: number, turn: number, after: Step | undefined): Step =>
    new CallStep(validated, references, { variant, turns: turn }, after, labelOf(variant, turn))
  const toVariant = (variant: number): Step => {
    let step = toStep(variant, 0, undefined)
    for (let turn = 1; turn <= first; turn += 1) step = toStep(variant, turn, step)
    return step
  }
  const isChoosing = count > 1 && validated.spec.pick === undefined
  const variants = isChoosing
    ? Array.from({ length: count }, (_, index) => toVariant(index + 1))
    : [toVariant(pick)]
  let result = isChoosing ? variants[pick - 1] : variants[0]
  for (let turn = first + 1; turn <= turns.length; turn += 1) result = toStep(pick, turn, result)
  if (!result) throw new RangeError(`Variant ${pick} of ${count}`)
  return { variants, result }
}

/**
 * All variants of a declaration, also those that were not picked.
 * @param references All that its request shows.
 */
export function variantsOf(
  validated: ValidatedSpec,
  references: readonly RequestReference[],
): readonly Step[] {
  return toSteps({ ...validated, spec: { ...validated.spec, pick: undefined } }, references)
    .variants
}

/** Tells what it costs when it is asked: most steps are pinned. */
class CallStep implements Step {
  readonly fingerprint: string
  readonly request: ImageRequest
  readonly pixels: Pixels
  readonly after: Step | undefined
  readonly label: string
  readonly variant: number
  readonly #model: ModelRow

  constructor(
    { spec, models: [model], pixels }: ValidatedSpec,
    references: readonly RequestReference[],
    call: Call,
    after: Step | undefined,
    label: string,
  ) {
    const request = toRequest(spec, references, call)
    const turn = request.turns?.at(-1)
    this.fingerprint = fingerprint(request)
    this.request = request
    this.pixels = (turn && pixelsOf(model, turn.aspectRatio, turn.size)) ?? pixels
    this.after = after
    this.label = label
    this.variant = call.variant
    this.#model = model
  }

  get size(): CallSize {
    return callSizeOf(this.request)
  }

  get estimate(): Estimate {
    return estimateCost(this.#model, this.size)
  }
}

/** What decides the price of a request. */
export function callSizeOf(request: ImageRequest): CallSize {
  const { turns = [] } = request
  const { size, thinking, grounding } = lastTurn(request)
  const texts = outputsOf(request)
    .slice(0, -1)
    .filter((output) => output === 'text').length
  return {
    size,
    characters: countCharacters(request),
    images: shownBy(request).length + turns.length - texts,
    texts,
    thinking,
    ofText: isOfText(request),
    withText: isWithText(request),
    // A grounded answer holds text because it must; one picture is what was asked for.
    pictures: isOfSeveral(request) && !grounding ? ILLUSTRATIONS : 1,
    grounded: grounding !== undefined,
  }
}

function countCharacters({ prompt, system = '', turns = [] }: ImageRequest): number {
  return turns.reduce((sum, turn) => sum + turn.prompt.length, prompt.length + system.length)
}
