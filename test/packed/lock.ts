import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parse } from 'yaml'
import { WORKSPACE } from './packages.ts'

type Versions<Version> = Readonly<Record<string, Version>>
type Meta = Readonly<Record<string, { readonly optional?: boolean }>>

/** `pnpm-lock.yaml`, as far as these tests read it. */
export interface Lock {
  /** The workspace's packages, by their folders. */
  readonly importers: Versions<{
    readonly dependencies?: Versions<{ readonly version: string }>
    readonly devDependencies?: Versions<{ readonly version: string }>
  }>
  readonly packages: Versions<{ readonly peerDependenciesMeta?: Meta }>
  /** By name and version, with the peers that they were resolved with in parentheses. */
  readonly snapshots: Versions<{
    readonly dependencies?: Versions<string>
    readonly optionalDependencies?: Versions<string>
  }>
}

/** Reads the workspace's lockfile, the one source of the versions that sites install. */
export async function readLock(): Promise<Lock> {
  return parse(await readFile(path.join(WORKSPACE, 'pnpm-lock.yaml'), 'utf8')) as Lock
}

/** A package, and the version of it that another one gets. */
export interface Pin {
  /** The one that gets it; none if the site itself does. Our own packages have no version here. */
  readonly parent?: { readonly name: string; readonly version?: string }
  readonly name: string
  readonly version: string
  /** The parent works without it, for example on other platforms. */
  readonly optional: boolean
}

/** Names a version of a package as the lockfile does: `name@version`. */
export function idOf({
  name,
  version,
}: {
  readonly name: string
  readonly version?: string
}): string {
  return version === undefined ? name : `${name}@${version}`
}

/** All packages of a site, in the versions that the workspace has. */
export interface Closure {
  readonly pins: readonly Pin[]
  /** The names of our own packages, which no pin is about. */
  readonly ours: ReadonlySet<string>
}

/**
 * Follows the packages that a site asks for to everything that they depend on.
 *
 * @param names - Dependencies of `test/package.json`.
 * @throws Error if the lockfile does not have one of them.
 */
export function closureOf(names: readonly string[], lock: Lock): Closure {
  const { devDependencies = {} } = lock.importers['test'] ?? {}
  const edges = names.map((name): Pin => ({
    name,
    version: devDependencies[name]?.version ?? '',
    optional: false,
  }))
  const seen = new Set<string>()
  // What is added while the loop runs is looped over, too.
  for (const { name, version } of edges) {
    const key = isOurs(version) ? `packages/${path.basename(version)}` : idOf({ name, version })
    if (seen.has(key)) continue
    seen.add(key)
    const parent = isOurs(version) ? { name } : { name, version: withoutPeers(version) }
    edges.push(...dependenciesOf(key, lock).map((edge) => ({ parent, ...edge })))
  }
  const others = edges.filter(({ version }) => !isOurs(version))
  return {
    pins: agreed(others.map((edge) => ({ ...edge, version: withoutPeers(edge.version) }))),
    ours: new Set(edges.filter(({ version }) => isOurs(version)).map(({ name }) => name)),
  }
}

/** A package's dependencies. No manager installs an optional peer by itself. */
function dependenciesOf(key: string, lock: Lock): Pin[] {
  const own = Object.entries(lock.importers[key]?.dependencies ?? {})
  if (own.length > 0) return own.map(([name, { version }]) => ({ name, version, optional: false }))
  const snapshot = lock.snapshots[key]
  if (!snapshot) throw new Error(`pnpm-lock.yaml does not have ${key}.`)
  const { dependencies = {}, optionalDependencies = {} } = snapshot
  const peers = lock.packages[withoutPeers(key)]?.peerDependenciesMeta
  const needed = Object.entries(dependencies)
  const optional = Object.entries(optionalDependencies).filter(([name]) => !peers?.[name]?.optional)
  return [
    ...needed.map(([name, version]) => ({ name, version, optional: false })),
    ...optional.map(([name, version]) => ({ name, version, optional: true })),
  ]
}

/** Each pin once. Where a package gets several versions of a peer, those around it decide. */
function agreed(pins: readonly Pin[]): Pin[] {
  const groups = Map.groupBy(pins, ({ parent, name }) => `${parent && idOf(parent)}>${name}`)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first && others.every(({ version }) => version === first.version) ? [first] : [],
  )
}

function isOurs(version: string): boolean {
  return version.startsWith('link:')
}

function withoutPeers(version: string): string {
  return version.replace(/\(.*$/, '')
}
