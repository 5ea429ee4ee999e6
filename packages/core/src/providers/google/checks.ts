import { GeminiImageError } from '../../kernel/errors/error.ts'

/**
 * An address may hold a password: it is not repeated. Without TLS, everybody on the way reads the key.
 * @param variable The one that names it.
 * @param ownUrl What is asked without it.
 * @throws {GeminiImageError} `INVALID_OPTION`.
 */
export function checkBaseUrl(url: string, variable: string, ownUrl: string): string {
  const { protocol, hostname = '', username, password } = URL.parse(url) ?? {}
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))
  if (isSafe && !username && !password) return url
  throw new GeminiImageError({
    code: 'INVALID_OPTION',
    what: `${variable} is not an https address, or it holds a name or password.`,
    why: 'The API key is sent there. Plain http is taken on this machine only (localhost, 127.0.0.1, [::1]).',
    fix: `unset it to use ${ownUrl}, or write an address such as https://gateway.example.com.`,
  })
}

/** Hosts that are this machine itself. */
export const LOOPBACK: RegExp = /^(?:(?:[^.]+\.)*localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * What cannot stand in a header would be told, by others, in messages that repeat it.
 * @param variable The one that holds it.
 * @param page Where it can be had anew.
 * @throws {GeminiImageError} `INVALID_KEY`.
 */
export function checkKey(key: string, variable: string, page: string): void {
  if (/^[\x21-\x7e]+$/.test(key)) return
  throw new GeminiImageError({
    code: 'INVALID_KEY',
    what: 'The API key holds a space, a line break or another character that no key has.',
    fix: `copy it anew from ${page} into ${variable}.`,
  })
}
