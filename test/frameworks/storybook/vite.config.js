import geminiImage from 'unplugin-gemini-image/vite'

export default { build: { assetsInlineLimit: 0 }, plugins: [geminiImage()] }
