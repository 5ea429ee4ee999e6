import path from 'node:path'
import { packageOf, readImports } from './imports.ts'
import type { Packed } from './packages.ts'

/** How a package's manifest and its files differ: one line for each difference. */
export function dependencyFaults(packed: Packed, all: readonly Packed[]): string[] {
  const { manifest, files } = packed
  const imported = new Map<string, string>()
  const texts = new Set<string>()
  const faults: string[] = []
  for (const [name, text] of files) {
    const asked = readImports(name, text)
    for (const word of asked.texts) texts.add(word)
    for (const specifier of asked.specifiers) {
      if (specifier.startsWith('.')) faults.push(...lostFile(files, name, specifier))
      const wanted = packageOf(specifier)
      if (wanted !== undefined && wanted !== manifest.name) imported.set(wanted, name)
    }
  }
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  for (const [wanted, file] of imported) {
    if (!(wanted in declared)) faults.push(`${wanted} is missing: ${file} imports it`)
  }
  const handedOn = peersOfOurs(manifest.dependencies ?? {}, all)
  for (const name of Object.keys(declared)) {
    const optional = manifest.peerDependenciesMeta?.[name]?.optional && texts.has(name)
    if (!imported.has(name) && !handedOn.has(name) && !optional) faults.push(`${name} is unused`)
  }
  return faults.toSorted()
}

/** What the packages of ours that a package depends on want beside them. */
function peersOfOurs(
  dependencies: Readonly<Record<string, string>>,
  all: readonly Packed[],
): Set<string> {
  const ours = all.filter(({ name }) => name in dependencies)
  return new Set(ours.flatMap(({ manifest }) => Object.keys(manifest.peerDependencies ?? {})))
}

function lostFile(files: Packed['files'], name: string, specifier: string): string[] {
  const file = path.posix.join(path.posix.dirname(name), specifier)
  // TypeScript reads the declarations beside a module.
  const wanted = name.endsWith('.d.ts') ? file.replace(/\.js$/, '.d.ts') : file
  return files.has(wanted) ? [] : [`${wanted} is not packed: ${name} imports it`]
}
