import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loader } from 'astro/loaders'
import { DOCS, pageNames } from '../sidebar.ts'
import { pageOf } from './page.ts'

/** Loads the Markdown in ../docs as it is for readers of the repository: its heading becomes the title, links become addresses. */
export function docsFolder(): Loader {
  return {
    name: 'docs-folder',
    load: async (context) => {
      const load = async (name: string): Promise<void> => {
        const file = path.join(DOCS, `${name}.md`)
        const { title, description, body } = pageOf(await readFile(file, 'utf8'))
        const digest = context.generateDigest(`${title}\n${description}\n${body}`)
        if (context.store.get(name)?.digest === digest) return
        const data = await context.parseData({ id: name, data: { title, description } })
        const rendered = await context.renderMarkdown(body, { fileURL: pathToFileURL(file) })
        const filePath = path.relative(process.cwd(), file)
        const assetImports = rendered.metadata?.imagePaths ?? []
        context.store.set({ id: name, data, body, filePath, digest, rendered, assetImports })
      }
      context.store.clear()
      await Promise.all(pageNames().map(load))
      context.watcher?.add(DOCS)
      context.watcher?.on('change', (file) => {
        if (path.dirname(file) === DOCS && file.endsWith('.md'))
          void load(path.basename(file, '.md'))
      })
    },
  }
}
