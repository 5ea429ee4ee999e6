export { geminiImage as default } from './integration.ts'
export type { Mode, Options, Provider } from '@gemini-image/core'
