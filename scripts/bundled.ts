import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Packages that are bundled, with all that they need: name → folder. */
export type Bundled = ReadonlyMap<string, string>

/** @param from A file of the package that bundles it. */
export function bundledWith(name: string, from: string): Bundled {
  const manifest = manifestOf(name, from)
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly dependencies?: Readonly<Record<string, string>>
  }
  const needed = Object.keys(dependencies).flatMap((one) => [...bundledWith(one, manifest)])
  return new Map([[name, path.dirname(manifest)], ...needed])
}

/** Not every package lets its manifest be resolved. */
function manifestOf(name: string, from: string): string {
  const folders = createRequire(from).resolve.paths(name) ?? []
  const manifests = folders.map((folder) => path.join(folder, name, 'package.json'))
  const found = manifests.find((file) => existsSync(file))
  if (found === undefined) throw new Error(`${name} is not installed for ${from}`)
  return realpathSync(found)
}

/** Matches the modules of packages. */
export function modulesOf(packages: readonly string[]): RegExp {
  const names = packages.map((name) => name.replaceAll('.', '\\.').replaceAll('/', '[\\\\/]'))
  return new RegExp(`[\\\\/]node_modules[\\\\/](?:${names.join('|')})[\\\\/]`)
}

/** The licences of the packages that some modules are of: they go wherever their code goes. */
export function licencesFor(modules: readonly string[], bundled: Bundled): string {
  const used = [...bundled].filter(([name]) => modules.some((id) => modulesOf([name]).test(id)))
  return used.map(([name, folder]) => `/*! ${name}\n${licenceIn(folder)}*/\n`).join('')
}

function licenceIn(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name))
  if (file === undefined) throw new Error(`There is no licence in ${folder}`)
  return readFileSync(path.join(folder, file), 'utf8')
}
