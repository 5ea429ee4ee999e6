import react from '@vitejs/plugin-react'
import { tanstackStart } from '@tanstack/react-start/plugin/vite'
import geminiImage from 'unplugin-gemini-image/vite'

export default {
  build: { assetsInlineLimit: 0 },
  plugins: [geminiImage(), tanstackStart(), react()],
}
