/** Lower case, with what file systems and addresses dislike taken out; `picture` where nothing is left. */
export function toSlug(text: string): string {
  if (/^[a-z0-9]{1,60}$/.test(text)) return text
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const slug = plain.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '')
  // Store names stay readable and far below the 255 bytes that file systems allow.
  return slug.slice(0, 60).replace(/-$/, '') || 'picture'
}
