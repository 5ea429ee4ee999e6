const PICTURE = /[\w.-]+\.[0-9a-f]{12}\.(?:jpg|png|webp)/g

/** The names of the stored pictures and placeholders that a page shows: in images, and as backgrounds. */
export function shownFiles(page: Document): string[] {
  const images = [...page.querySelectorAll('img, source, video')].flatMap((element) =>
    ['src', 'srcset', 'poster'].map((name) => element.getAttribute(name) ?? ''),
  )
  const backgrounds = [...page.querySelectorAll('*')].map(
    (element) => getComputedStyle(element).backgroundImage,
  )
  const loaded = performance.getEntriesByType('resource').map(({ name }) => name)
  const text = [...images, ...backgrounds, ...loaded].map(decode).join('\n')
  return [...new Set(text.match(PICTURE))]
}

/** A dev server's image endpoint carries the file in its query. */
function decode(address: string): string {
  try {
    return decodeURIComponent(address)
  } catch {
    return address
  }
}
