import type { Plugin, Rolldown } from 'vite'

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
