import type { Grounding } from '@gemini-image/core/internal'

export type { Grounding } from '@gemini-image/core/internal'

/** A page that was looked at. */
export interface CreditedPage {
  readonly title: string
  /** Where it is; `undefined` where the address is not one of the web. */
  readonly url: string | undefined
}

/** Credits to be shown beside pictures of looked-up data. */
export interface Credits {
  /** Whole HTML documents, each with Google's search suggestions as they came. */
  readonly suggestions: readonly string[]
  readonly pages: readonly CreditedPage[]
}

/** `grounding` as picture imports export it: of one picture, or of several. */
export type Grounded = Grounding | undefined | readonly (Grounding | undefined)[]

/** Names for assistive technology. */
export interface CreditLabels {
  /** Names the section. @default 'Image sources' */
  readonly label?: string | undefined
  /** Names the search suggestions. @default 'Google Search suggestions' */
  readonly searchLabel?: string | undefined
}

/** The props of a component of credits. */
export interface CreditsProps extends CreditLabels {
  readonly of: Grounded
}

/** {@link CreditLabels} where nothing else is said. */
export const CREDIT_LABELS: Readonly<Record<keyof CreditLabels, string>> = {
  label: 'Image sources',
  searchLabel: 'Google Search suggestions',
}

/** The frame of search suggestions: neither scripts nor the site's storage, only links that open in a tab of their own. */
export const SUGGESTIONS_SANDBOX = 'allow-popups allow-popups-to-escape-sandbox'

/** The frame's style: one row of Google's chips, which scrolls sideways by itself. */
export const SUGGESTIONS_STYLE = {
  display: 'block',
  inlineSize: '100%',
  blockSize: 'var(--gemini-image-suggestions-height,4rem)',
  border: '0',
  colorScheme: 'light dark',
} as const

/** {@link SUGGESTIONS_STYLE} as the text of an attribute. */
export const SUGGESTIONS_CSS: string = Object.entries(SUGGESTIONS_STYLE)
  .map(([name, value]) => {
    const property = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return `${property}:${value}`
  })
  .join(';')

/**
 * The credits of pictures as HTML, for pages without components; empty where nothing was looked up. Google wants them
 * to be shown beside a picture of looked-up data.
 *
 * ```ts
 * import weather, { grounding } from './weather.prompt.md?gemini-image'
 * import { creditsHtml } from 'unplugin-gemini-image/credits'
 *
 * document.querySelector('#credits').innerHTML = creditsHtml({ of: grounding })
 * ```
 *
 * @see https://ai.google.dev/gemini-api/docs/grounding/search-suggestions
 */
export function creditsHtml({
  of,
  label = CREDIT_LABELS.label,
  searchLabel = CREDIT_LABELS.searchLabel,
}: CreditsProps): string {
  const { suggestions, pages } = creditsOf(of)
  if (suggestions.length === 0 && pages.length === 0) return ''
  const frames = suggestions.map(
    (document) =>
      `<iframe title="${escape(searchLabel)}" srcdoc="${escape(document)}" sandbox="${SUGGESTIONS_SANDBOX}" loading="lazy" style="${SUGGESTIONS_CSS}"></iframe>`,
  )
  const items = pages.map(({ title, url }) => {
    const text = escape(title)
    if (url === undefined) return `<li>${text}</li>`
    return `<li><a href="${escape(url)}" target="_blank" rel="noopener noreferrer">${text}</a></li>`
  })
  const list = items.length > 0 ? `<ul>${items.join('')}</ul>` : ''
  return `<section class="gemini-image-credits" aria-label="${escape(label)}">${frames.join('')}${list}</section>`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/**
 * The credits of pictures, each page once. Where nothing was looked up, both lists are empty.
 */
export function creditsOf(of: Grounded): Credits {
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
