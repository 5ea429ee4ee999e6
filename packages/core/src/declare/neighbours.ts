// oxlint-disable-next-line no-restricted-imports -- looks whether a file is there, and opens none.
import { statSync } from 'node:fs'
import path from 'node:path'
import { exports as exported, legacy } from 'resolve.exports'
import { isBelow } from '../kernel/files/folders.ts'
import {
  LinkedPackages,
  type LinkedPackage,
  type Manifest,
} from '../kernel/files/linked-packages.ts'
import { findImports } from './requests/requests.ts'
import { SOURCE_EXTENSIONS } from './source-files.ts'

/** What bundlers of sites go by in a package's `exports`. */
const CONDITIONS = ['import', 'module', 'browser', 'production', 'svelte', 'astro', 'style', 'sass']
/** How scripts name the files that they are compiled from. */
const COMPILED = /\.([cm]?)jsx?$/

/**
 * The rest of the workspace, as far as a project's source imports it: by the names of linked packages, and by relative
 * paths that lead out of the root. Aliases of bundlers and of TypeScript are not followed.
 */
export class Neighbours {
  readonly #root: string
  readonly #packages: LinkedPackages

  constructor(root: string) {
    this.#root = root
    this.#packages = new LinkedPackages(root)
  }

  /** The specifiers of a file that lead out of the project, or may. Cheap where none does. */
  specifiersIn(text: string, file: string): readonly string[] {
    if (this.#packages.workspace === this.#root) return []
    const linked = this.#packages.of(path.dirname(file))
    const isOutside = !isBelow(this.#root, file)
    const leadsOut = '../'.repeat(path.relative(this.#root, file).split(path.sep).length)
    const mayLead = linked.some(({ name }) => text.includes(name)) || text.includes(leadsOut)
    if (!isOutside && !mayLead) return []
    return findImports(text, file).filter((specifier) =>
      isRelative(specifier)
        ? isOutside || specifier.startsWith(leadsOut)
        : packageOf(specifier, linked) !== undefined,
    )
  }

  /** The absolute path of the file outside of the root that a specifier means; `undefined` where it means another. */
  resolve(specifier: string, importer: string): string | undefined {
    if (this.#packages.workspace === this.#root) return undefined
    const [named = ''] = specifier.split('?', 1)
    const folder = path.dirname(importer)
    if (isRelative(named)) return this.#fileAt(path.join(folder, named))
    const found = packageOf(named, this.#packages.of(folder))
    if (!found) return undefined
    return entriesOf(found.manifest, named.slice(found.name.length + 1))
      .map((entry) => this.#fileAt(path.join(found.folder, entry)))
      .find((file) => file !== undefined)
  }

  #fileAt(named: string): string | undefined {
    if (isBelow(this.#root, named) || !this.#packages.holds(named)) return undefined
    return candidatesFor(named).find((file) => statSync(file, { throwIfNoEntry: false })?.isFile())
  }
}

function isRelative(specifier: string): boolean {
  return /^\.\.?\//.test(specifier)
}

/** The package that a specifier names. */
function packageOf(specifier: string, linked: readonly LinkedPackage[]): LinkedPackage | undefined {
  return linked.find(({ name }) => specifier === name || specifier.startsWith(`${name}/`))
}

/** What a package gives for a path in it, from its folder. @param subpath Empty for the package itself. */
function entriesOf(manifest: Manifest, subpath: string): readonly string[] {
  if (manifest['exports'] === undefined) {
    if (subpath !== '') return [subpath]
    const main = legacy(manifest, { browser: false, fields: ['svelte', 'module', 'main', 'style'] })
    return [main || 'index']
  }
  try {
    return exported(manifest, subpath || '.', { conditions: CONDITIONS, unsafe: true }) ?? []
  } catch {
    // It exports no such path: the bundler says so.
    return []
  }
}

/** The files that a path may mean, the likeliest first. */
function candidatesFor(named: string): readonly string[] {
  const sources = named.replace(COMPILED, '.$1ts')
  const endings = SOURCE_EXTENSIONS.map((extension) => `.${extension}`)
  return [
    named,
    ...(sources === named ? [] : [sources, `${sources}x`]),
    ...endings.map((ending) => named + ending),
    ...endings.map((ending) => path.join(named, `index${ending}`)),
  ]
}
