import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'

/** Where variables are kept on a developer's machine; what comes later wins. */
const ENV_FILES = ['.env', '.env.local'] as const

/** Environment variables. */
export type Env = Readonly<Record<string, string | undefined>>

/**
 * The variables of a folder's `.env` and `.env.local`, with those of the process over them: what
 * a command finds where a host would have read these files.
 */
export function withEnvFiles(dir: string, env: Env): Env {
  return { ...Object.assign({}, ...ENV_FILES.map((name) => readEnv(path.join(dir, name)))), ...env }
}

function readEnv(file: string): Env {
  try {
    return parseEnv(readFileSync(file, 'utf8'))
  } catch {
    return {}
  }
}
