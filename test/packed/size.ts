import { lstat, readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Site } from '../support/site.ts'

/** What an installation with npm takes. */
export interface Installed {
  readonly bytes: number
  readonly packages: number
}

/** Measures a site's `node_modules`. */
export async function measure(site: Site): Promise<Installed> {
  const lock = JSON.parse(await site.read('node_modules/.package-lock.json')) as {
    readonly packages: object
  }
  const root = site.path('node_modules')
  let bytes = 0
  for (const name of await readdir(root, { recursive: true })) {
    const entry = await lstat(path.join(root, name))
    if (entry.isFile()) bytes += entry.size
  }
  return { bytes, packages: Object.keys(lock.packages).length }
}

/** A measure for people: `45.1 MB in 12 packages`. */
export function describeInstalled({ bytes, packages }: Installed): string {
  return `${(bytes / 1e6).toFixed(1)} MB in ${packages} packages`
}
