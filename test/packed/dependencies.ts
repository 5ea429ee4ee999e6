import path from 'node:path'
import { packageOf, readImports, type Asked } from './imports.ts'
import type { Manifest, Packed } from './packages.ts'

/** A package, and what each of its files imports. */
export interface Read {
  readonly manifest: Manifest
  readonly imports: ReadonlyMap<string, Asked>
}

/** Reads the imports of a package's files. */
export function readPackage({ manifest, files }: Packed): Read {
  const imports = Array.from(files, ([name, text]) => [name, readImports(name, text)] as const)
  return { manifest, imports: new Map(imports) }
}

/** How a package's manifest and its files differ: one line for each difference. */
export function dependencyFaults({ manifest, imports }: Read, ours: readonly Read[]): string[] {
  const faults: string[] = []
  const wanted = new Map<string, string>()
  for (const [file, { specifiers }] of imports) {
    for (const specifier of specifiers) {
      const lost = specifier.startsWith('.') && !imports.has(fileOf(file, specifier))
      if (lost) faults.push(`${fileOf(file, specifier)} is not packed: ${file} imports it`)
      const names = [packageOf(specifier), ...peersBehind(specifier, ours)]
      for (const name of names) if (name !== undefined) wanted.set(name, `${file}, ${specifier}`)
    }
  }
  wanted.delete(manifest.name)
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies }
  for (const [name, where] of wanted) {
    if (!(name in declared)) faults.push(`${name} is missing: ${where}`)
  }
  for (const name of Object.keys(declared)) {
    if (!wanted.has(name) && !isNamed(name, { manifest, imports })) faults.push(`${name} is unused`)
  }
  return faults.toSorted()
}

/** Whether an optional peer is loaded by a name in a variable. */
function isNamed(name: string, { manifest, imports }: Read): boolean {
  if (!manifest.peerDependenciesMeta?.[name]?.optional) return false
  return [...imports.values()].some(({ texts }) => texts.has(name))
}

/** The peers of a package of ours that are loaded with an entry: who imports it has to have them. */
function peersBehind(specifier: string, ours: readonly Read[]): string[] {
  const target = ours.find(({ manifest }) => manifest.name === packageOf(specifier))
  if (!target) return []
  const { name, peerDependencies = {} } = target.manifest
  const loaded = [...loadedWith(specifier, target)].filter((other) => packageOf(other) !== name)
  const wanted = loaded.flatMap((other) => [packageOf(other), ...peersBehind(other, ours)])
  return wanted.filter((other) => other !== undefined && other in peerDependencies) as string[]
}

/** What an entry's files import from outside their package, code and types. */
function loadedWith(specifier: string, { manifest, imports }: Read): Set<string> {
  const target = manifest.exports[`.${specifier.slice(manifest.name.length)}`]
  // Under whichever conditions.
  const paths = JSON.stringify(target ?? null).matchAll(/"\.\/([^"]+)"/g)
  const files = new Set(Array.from(paths, ([, file = '']) => [file, typesOf(file)]).flat())
  const outside = new Set<string>()
  // What is added while the loop runs is looped over, too.
  for (const file of files) {
    for (const other of imports.get(file)?.specifiers ?? []) {
      if (other.startsWith('.')) files.add(fileOf(file, other))
      else outside.add(other)
    }
  }
  return outside
}

/** The packed file that a relative import means. TypeScript reads the declarations beside a module. */
function fileOf(importer: string, specifier: string): string {
  const file = path.posix.join(path.posix.dirname(importer), specifier)
  return importer.endsWith('.d.ts') ? typesOf(file) : file
}

function typesOf(file: string): string {
  return file.replace(/\.js$/, '.d.ts')
}
