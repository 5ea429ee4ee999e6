import { defineCollection, reference } from 'astro:content'
import { file, glob } from 'astro/loaders'
import { z } from 'astro/zod'
import { geminiImage } from 'astro-gemini-image/schema'

const posts = defineCollection({
  loader: glob({ base: './src/posts', pattern: '**/*.{md,mdx}' }),
  schema: ({ image }) =>
    z.object({
      title: z.string(),
      summary: z.string(),
      date: z.date(),
      author: reference('authors'),
      cover: geminiImage({ image }),
      gallery: z.array(geminiImage({ image })).default([]),
      // A photo of ours, and what a model has made of it.
      edit: z
        .object({ before: image(), beforeAlt: z.string(), after: geminiImage({ image }) })
        .optional(),
    }),
})

const authors = defineCollection({
  loader: file('src/data/authors.yaml'),
  schema: ({ image }) =>
    z.object({ name: z.string(), role: z.string(), portrait: geminiImage({ image }) }),
})

export const collections = { posts, authors }
