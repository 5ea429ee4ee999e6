const KEEP = 'gemini-image:studio-token'

/**
 * What the page proves itself with: `#token=…` of the link that was printed, then what this tab has kept, then what the
 * server gives to pages of its own origin.
 * @returns `undefined` where the server gives none: a person must open the link.
 */
export async function findToken(): Promise<string | undefined> {
  const token = fromAddress() ?? sessionStorage.getItem(KEEP) ?? (await fromServer())
  if (token) sessionStorage.setItem(KEEP, token)
  return token
}

/** The token that this tab has kept, for the addresses of images. */
export function keptToken(): string {
  return sessionStorage.getItem(KEEP) ?? ''
}

/** A server that starts again has another token. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEEP)
}

/** Takes it out of the address, so that no bookmark and no screenshot holds it. */
function fromAddress(): string | undefined {
  const fragment = new URLSearchParams(location.hash.slice(1))
  const token = fragment.get('token')
  if (!token) return undefined
  history.replaceState(undefined, '', `${location.pathname}${location.search}#/`)
  return token
}

async function fromServer(): Promise<string | undefined> {
  const response = await fetch('token', { cache: 'no-store' })
  if (response.status === 403) return undefined
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  const body: unknown = await response.json()
  return typeof body === 'object' && body && 'token' in body ? String(body.token) : undefined
}
