export * from '@gemini-image/core/ai-sdk'
