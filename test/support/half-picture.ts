import { hash } from 'node:crypto'
import type { Site } from './site.ts'

/**
 * Cuts a stored picture in half, and pins that: as older versions did with what came in part.
 * @param file Its name in the store.
 * @returns The name of the half.
 */
export async function pinHalf(site: Site, file: string): Promise<string> {
  const whole = await site.bytes(`.gemini-image/${file}`)
  const half = whole.subarray(0, whole.length >> 1)
  const [before, after] = [hash('sha256', whole), hash('sha256', half)]
  const name = file.replace(before.slice(0, 12), after.slice(0, 12))
  const lock = await site.read('gemini-image.lock')
  await site.write('gemini-image.lock', lock.replaceAll(before, after).replaceAll(file, name))
  await site.write(`.gemini-image/${name}`, half)
  await site.remove(`.gemini-image/${file}`)
  return name
}
