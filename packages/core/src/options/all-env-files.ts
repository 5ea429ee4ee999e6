import { merge, readFiles, type Env } from './env-files.ts'

/** All variables of a folder's `.env` and `.env.local`, for those who look for secrets. */
export function readEnvFiles(dir: string, env: Env): Env {
  return merge(readFiles(dir, undefined), env)
}
