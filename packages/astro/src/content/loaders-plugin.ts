import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { withSlashes } from './with-slashes.ts'

const ASTRO_LOADERS = 'astro/loaders'
const OUR_LOADERS = 'astro-gemini-image/loaders'

/** Gives a site our loaders for Astro's, so that a prompt file beside a post is not taken for a post. */
export function loadersPlugin(): Plugin {
  // By its place as well as by its name: a linked package lies in a folder of any name.
  const folder = withSlashes(fileURLToPath(new URL('.', import.meta.url)))
  const isOurs = (importer = ''): boolean =>
    importer.startsWith(folder) || importer.includes('/astro-gemini-image/')
  return {
    name: 'gemini-image:loaders',
    enforce: 'pre',
    resolveId: {
      order: 'pre',
      filter: { id: /^astro\/loaders$/ },
      handler(source, importer, options) {
        // Ours come from Astro's.
        if (source !== ASTRO_LOADERS || isOurs(importer)) return undefined
        return this.resolve(OUR_LOADERS, importer, options)
      },
    },
  }
}
