export * from 'unplugin-gemini-image/credits'
