export * from '@gemini-image/core/vertex'
