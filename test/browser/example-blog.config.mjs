import config from '../../examples/astro/astro.config.ts'

/** The blog with files that are larger than a site's, encoded in half the time, and a cache of their own. */
export default {
  ...config,
  cacheDir: '../../test/.sites/example-blog-cache',
  image: {
    ...config.image,
    service: { ...config.image.service, config: { avif: { effort: 0 }, webp: { effort: 0 } } },
  },
}
