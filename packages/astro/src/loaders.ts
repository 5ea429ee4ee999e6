import { glob as astroGlob } from 'astro/loaders'

export * from 'astro/loaders'

/**
 * Astro's glob loader, for which prompt files are no entries: they lie beside the posts that show
 * their pictures. The integration puts it in the place of Astro's own.
 */
export const glob: typeof astroGlob = (options) => {
  const patterns = [options.pattern].flat()
  return astroGlob({ ...options, pattern: [...patterns, '!**/*.prompt.md'] })
}
