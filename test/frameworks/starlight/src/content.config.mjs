import { defineCollection } from 'astro:content'
import { z } from 'astro/zod'
import { docsLoader } from '@astrojs/starlight/loaders'
import { docsSchema } from '@astrojs/starlight/schema'
import { geminiImage } from 'astro-gemini-image/schema'

export const collections = {
  docs: defineCollection({
    loader: docsLoader(),
    schema: (context) => {
      const image = () => z.union([geminiImage(context), context.image()])
      return docsSchema()({ ...context, image })
    },
  }),
}
