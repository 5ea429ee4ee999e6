import process from 'node:process'
import { CREDENTIALS, findProjectRoot, readEnvFiles } from '@gemini-image/core/internal'

/** Variables of shared stores whose values are nobody's to read. */
const SECRET_NAME = /^AWS_SECRET_ACCESS_KEY$|^AWS_SESSION_TOKEN$/

function isSecret(name: string): boolean {
  return SECRET_NAME.test(name) || CREDENTIALS.some(({ secretNames }) => secretNames.test(name))
}

/** Anything shorter is a word that other texts hold as well. */
const SHORTEST = 8

/** The values of secret variables, of the process and of a project's `.env` files. */
export function findSecrets(root: string | undefined): readonly string[] {
  const files = readEnvFiles(findProjectRoot(root, process.cwd()), process.env)
  return [...Object.entries(files), ...Object.entries(process.env)]
    .filter(([name]) => isSecret(name))
    .map(([, value = '']) => value.trim())
    .filter((value) => value.length >= SHORTEST)
}

/** A text without these secrets, and without anything that looks like a provider's key. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  return CREDENTIALS.reduce(
    (rest, { keyPattern }) => rest.replaceAll(new RegExp(keyPattern, 'g'), HIDDEN),
    known,
  )
}

const HIDDEN = '[secret]'
