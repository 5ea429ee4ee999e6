import type { Alias, AliasOptions } from 'vite'
import type { Resolve } from '../project/prompt-file.ts'

/**
 * Finds the picture's absolute path, with the query that is another plugin's, for the specifier of a prompt file;
 * `undefined` for other specifiers.
 */
export type PictureFile = (
  source: string,
  importer: string | undefined,
  resolve: Resolve,
) => Promise<string | undefined>

const SPECIFIER = /^.*\.prompt\.md\?.*$/

/**
 * Teaches Vite's resolver of `url()` about prompt files.
 *
 * Vite resolves `url()` with a resolver of its own that asks no plugin, only the aliases. An alias
 * with a custom resolver is therefore the one place that sees every `url()`: in plain CSS, in what
 * `@import` pulls in, in the output of Sass and Less, in `<style>` of pages and components, and
 * with Lightning CSS. Call this once the plugins are set up (`buildStart`): an alias that is there
 * earlier makes Vite warn, and replaces its native alias plugin by a slower one.
 */
export function addCssAlias(aliases: AliasOptions, pictureFor: PictureFile): void {
  if (!Array.isArray(aliases)) return
  const list = aliases as Alias[]
  if (list.some(({ find }) => find === SPECIFIER)) return
  async function customResolver(
    this: { resolve: Resolve },
    source: string,
    importer: string | undefined,
  ): Promise<string | undefined> {
    const resolve: Resolve = (id, from, options) => this.resolve(id, from, options)
    return pictureFor(source, importer, resolve)
  }
  // Its type speaks of a plain result only; the alias plugin awaits it like any resolveId hook.
  const resolver = customResolver as unknown as Alias['customResolver'] & {}
  list.unshift({ find: SPECIFIER, replacement: '$&', customResolver: resolver })
}
