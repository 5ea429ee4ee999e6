export { defineConfig } from '@gemini-image/core'
export type { Mode, Options, Provider } from '@gemini-image/core'
