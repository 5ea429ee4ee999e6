import path from 'node:path'

/** What an address in a page leads to: a file of the site, bytes in the page itself, or neither. */
export type Target =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | undefined

/** Stands for wherever the site will be. */
const SITE = 'https://site.invalid'
/** Parameters in which image servers are told which file to take: Next.js, Astro. */
const SOURCES = ['url', 'href']

/**
 * Finds what an address means. Of whole addresses only the path counts, and leading folders are dropped until a
 * file fits: a site may be served from below another path.
 * @param page The page that says it, from the site's folder.
 * @param files All images of the site, from its folder.
 */
export function findTarget(address: string, page: string, files: ReadonlySet<string>): Target {
  const data = /^data:image\/[\w.+-]+(;base64)?,(.*)$/is.exec(address)
  if (data) {
    const [, base64, content = ''] = data
    return { kind: 'data', bytes: base64 ? Buffer.from(content, 'base64') : decode(content) }
  }
  const url = URL.parse(address, `${SITE}/${page}`)
  if (!url || !/^https?:$/.test(url.protocol)) return undefined
  const source = SOURCES.map((name) => url.searchParams.get(name)).find(Boolean)
  const file = findFile(url.pathname, files) ?? (source && findFile(pathOf(source), files))
  return file ? { kind: 'file', file } : undefined
}

function pathOf(address: string): string {
  return URL.parse(address, SITE)?.pathname ?? ''
}

function findFile(pathname: string, files: ReadonlySet<string>): string | undefined {
  const parts = path.posix.normalize(decode(pathname).toString()).split('/').filter(Boolean)
  const tails = parts.map((_, index) => parts.slice(index).join('/'))
  return tails.find((tail) => files.has(tail))
}

function decode(text: string): Buffer {
  try {
    return Buffer.from(decodeURIComponent(text))
  } catch {
    return Buffer.from(text)
  }
}
