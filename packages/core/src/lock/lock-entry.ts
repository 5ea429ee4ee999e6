import { z } from 'zod'

/** 64 hexadecimal digits. */
export const SHA_256: RegExp = /^[0-9a-f]{64}$/

/**
 * A pinned result. Unknown keys are kept, so that an older gemini-image never drops what a newer
 * one wrote.
 */
export const lockEntrySchema: z.ZodType<LockEntry> = z.looseObject({
  // A plain name: an entry can never point out of the store.
  file: z.string().regex(/^[a-z0-9][a-z0-9.-]*\.(?:jpg|png|webp)$/),
  object: z.string().regex(SHA_256),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  model: z.string(),
  cost: z.number().nonnegative(),
  tokens: z.looseObject({
    input: z.number().int().nonnegative(),
    image: z.number().int().nonnegative(),
    text: z.number().int().nonnegative(),
  }),
  created: z.string(),
})

/** The media types that a store holds. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp'

/** What the lockfile pins for one fingerprint. */
export interface LockEntry {
  /** The object's name in the store: `hero.0123456789ab.jpg`. */
  readonly file: string
  /** SHA-256 of its bytes, in hex. */
  readonly object: string
  /** Media type, read from the bytes. */
  readonly type: ImageType
  /** Width, in pixels, read from the bytes. */
  readonly width: number
  /** Height, in pixels, read from the bytes. */
  readonly height: number
  /** The model that answered. */
  readonly model: string
  /** What the call cost, in US dollars, from Google's own token count. */
  readonly cost: number
  readonly tokens: { readonly input: number; readonly image: number; readonly text: number }
  /** When the picture landed: an ISO 8601 date and time, UTC, to the second. */
  readonly created: string
}
