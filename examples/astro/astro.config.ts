import mdx from '@astrojs/mdx'
import { defineConfig } from 'astro/config'
import geminiImage from 'astro-gemini-image'

export default defineConfig({
  site: 'https://slow-ferry.example',
  integrations: [geminiImage(), mdx()],
  image: {
    // Pictures in Markdown come in several widths as well.
    layout: 'constrained',
    // Half the time for a few more bytes.
    service: { entrypoint: 'astro/assets/services/sharp', config: { avif: { effort: 2 } } },
  },
  devToolbar: { enabled: false },
})
