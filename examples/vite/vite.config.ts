import geminiImage from 'unplugin-gemini-image/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  // Relative, so that `dist` can be served from any folder.
  base: './',
  plugins: [
    geminiImage({
      presets: {
        wide: { widths: [640, 1080, 1584], sizes: '100vw' },
        card: { widths: [400, 800, 1200], sizes: '(min-width: 60rem) 24rem, 100vw' },
      },
    }),
  ],
})
