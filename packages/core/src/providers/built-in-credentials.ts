import type { Credentials } from './credentials.ts'
import { GOOGLE_CREDENTIALS } from './google/credentials.ts'
import { VERTEX_CREDENTIALS } from './vertex/credentials.ts'

/** Those of all providers that come along, the default first. */
export const CREDENTIALS: readonly [Credentials, ...Credentials[]] = [
  GOOGLE_CREDENTIALS,
  VERTEX_CREDENTIALS,
]
