/**
 * The whole address of an image.
 * @param site Where the site will be; not needed where the address is a whole one.
 * @param call The function that was called, for the message.
 * @throws {TypeError} without a site, where the address needs one. Not a `GeminiImageError`, which must not become part of a
 *   site's server.
 */
export function absolute(src: string, site: string | URL | undefined, call: string): string {
  const url = URL.parse(src, site === undefined ? undefined : String(site))
  if (url) return url.href
  throw new TypeError(
    `The address ${src} is no whole one: give ${call}({ site: 'https://…' }); in Astro, set "site" in the Astro configuration, and give Astro.site.`,
  )
}
