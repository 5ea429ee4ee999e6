import path from 'node:path'
import { idOf, type Pin } from './lock.ts'
import { installedManifest } from './packages.ts'

type Texts = Readonly<Record<string, string>>

/** The packages that a site's manager must take, whatever its registry has. */
export interface Chosen {
  /** Ours, which no registry has: name → `file:` and the tarball. */
  readonly tarballs: Texts
  readonly pins: readonly Pin[]
}

/**
 * Writes npm's overrides. Each holds at any depth below its package, and the nearest one wins. So a package of which
 * the site gets one version stands at the top, and others stand below each package that asks for them.
 */
export function npmOverrides({ tarballs, pins }: Chosen): object {
  const versions = Map.groupBy(pins, ({ name }) => name)
  const isOne = ({ name, version }: Pin): boolean =>
    versions.get(name)?.every((pin) => pin.version === version) ?? false
  const below = (parent: string, value: string): object | string => {
    const children = pins.filter((pin) => pin.parent && idOf(pin.parent) === parent && !isOne(pin))
    return children.length === 0 ? value : { '.': value, ...entries(children) }
  }
  const entries = (some: readonly Pin[]): object =>
    Object.fromEntries(some.map((pin) => [pin.name, below(idOf(pin), pin.version)]))
  const ours = Object.entries(tarballs).map(([name, file]) => [name, below(name, file)] as const)
  return {
    ...entries(pins.filter((pin) => !pin.parent || isOne(pin))),
    ...Object.fromEntries(ours),
  }
}

/** Writes pnpm's overrides. */
export function pnpmOverrides({ tarballs, pins }: Chosen): Texts {
  return { ...tarballs, ...perParent(pins, (parent) => `${idOf(parent)}>`) }
}

/**
 * Writes Yarn's resolutions. They leave out the version of the parent, to which Yarn adds an address where the
 * registry's tarballs have unusual ones.
 */
export function yarnResolutions({ tarballs, pins }: Chosen): Texts {
  // Yarn adds the latest node-gyp to each package with a script that calls it, even one that it never runs.
  const none = { 'node-gyp': 'link:./no-node-gyp' }
  return { ...tarballs, ...perParent(pins, (parent) => `${parent.name}/`), ...none }
}

/**
 * Writes Yarn 1's resolutions. Yarn 1 requires each package that they name, and fails if one is for another platform:
 * optional packages stand in the lockfile instead. It fetches those of all platforms before it leaves out the others,
 * hundreds of megabytes: {@link yarn1Stubs} take their place.
 */
export async function yarn1Resolutions({ tarballs, pins }: Chosen): Promise<Texts> {
  const needed = pins.filter(({ optional }) => !optional)
  const others = await ofOtherPlatforms(pins)
  const stubs = others.map(({ name }) => [`**/${name}`, `file:./${stubOf(name)}`])
  return {
    ...tarballs,
    ...perParent(needed, (parent) => `**/${parent.name}/`),
    ...(Object.fromEntries(stubs) as Texts),
  }
}

/** Packages that hold nothing, for those of other platforms. */
export async function yarn1Stubs({ pins }: Chosen): Promise<Texts> {
  const others = await ofOtherPlatforms(pins)
  const stubs = others.map(({ name, version }) => [
    `${stubOf(name)}/package.json`,
    JSON.stringify({ name, version }),
  ])
  return Object.fromEntries(stubs) as Texts
}

async function ofOtherPlatforms(pins: readonly Pin[]): Promise<Pin[]> {
  const optional = pins.filter((pin) => pin.optional)
  const isOther = await Promise.all(
    optional.map(async (pin) => (await installedManifest(pin)) === undefined),
  )
  return optional.filter((_, index) => isOther[index])
}

function stubOf(name: string): string {
  return `other-platforms/${name}`
}

/** Writes Yarn 1's lockfile, of the optional packages only; Yarn 1 adds the others. */
export async function yarn1Lock({ pins }: Chosen, registry: string): Promise<string> {
  const entries = pins.map(async ({ parent, name, version, optional }) => {
    const manifest = parent && optional ? await installedManifest(parent) : undefined
    const range = manifest?.optionalDependencies?.[name]
    // Yarn 1 takes an exact version anyway.
    if (range === undefined || range === version) return ''
    const file = `${registry}/${name}/-/${path.basename(name)}-${version}.tgz`
    return `"${name}@${range}":\n  version "${version}"\n  resolved "${file}"\n\n`
  })
  return (await Promise.all(entries)).join('')
}

/** Pins the dependencies of each package; the prefix names the package as a manager wants it. */
function perParent(
  pins: readonly Pin[],
  prefix: (parent: NonNullable<Pin['parent']>) => string,
): Texts {
  const chosen: Record<string, string> = {}
  for (const { parent, name, version } of pins) {
    if (!parent) continue
    const key = `${prefix(parent)}${name}`
    // Only pnpm's prefix tells two versions of a package apart.
    if ((chosen[key] ??= version) !== version) throw new Error(`"${key}" names two versions.`)
  }
  return chosen
}
