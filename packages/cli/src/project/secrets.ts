import process from 'node:process'
import {
  CREDENTIALS,
  findProjectRoot,
  readEnvFiles,
  type Credentials,
} from '@gemini-image/core/internal'

/** Variables of shared stores whose values are nobody's to read. */
const SECRET_NAME = /^AWS_SECRET_ACCESS_KEY$|^AWS_SESSION_TOKEN$/

/** What nobody is to read. */
export interface Secrets {
  readonly values: readonly string[]
  /** What looks like a key. */
  readonly patterns: readonly string[]
}

/** Anything shorter is a word that other texts hold as well. */
const SHORTEST = 8

/**
 * The values of secret variables, of the process and of a project's `.env` files.
 * @param configured Of the provider that the configuration names.
 */
export function findSecrets(root: string | undefined, ...configured: Credentials[]): Secrets {
  const known = [...CREDENTIALS, ...configured]
  const isSecret = (name: string): boolean =>
    SECRET_NAME.test(name) || known.some(({ secretNames }) => secretNames.test(name))
  const files = readEnvFiles(findProjectRoot(root, process.cwd()), process.env)
  const values = [...Object.entries(files), ...Object.entries(process.env)]
    .filter(([name]) => isSecret(name))
    .map(([, value = '']) => value.trim())
    .filter((value) => value.length >= SHORTEST)
  return { values, patterns: known.map(({ keyPattern }) => keyPattern) }
}

/** A text without these secrets, and without anything that looks like a provider's key. */
export function withoutSecrets(text: string, { values, patterns }: Secrets): string {
  const known = values.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  return patterns.reduce(
    (rest, pattern) => rest.replaceAll(new RegExp(pattern, 'g'), HIDDEN),
    known,
  )
}

const HIDDEN = '[secret]'
