import geminiImage from 'unplugin-gemini-image/vite'

import { defineNuxtConfig } from 'nuxt/config'

export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  telemetry: false,
  vite: { build: { assetsInlineLimit: 0 }, plugins: [geminiImage()] },
})
