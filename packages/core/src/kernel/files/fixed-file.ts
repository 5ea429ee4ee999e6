// oxlint-disable-next-line no-restricted-imports -- the gate itself.
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'

/** No pipe is waited for; Windows has none. */
const OPEN = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * The text of a file whose path is fixed, such as `.env`: data can't choose it, and a link is its owner's choice.
 * `undefined` where there is no regular file, where it can't be read, or where it is larger. Hosts load this
 * when they begin; the gate to all other files is `files.ts`.
 * @param most In bytes.
 */
export function readFixedFile(file: string, most: number): string | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, OPEN)
    const stats = fstatSync(descriptor)
    return stats.isFile() && stats.size <= most ? readFileSync(descriptor, 'utf8') : undefined
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}
