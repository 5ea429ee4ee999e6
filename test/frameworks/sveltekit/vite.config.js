import adapter from '@sveltejs/adapter-node'
import { enhancedImages } from '@sveltejs/enhanced-img'
import { sveltekit } from '@sveltejs/kit/vite'
import geminiImage from 'unplugin-gemini-image/vite'

export default {
  build: { assetsInlineLimit: 0 },
  plugins: [geminiImage(), enhancedImages(), sveltekit({ adapter: adapter() })],
}
