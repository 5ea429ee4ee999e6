import { randomUUID } from 'node:crypto'
import { isGeminiImageError } from '../kernel/errors/error.ts'
import type { LeasableStore } from './shared-store.ts'

/**
 * Whether `create` keeps its word: a random key is created twice, and the second must be refused.
 * There are servers that take the condition and ignore it; on those two machines would both hold a
 * lease, and both would pay.
 * @returns what is wrong, or `undefined`.
 * @throws {GeminiImageError} `STORE_UNAVAILABLE` or `STORE_REFUSED`, where it could not be found out.
 */
export async function findConditionalFault(store: LeasableStore): Promise<string | undefined> {
  const key = `probe/${randomUUID()}`
  try {
    // A first attempt that got lost on its way back says no as well; the second is what counts.
    await store.create(key, Buffer.from('first'))
    if (await store.create(key, Buffer.from('second'))) {
      return 'it takes conditional writes and ignores the condition'
    }
    const stands = await store.get(key)
    return stands && Buffer.from(stands).toString() === 'first'
      ? undefined
      : 'it refused a conditional write and changed the value all the same'
  } catch (error) {
    if (isGeminiImageError(error) && error.code === 'STORE_UNCONDITIONAL') {
      return error.why ?? 'it has no conditional writes'
    }
    throw error
  } finally {
    await store.delete(key).catch(() => undefined)
  }
}
