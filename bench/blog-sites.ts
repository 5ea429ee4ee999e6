import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { openProject, plan } from '@gemini-image/core'
import { resolveOptions } from '@gemini-image/core/internal'
import { installPackages } from '../test/astro/support/packages.ts'

/** The covers are shown at one small width, so that encoding does not drown everything else. */
const WIDTH = 160

/** One of the two blogs. */
export interface Blog {
  readonly root: string
  readonly posts: number
}

const SERVICE_AND_TOOLBAR = 'devToolbar: { enabled: false },'

const OUR_CONFIG = (posts: number): string => `
import geminiImage from 'astro-gemini-image'
export default {
  ${SERVICE_AND_TOOLBAR}
  integrations: [geminiImage({ mode: 'auto', concurrency: 8, budget: ${posts} })],
}
`

const content = (imports: string, cover: string): string => `
import { defineCollection } from 'astro:content'
import { glob } from 'astro/loaders'
import { z } from 'astro/zod'
${imports}
const schema = ({ image }) => z.object({ title: z.string(), ${cover} })
export const collections = {
  blog: defineCollection({ loader: glob({ base: './src/blog', pattern: '*.md' }), schema }),
}
`

const page = (alt: string): Record<string, string> => ({
  'src/pages/index.astro': `---
import { Image } from 'astro:assets'
import { getCollection } from 'astro:content'
const posts = await getCollection('blog')
---
<html lang="en"><body>
  {posts.map(({ id, data }) => (
    <a href={'/' + id}><Image src={data.cover} alt={${alt}} width={${WIDTH}} />{data.title}</a>
  ))}
</body></html>
`,
  'src/pages/[id].astro': `---
import { Image } from 'astro:assets'
import { getCollection, render } from 'astro:content'
export async function getStaticPaths() {
  const posts = await getCollection('blog')
  return posts.map((post) => ({ params: { id: post.id }, props: { post } }))
}
const { data, ...post } = Astro.props.post
const { Content } = await render(Astro.props.post)
---
<html lang="en"><body>
  <h1>{data.title}</h1>
  <Image src={data.cover} alt={${alt}} width={${WIDTH}} />
  <Content />
</body></html>
`,
})

/** Writes the blog whose covers are declared in frontmatter. */
export async function writeOurs(blog: Blog): Promise<void> {
  const schema = 'cover: geminiImage({ image })'
  await writeAll(blog, {
    'astro.config.mjs': OUR_CONFIG(blog.posts),
    'src/content.config.ts': content(
      `import { geminiImage } from 'astro-gemini-image/schema'`,
      schema,
    ),
    ...page('data.cover.alt'),
  })
  for (let i = 0; i < blog.posts; i += 1) await writeOurPost(blog, i, `A harbour, number ${i}`)
}

/** Writes a post whose cover has this prompt. */
export async function writeOurPost({ root }: Blog, i: number, prompt: string): Promise<void> {
  const cover = `cover:\n  prompt: ${prompt}\n  aspectRatio: 16:9\n  alt: Boats of post ${i}\n`
  await writeFile(postFile(root, i), post(i, cover))
}

/** Writes the blog whose covers are the very files that ours has stored, beside the posts. */
export async function writePlain(blog: Blog, ours: Blog): Promise<void> {
  await writeAll(blog, {
    'astro.config.mjs': `export default { ${SERVICE_AND_TOOLBAR} }\n`,
    'src/content.config.ts': content('', 'cover: image(), alt: z.string()'),
    ...page('data.alt'),
  })
  await mkdir(path.join(blog.root, 'src/blog/covers'))
  for (let i = 0; i < blog.posts; i += 1) {
    const cover = `cover: ./covers/post-${i}.jpg\nalt: Boats of post ${i}\n`
    await writeFile(postFile(blog.root, i), post(i, cover))
  }
  await copyCovers(blog, ours)
}

/** Takes over covers from our store, of the posts that have them anew. */
export async function copyCovers(
  plain: Blog,
  ours: Blog,
  posts?: readonly number[],
): Promise<void> {
  const pinned = await coversOf(ours)
  for (const i of posts ?? Array.from({ length: plain.posts }, (_, i) => i)) {
    const file = pinned.get(`src/blog/post-${i}.md`)
    if (file === undefined) throw new Error(`The cover of post ${i} is not pinned.`)
    const to = path.join(plain.root, `src/blog/covers/post-${i}.jpg`)
    await copyFile(path.join(ours.root, '.gemini-image', file), to)
  }
}

/** Post → the file of its cover. */
async function coversOf({ root }: Blog): Promise<ReadonlyMap<string, string | undefined>> {
  const { rows } = await plan(openProject(resolveOptions({}, { hostRoot: root, env: {} })))
  return new Map(rows.map(({ declared, entry }) => [declared.place.path, entry?.file]))
}

async function writeAll({ root }: Blog, files: Record<string, string>): Promise<void> {
  await mkdir(path.join(root, 'src/blog'), { recursive: true })
  await mkdir(path.join(root, 'src/pages'), { recursive: true })
  const manifest = { 'package.json': '{ "type": "module", "private": true }\n' }
  for (const [name, text] of Object.entries({ ...manifest, ...files })) {
    await writeFile(path.join(root, name), text)
  }
  await installPackages(path.join(root, 'node_modules'), 7)
}

function postFile(root: string, i: number): string {
  return path.join(root, `src/blog/post-${i}.md`)
}

function post(i: number, cover: string): string {
  const paragraph = `The harbour in the morning, seen from the mole: *boats*, nets and gulls, for the ${i}th time.`
  return `---\ntitle: Post ${i}\n${cover}---\n\n## Morning\n\n${paragraph}\n\n## Evening\n\n${paragraph}\n`
}
