import process from 'node:process'
import { openEnv, type Credentials } from '@gemini-image/core/internal'

/** Whether a key is set where a run would look for it: in the environment, or in the project's env files. */
export function hasKey(root: string, credentials: Credentials): boolean {
  const env = openEnv({ dir: root }, process.env).envFor(credentials)
  return credentials.variables.some((name) => env[name]?.trim())
}
