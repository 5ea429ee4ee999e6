import type { Plugin } from 'vite'

const ASTRO_LOADERS = 'astro/loaders'
const OUR_LOADERS = 'astro-gemini-image/loaders'

/** Gives a site our loaders for Astro's, so that a prompt file beside a post is not taken for a post. */
export function loadersPlugin(): Plugin {
  return {
    name: 'gemini-image:loaders',
    enforce: 'pre',
    resolveId: {
      order: 'pre',
      filter: { id: /^astro\/loaders$/ },
      handler(source, importer, options) {
        // Ours come from Astro's.
        if (source !== ASTRO_LOADERS || importer?.includes('/astro-gemini-image/')) return undefined
        return this.resolve(OUR_LOADERS, importer, options)
      },
    },
  }
}
