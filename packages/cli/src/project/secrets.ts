import process from 'node:process'
import { findProjectRoot, readEnvFiles } from '@gemini-image/core/internal'

/** Variables whose values are nobody's to read. */
const SECRET_NAME = /(?:GEMINI|GOOGLE|GENAI)\w*KEY$|^AWS_SECRET_ACCESS_KEY$|^AWS_SESSION_TOKEN$/

/** What a key of Google's looks like. @see https://cloud.google.com/docs/authentication/api-keys */
export const GOOGLE_KEY: RegExp = /AIza[\w-]{35}/

/** Anything shorter is a word that other texts hold as well. */
const SHORTEST = 8

/** The values of secret variables, of the process and of a project's `.env` files. */
export function findSecrets(root: string | undefined): readonly string[] {
  const files = readEnvFiles(findProjectRoot(root, process.cwd()), process.env)
  return [...Object.entries(files), ...Object.entries(process.env)]
    .filter(([name]) => SECRET_NAME.test(name))
    .map(([, value = '']) => value.trim())
    .filter((value) => value.length >= SHORTEST)
}

/** A text without these secrets, and without anything that looks like a key of Google's. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  return known.replaceAll(new RegExp(GOOGLE_KEY, 'g'), HIDDEN)
}

const HIDDEN = '[secret]'
