const HIDDEN = '[hidden]'

/** What may be a key that nobody has named: letters and digits in one, longer than any word. */
const LIKE_A_KEY = /(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])[\w-]{20,}/g

/** Text of a server or a package, which may repeat a key, without any. @param secrets The keys that are known. */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.reduce((rest, secret) => rest.replaceAll(secret, HIDDEN), text)
  return known.replace(LIKE_A_KEY, HIDDEN)
}
