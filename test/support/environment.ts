import process from 'node:process'

// Every test says itself what its environment is; that of the machine must not leak in.
for (const name of [
  'CI',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'GOOGLE_GEMINI_BASE_URL',
  'GEMINI_IMAGE_MODE',
]) {
  delete process.env[name]
}
