import type { Credentials } from '../credentials.ts'
import { GOOGLE_CREDENTIALS } from '../google/credentials.ts'

/** @see https://cloud.google.com/docs/authentication/application-default-credentials */
export const VERTEX_CREDENTIALS: Credentials = {
  ...GOOGLE_CREDENTIALS,
  variable: 'GOOGLE_APPLICATION_CREDENTIALS',
  // It holds the path of a file; the express key is one of the Developer API's variables.
  variables: [],
  page: 'https://cloud.google.com/docs/authentication/application-default-credentials',
  baseUrl: 'GOOGLE_VERTEX_BASE_URL',
  // In the order in which Google's own SDK asks for them.
  chosenBy: ['GOOGLE_GENAI_USE_ENTERPRISE', 'GOOGLE_GENAI_USE_VERTEXAI'],
  api: 'Vertex AI',
}

/** Holds an express key. */
export const KEY_VARIABLE = 'GOOGLE_API_KEY'
