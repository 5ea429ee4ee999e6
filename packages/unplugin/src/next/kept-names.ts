import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import type { NextConfig } from 'next'

// With `experimental.turbopackFileSystemCacheForBuild`, Turbopack keeps modules from one build to the next, and resolves
// what they name before any loader runs. The files in our cache that they name go with `npm ci`.

/** Beside what Turbopack keeps, so that both are restored or deleted together. */
const NAMES = 'gemini-image.names'

/** Where Turbopack keeps what it has built; `undefined` where it keeps nothing. */
export function keptFolder(
  { experimental, distDir }: NextConfig,
  root: string,
): string | undefined {
  const isKept = experimental?.turbopackFileSystemCacheForBuild === true
  return isKept ? path.join(root, distDir ?? '.next', 'cache') : undefined
}

/** Writes down that what Turbopack keeps names a file. */
export async function keepName(file: string, root: string, kept: string): Promise<void> {
  await mkdir(kept, { recursive: true })
  await appendFile(path.join(kept, NAMES), `${path.relative(root, file)}\n`)
}

/** Deletes what Turbopack keeps if it names a file that is gone. @returns whether it did. */
export async function forgetLost(root: string, kept: string): Promise<boolean> {
  const names = path.join(kept, NAMES)
  const text = await readFile(names, 'utf8').catch(() => '')
  const named = new Set(text.split('\n').filter(Boolean))
  if ([...named].every((file) => existsSync(path.resolve(root, file)))) return false
  await rm(path.join(kept, 'turbopack'), { recursive: true, force: true })
  await rm(names, { force: true })
  return true
}
