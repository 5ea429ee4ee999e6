import { hash } from 'node:crypto'

/** What a follow-up request has to send back with these bytes. Another server gives the same. */
export function signatureOf(bytes: Buffer | string): string {
  return hash('sha512', bytes, 'base64')
}
