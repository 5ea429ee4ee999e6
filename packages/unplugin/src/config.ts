export { defineConfig, redisStore, s3Store, unstorageStore } from '@gemini-image/core'
export * from '@gemini-image/core/forms'
export type { Mode, Options, Provider, SharedStore, StoreOptions } from '@gemini-image/core'
