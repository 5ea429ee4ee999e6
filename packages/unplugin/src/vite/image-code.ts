import type { Plugin, PluginOption, Rolldown } from 'vite'

/**
 * What a host makes of an image file, as a JavaScript expression; `undefined` where only an import gets
 * it. Called in the hook that loads a module, with its context and options.
 * @param file Absolute path.
 */
export type ImageCode = (
  this: Rolldown.PluginContext,
  file: string,
  options: { readonly ssr?: boolean | undefined } | undefined,
) => Promise<string | undefined>

type Load = Extract<NonNullable<Plugin['load']>, (...parameters: never[]) => unknown>

const DEFAULT_EXPORT = /^\s*export default\s+([^]+?);?\s*$/

/**
 * What the plugin of a name makes of image files, by its own hook: a module that holds it has one module
 * less to import.
 * @returns `undefined` where there is no such plugin.
 */
export function imageCodeOf(plugins: readonly Plugin[], name: string): ImageCode | undefined {
  const hook = plugins.find((plugin) => plugin.name === name)?.load
  if (!hook) return undefined
  const load: Load = typeof hook === 'function' ? hook : hook.handler
  return async function (file, options) {
    const loaded = await load.call(this, file.replaceAll('\\', '/'), options)
    const code = typeof loaded === 'string' ? loaded : loaded?.code
    return DEFAULT_EXPORT.exec(String(code))?.[1]
  }
}

/** The plugins that a site brings, once those that are promised are there. */
export async function pluginsOfSite(given: PluginOption): Promise<readonly Plugin[]> {
  const plugin = await given
  if (Array.isArray(plugin)) return (await Promise.all(plugin.map(pluginsOfSite))).flat()
  return plugin ? [plugin] : []
}

/** The same as `imageCode` for files of which no plugin may make something else. The others are imported. */
export function whereNoneTakes(imageCode: ImageCode, plugins: readonly Plugin[]): ImageCode {
  let filters: readonly unknown[] | undefined
  let isOwnName: Promise<boolean> | undefined
  return async function (file, options) {
    // Some plugins settle their filters late.
    filters ??= plugins.flatMap(filtersOf)
    const id = file.replaceAll('\\', '/')
    if (filters.some((filter) => lets(filter, id))) return undefined
    // Of those that send names elsewhere, one name tells.
    isOwnName ??= this.resolve(id, undefined, { skipSelf: true }).then((found) => found?.id === id)
    return (await isOwnName) ? imageCode.call(this, id, options) : undefined
  }
}

/** The filters of what may make something of a file; `undefined` for a hook that has none. */
function filtersOf({ load, transform, applyToEnvironment }: Plugin): readonly unknown[] {
  const hooks = [load, transform].filter((hook) => hook !== undefined)
  // It may answer with another plugin, of which nothing is known.
  if (hooks.length === 0) return applyToEnvironment ? [undefined] : []
  return hooks.map((hook) => ('filter' in hook ? hook.filter?.id : undefined))
}

/** Whether a filter of a hook may let an id pass. Of a glob, nobody knows here. */
function lets(filter: unknown, id: string): boolean {
  if (typeof filter !== 'object' || filter === null) return true
  if (filter instanceof RegExp) return matches(filter, id, true)
  // As Vite has it: a list of nothing leaves nothing out.
  if (Array.isArray(filter)) return filter.length === 0 || matches(filter, id, true)
  const { include, exclude } = filter as { readonly include?: unknown; readonly exclude?: unknown }
  const isIn = [include ?? []].flat().length === 0 || matches(include, id, true)
  return isIn && !matches(exclude ?? [], id, false)
}

/** @param glob The answer for a glob. */
function matches(patterns: unknown, id: string, glob: boolean): boolean {
  return [patterns].flat().some((one) => (one instanceof RegExp ? id.search(one) !== -1 : glob))
}
