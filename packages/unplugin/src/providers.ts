export * from '@gemini-image/core/providers'
