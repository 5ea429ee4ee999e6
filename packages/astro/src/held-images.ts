import type { ImageCode, PicturesApi } from 'unplugin-gemini-image/vite'
import type { Plugin } from 'vite'

/** The plugin of Astro that makes an image's metadata of its file, in Astro 5 to 7. */
const ASTRO_IMAGES = 'astro:assets:esm'
const DEFAULT_EXPORT = /^\s*export default\s+([^]+?);?\s*$/

/**
 * Has each picture's module hold the metadata that Astro makes of the file, by Astro's own hook. Imported,
 * every picture is a module more, which costs a large site a tenth of its build. Should Astro have another
 * plugin in its place one day, pictures are imported.
 */
export function heldImages({ api }: Plugin<PicturesApi>): Plugin {
  return {
    name: 'gemini-image:held-images',
    configResolved({ plugins }) {
      const load = plugins.find(({ name }) => name === ASTRO_IMAGES)?.load
      if (load) api?.holdImages(imageCode(typeof load === 'function' ? load : load.handler))
    },
  }
}

type Load = Extract<NonNullable<Plugin['load']>, (...parameters: never[]) => unknown>

function imageCode(load: Load): ImageCode {
  return async function (file, options) {
    const loaded = await load.call(this, file.replaceAll('\\', '/'), options)
    const code = typeof loaded === 'string' ? loaded : loaded?.code
    return DEFAULT_EXPORT.exec(String(code))?.[1]
  }
}
