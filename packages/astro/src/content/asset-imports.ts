import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { withSlashes } from './with-slashes.ts'

/** An image that content imports. */
export interface AssetImport {
  /** As the schema gave it. */
  readonly path: string
  /** Absolute path of the entry's file; `undefined` where it has none. */
  readonly importer: string | undefined
}

const IMPORT = /^import \w+ from ("(?:[^"\\]|\\.)*");$/gm

/**
 * What Astro writes for the images of all content, whenever it has read content. It is there before a
 * build begins, and also for entries that no file holds.
 */
export class AssetImports {
  /** Absolute path, with forward slashes. */
  readonly file: string
  readonly #root: string

  /** @param root Absolute path of the site. */
  constructor(root: string) {
    this.#root = root
    this.file = withSlashes(path.join(root, '.astro/content-assets.mjs'))
  }

  /** All imports; none where Astro has written nothing yet. */
  async read(): Promise<readonly AssetImport[]> {
    const code = await readFile(this.file, 'utf8').catch(() => '')
    return [...code.matchAll(IMPORT)].map(([, specifier = '""']) =>
      this.#parse(JSON.parse(specifier) as string),
    )
  }

  #parse(specifier: string): AssetImport {
    const query = specifier.indexOf('?')
    const importer = new URLSearchParams(specifier.slice(query + 1)).get('importer')
    return {
      path: query === -1 ? specifier : specifier.slice(0, query),
      importer: importer === null ? undefined : path.resolve(this.#root, importer),
    }
  }
}
