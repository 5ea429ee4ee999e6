/**
 * The address that a person opens. It is apart from the rest: servers print it before anything of the studio is loaded.
 * @module
 */
import { randomBytes } from 'node:crypto'

/** @returns A token that nobody can guess. Whoever knows it may look and spend. */
export function createToken(): string {
  return randomBytes(24).toString('base64url')
}

/**
 * The address of a studio, with its token.
 * @param origin Of the server: `http://localhost:5173`; with the base of the site, where there is one; empty where nobody
 *   knows it.
 * @param base Where the studio is served there: `/__gemini-image/`.
 */
export function addressOf(origin: string, base: string, token: string): string {
  return `${origin.replace(/\/$/, '')}${base}#token=${token}`
}
