import type { ImageRequest } from '../request.ts'

const INT32 = 2 ** 32

/** The seed to send: each variant has one of its own, so that they differ and can be drawn again. */
export function seedOf({ seed, variant = 1 }: ImageRequest): number | undefined {
  if (seed === undefined) return undefined
  const next = seed + variant - 1
  return next > 0x7fffffff ? next - INT32 : next
}
