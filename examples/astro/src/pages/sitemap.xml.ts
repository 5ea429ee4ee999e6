import type { APIContext } from 'astro'
import { makeCard } from '../site/card.ts'
import { pathOf, readPosts } from '../site/posts.ts'
import { escapeXml } from '../site/xml.ts'

/** The sitemap, with the picture of each post: an integration would have to read the built pages. */
export async function GET({ site }: APIContext): Promise<Response> {
  const posts = await readPosts()
  const entries = await Promise.all(
    posts.map(async (post) => ({
      path: pathOf(post),
      image: (await makeCard(post.data.cover)).src,
    })),
  )
  const pages = [{ path: '/' }, { path: '/about-the-pictures/' }, ...entries]
  const address = (path: string): string => escapeXml(new URL(path, site).href)
  const urls = pages.map((page) => {
    const image =
      'image' in page
        ? `<image:image><image:loc>${address(page.image)}</image:loc></image:image>`
        : ''
    return `<url><loc>${address(page.path)}</loc>${image}</url>`
  })
  return new Response(
    `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n` +
      `${urls.join('\n')}\n</urlset>\n`,
    { headers: { 'content-type': 'application/xml' } },
  )
}
