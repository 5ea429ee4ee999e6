import type { Credentials } from '../credentials.ts'

/** @see https://ai.google.dev/gemini-api/docs/api-key */
export const GOOGLE_CREDENTIALS: Credentials = {
  variable: 'GEMINI_API_KEY',
  variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  page: 'https://aistudio.google.com/apikey',
  baseUrl: 'GOOGLE_GEMINI_BASE_URL',
  inEnvFiles: /^(?:GEMINI|GOOGLE)_/,
  secretNames: /(?:GEMINI|GOOGLE|GENAI)\w*KEY$/,
  // https://cloud.google.com/docs/authentication/api-keys
  keyPattern: 'AIza[0-9A-Za-z_-]{35}',
  keyName: "a key of Google's",
  api: 'the Gemini API',
  ownNames: /GEMINI|GENAI|GOOGLE_AI|GOOGLE_API_KEY/,
}
