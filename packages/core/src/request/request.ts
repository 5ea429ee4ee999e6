import type { ImageSpec } from '../declaration/spec.ts'

/**
 * All that decides what a model will draw, and nothing else: no path, no alternative text, no
 * option of ours. Two specs with the same request share one picture.
 *
 * A type and not an interface, so that it is assignable to a JSON object.
 */
export type ImageRequest = {
  readonly prompt: string
  /** As declared: an alias stays an alias, so that moving it changes no fingerprint. */
  readonly model: string
  readonly aspectRatio: string
  readonly size: string
}

/** The request of a spec. */
export function toRequest({ prompt, model, aspectRatio, size }: ImageSpec): ImageRequest {
  return { prompt, model, aspectRatio, size }
}
