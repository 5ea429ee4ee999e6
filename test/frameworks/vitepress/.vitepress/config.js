import { defineConfig } from 'vitepress'
import withGeminiImage from 'unplugin-gemini-image/vitepress'

export default withGeminiImage(
  defineConfig({ title: 'Harbour', base: '/docs/', vite: { build: { assetsInlineLimit: 0 } } }),
)
