/**
 * What people are told of a failure that no build can report; `undefined` where somebody has ended the work, which is none.
 */
export function failureMessage(error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error)
  return error.name === 'AbortError' ? undefined : error.message
}
