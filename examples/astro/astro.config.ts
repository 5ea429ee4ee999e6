import mdx from '@astrojs/mdx'
import { defineConfig } from 'astro/config'
import geminiImage from 'astro-gemini-image'

export default defineConfig({
  site: 'https://slow-ferry.example',
  integrations: [geminiImage(), mdx()],
  // Pictures in Markdown come in several widths as well.
  image: { layout: 'constrained' },
  devToolbar: { enabled: false },
})
