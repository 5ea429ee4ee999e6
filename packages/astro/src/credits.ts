import type { Grounding } from '@gemini-image/core/internal'

/** A page that was looked at. */
export interface CreditedPage {
  readonly title: string
  /** Where it is; `undefined` where the address is not one of the web. */
  readonly url: string | undefined
}

/** What is to be shown beside pictures of looked-up data. */
export interface Credits {
  /** Whole HTML documents, each with Google's search suggestions as they came. */
  readonly suggestions: readonly string[]
  readonly pages: readonly CreditedPage[]
}

/**
 * The credits of pictures, each page once. Where nothing was looked up, both lists are empty.
 * @param of What picture imports export as `grounding`.
 */
export function creditsOf(of: Grounding | undefined | readonly (Grounding | undefined)[]): Credits {
  const groundings = [of].flat().filter((one) => one !== undefined) as readonly Grounding[]
  const suggestions = groundings.flatMap(({ searchSuggestions }) => searchSuggestions ?? [])
  const pages = groundings.flatMap(({ sources }) => sources).map(toPage)
  return {
    suggestions: [...new Set(suggestions)].map(toDocument),
    pages: [...new Map(pages.map((page) => [page.url ?? page.title, page])).values()],
  }
}

/**
 * Google's HTML is shown as it is, in a frame of its own: its styles are for short class names such as
 * `container`, which a page may have as well. Its links open beside the page.
 * @see https://ai.google.dev/gemini-api/docs/grounding/search-suggestions
 */
function toDocument(html: string): string {
  // Without this, a frame on a dark page is a white box.
  const schemes = '<meta name="color-scheme" content="light dark">'
  return `<!doctype html><meta charset="utf-8">${schemes}<base target="_blank"><style>body{margin:0}</style>${html}`
}

function toPage({ url, title }: Grounding['sources'][number]): CreditedPage {
  const parsed = URL.parse(url)
  const isOfTheWeb = parsed?.protocol === 'https:' || parsed?.protocol === 'http:'
  if (!parsed || !isOfTheWeb) return { title: title || url, url: undefined }
  return { title: title || parsed.hostname, url: parsed.href }
}
