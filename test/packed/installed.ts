import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import type { Site } from '../support/site.ts'

/** The packages in a site's `node_modules`, each as `name@version`. */
export async function inModules(site: Site): Promise<Set<string>> {
  const entries = await readdir(site.path('node_modules'), { recursive: true, withFileTypes: true })
  const manifests = entries
    .filter(({ name, parentPath }) => name === 'package.json' && PACKAGE.test(parentPath))
    .map(async ({ parentPath }) => {
      const text = await readFile(path.join(parentPath, 'package.json'), 'utf8')
      const { name, version } = JSON.parse(text) as { name: string; version: string }
      return `${name}@${version}`
    })
  return new Set(await Promise.all(manifests))
}

/** A package's own folder. */
const PACKAGE = /[\\/]node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+$/

/**
 * The packages in the lockfile that Yarn wrote: Plug'n'Play has no `node_modules`. Each is named as it was asked for,
 * so that a range which nothing pinned is no version of the workspace's lockfile.
 */
export async function inYarnLock(site: Site): Promise<Set<string>> {
  const { __metadata, ...entries } = parse(await site.read('yarn.lock')) as Record<string, Locked>
  const asked = Object.entries(entries).flatMap(([keys, { version }]) =>
    keys.split(', ').map((key) => {
      const [, name, protocol, range] = /^(.[^@]*)@(\w+):(.*)/.exec(key) ?? []
      if (protocol === 'workspace' || protocol === 'link') return undefined
      return `${name}@${protocol === 'npm' ? range : version}`
    }),
  )
  return new Set(asked.filter((id) => id !== undefined))
}

/** An entry of Yarn's lockfile, as far as it is read here. */
interface Locked {
  readonly version: string
}
