import { imageCodeOf, type PicturesApi } from 'unplugin-gemini-image/vite'
import type { Plugin } from 'vite'

/** The plugin of Astro that makes an image's metadata of its file, in Astro 5 to 7. */
const ASTRO_IMAGES = 'astro:assets:esm'

/**
 * Has each picture's module hold the metadata that Astro makes of the file, by Astro's own hook. Imported,
 * every picture is a module more, which costs a large site a tenth of its build. Should Astro have another
 * plugin in its place one day, pictures are imported.
 */
export function heldImages({ api }: Plugin<PicturesApi>): Plugin {
  return {
    name: 'gemini-image:held-images',
    configResolved({ plugins }) {
      const imageCode = imageCodeOf(plugins, ASTRO_IMAGES)
      if (imageCode) api?.holdImages(imageCode)
    },
  }
}
