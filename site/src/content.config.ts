import { docsSchema } from '@astrojs/starlight/schema'
import { defineCollection } from 'astro:content'
import { docsFolder } from './docs-folder.ts'

export const collections = {
  docs: defineCollection({ loader: docsFolder(), schema: docsSchema() }),
}
