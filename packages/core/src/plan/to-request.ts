import type { ImageSpec, TransparentSpec, TurnSpec } from '../declare/spec.ts'
import { backgroundInstruction, backgroundReminder } from '../pixels/cut-out/key-colour.ts'
import type { ImageRequest, RequestReference, RequestTurn } from '../providers/request.ts'

/** What makes one call of a spec. */
export interface Call {
  /** From 1. */
  readonly variant: number
  /** How many of the spec's turns it includes. */
  readonly turns: number
}

/** The request of one call of a spec. */
export function toRequest(
  spec: ImageSpec,
  references: readonly RequestReference[],
  { variant, turns }: Call,
): ImageRequest {
  const { model, aspectRatio, size, transparent } = spec
  const prompt = transparent
    ? `${spec.prompt}\n\n${backgroundInstruction(transparent.key)}`
    : spec.prompt
  const request: { -readonly [Key in keyof ImageRequest]: ImageRequest[Key] } = {
    prompt,
    model,
    aspectRatio,
    size,
  }
  if (references.length > 0) request.references = references
  if (spec.system !== undefined) request.system = spec.system
  if (spec.seed !== undefined) request.seed = spec.seed
  if (spec.temperature !== undefined) request.temperature = spec.temperature
  if (spec.safety) request.safety = spec.safety
  if (spec.thinking) request.thinking = spec.thinking
  if (spec.grounding) request.grounding = toGrounding(spec.grounding)
  if (spec.output === 'text-and-image') request.output = spec.output
  if (transparent) request.transparent = { key: transparent.key }
  if (variant > 1) request.variant = variant
  if (turns > 0) request.turns = spec.turns.slice(0, turns).map((turn) => toTurn(turn, transparent))
  return request
}

function toGrounding({
  web,
  images,
}: NonNullable<ImageSpec['grounding']>): NonNullable<ImageRequest['grounding']> {
  return { ...(web && { web }), ...(images && { images }) }
}

function toTurn(
  { prompt, aspectRatio, size }: TurnSpec,
  transparent: TransparentSpec | undefined,
): RequestTurn {
  const reminder = transparent ? `\n\n${backgroundReminder(transparent.key)}` : ''
  return { prompt: prompt + reminder, aspectRatio, size }
}
