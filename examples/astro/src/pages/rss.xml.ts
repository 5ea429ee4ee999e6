import rss, { type RSSFeedItem } from '@astrojs/rss'
import type { APIContext } from 'astro'
import { makeCard } from '../site/card.ts'
import { pathOf, readPosts, type Post } from '../site/posts.ts'
import { SITE } from '../site/site.ts'
import { escapeXml } from '../site/xml.ts'

/** The feed; each post comes with its picture, as Media RSS. */
export async function GET({ site }: APIContext): Promise<Response> {
  if (!site) throw new Error('The feed needs "site" in astro.config.ts.')
  const posts = await readPosts()
  return rss({
    title: SITE.name,
    description: SITE.description,
    site,
    xmlns: { media: 'http://search.yahoo.com/mrss/' },
    items: await Promise.all(posts.map((post) => toItem(post, site))),
  })
}

async function toItem(post: Post, site: URL): Promise<RSSFeedItem> {
  const { title, summary, date, cover } = post.data
  const { src, width, height } = await makeCard(cover)
  const url = escapeXml(new URL(src, site).href)
  return {
    title,
    description: summary,
    pubDate: date,
    link: pathOf(post),
    customData:
      `<media:content url="${url}" type="image/jpeg" medium="image" width="${width}" height="${height}">` +
      `<media:description>${escapeXml(cover.alt)}</media:description></media:content>`,
  }
}
