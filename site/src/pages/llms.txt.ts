import { getCollection } from 'astro:content'
import type { APIRoute } from 'astro'
import { GROUPS } from '../../sidebar.ts'

/** An index for language models, of the pages as Markdown. */
export const GET: APIRoute = async () => {
  const pages = await getCollection('docs')
  const groups = Object.entries(GROUPS).map(([label, names]) => {
    const lines = names.flatMap((name) => {
      const page = pages.find(({ id }) => id === name)
      return page ? [`- [${page.data.title}](/${name}.md): ${page.data.description ?? ''}`] : []
    })
    return `## ${label}\n\n${lines.join('\n')}`
  })
  const head = `# gemini-image

> Images as code: prompts stand beside the components that show the pictures; a build generates each once, pins it in a lockfile, and hands it to the bundler.`
  return new Response(`${[head, ...groups].join('\n\n')}\n`)
}
