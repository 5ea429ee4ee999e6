import geminiImage from 'unplugin-gemini-image/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  // Relative, so that `dist` can be served from any folder.
  base: './',
  plugins: [geminiImage()],
})
