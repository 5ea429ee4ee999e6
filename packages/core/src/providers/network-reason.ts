// What `fetch` says of what went wrong on the way.

/** Errors of a connection that never came to be: no request was sent. */
export const NEVER_SENT: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
])

export function isTimeout(cause: unknown): boolean {
  return (cause as Error).name === 'TimeoutError'
}

interface Reason {
  readonly code: string
  /** The code and the words of what `fetch` met. */
  readonly said: string
}

/** What `fetch` hides in the causes of its TypeError: the innermost knows best. */
export function reasonOf(error: unknown): Reason {
  const { cause, message, code } = error as NodeJS.ErrnoException
  if (cause instanceof Error && (cause.message || cause.cause)) return reasonOf(cause)
  const name = (cause as NodeJS.ErrnoException | undefined)?.code ?? code
  // A DOMException has a number.
  const known = typeof name === 'string' ? name : ''
  return { code: known, said: [known, message].filter(Boolean).join(': ') }
}
