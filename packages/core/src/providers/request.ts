import { backgroundInstruction, backgroundReminder } from '../pixels/cut-out/instruction.ts'
import type { ReferenceRole, Safety } from '../declare/settings.ts'
import type { ImageSpec, TransparentSpec, TurnSpec } from '../declare/spec.ts'
import type { ThinkingLevel } from './models/model.ts'

/**
 * All that decides what a model will draw in one call, and nothing else: no path, no alternative
 * text, no option of ours. Two specs with the same request share one picture. What is not declared
 * is absent, so that a setting added to the language changes no fingerprint.
 *
 * A type and not an interface, so that it is assignable to a JSON object.
 */
export type ImageRequest = {
  readonly prompt: string
  /** As declared: an alias stays an alias, so that moving it changes no fingerprint. */
  readonly model: string
  readonly aspectRatio: string
  readonly size: string
  readonly references?: readonly RequestReference[]
  readonly system?: string
  readonly seed?: number
  readonly temperature?: number
  readonly safety?: Safety
  readonly thinking?: ThinkingLevel
  readonly grounding?: { readonly web?: true; readonly images?: true }
  readonly output?: 'text-and-image'
  /** The subject is cut out; the prompt and the turns ask for a background of this colour. */
  readonly transparent?: { readonly key: string }
  /** The number of a variant, from 2; the first is the plain request. */
  readonly variant?: number
  /** The turns so far; the picture is that of the last. */
  readonly turns?: readonly RequestTurn[]
}

/** A reference image: what it shows counts, not where it lies. */
export type RequestReference = {
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string
  readonly as?: ReferenceRole
  readonly label?: string
}

/** One further instruction. */
export type RequestTurn = {
  readonly prompt: string
  readonly aspectRatio: string
  readonly size: string
}

/** What is asked last: the last turn, or the request itself where there is none. */
export function lastTurn(request: ImageRequest): RequestTurn {
  return request.turns?.at(-1) ?? request
}

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
