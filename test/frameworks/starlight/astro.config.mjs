import { defineConfig } from 'astro/config'
import starlight from '@astrojs/starlight'
import geminiImage from 'astro-gemini-image'

export default defineConfig({
  base: '/docs',
  integrations: [starlight({ title: 'Harbour', pagefind: false }), geminiImage()],
})
