import { z } from 'zod'
import type { ReferenceFacts } from '../providers/provider.ts'
import { SHA_256 } from './lock-entry.ts'

/** What the lockfile pins for the address of a reference image. */
export interface RemotePin {
  /** SHA-256 of its bytes, in hex. */
  readonly object: string
  readonly type: ReferenceFacts['type']
  /** Size, in bytes. */
  readonly size: number
}

/** What a pin must hold. Whatever else it holds is kept. */
export const remotePinSchema: z.ZodType<RemotePin> = z.object({
  object: z.string().regex(SHA_256),
  type: z.enum(['image/jpeg', 'image/png', 'image/webp']),
  size: z.number().int().nonnegative(),
})
