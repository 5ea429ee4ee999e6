import { getCollection, type CollectionEntry } from 'astro:content'

/** One post. */
export type Post = CollectionEntry<'posts'>

/** All posts, the newest first. */
export async function readPosts(): Promise<Post[]> {
  const posts = await getCollection('posts')
  return posts.toSorted((a, b) => b.data.date.getTime() - a.data.date.getTime())
}

/** Where a post is, as a path of this site. */
export function pathOf({ id }: Post): string {
  return `/posts/${id}/`
}
