import type { Page, PagePlace } from './page.ts'

const MADE = 'generated|drawn|made|created|painted|illustrated|edited|rendered'
const PICTURES = 'images?|pictures?|photos?|illustrations?|drawings?|artworks?|covers?'
const MACHINE = String.raw`AI|A\.I\.|artificial intelligence|Gemini|Nano Banana|Imagen`

/**
 * What counts as a visible disclosure where a project names no text of its own: within one sentence, that
 * something was made by a machine, or that pictures are generated.
 */
const PATTERNS: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:${MADE})\b[^.!?]{0,60}\b(?:${MACHINE})(?!\w)`, 'i'),
  new RegExp(String.raw`\b(?:${MACHINE})[- ](?:${MADE}|${PICTURES})\b`, 'i'),
  new RegExp(
    String.raw`\b(?:${PICTURES})\b[^.!?]{0,40}\b(?:is|are|was|were)\b[^.!?]{0,20}\bgenerated\b`,
    'i',
  ),
]

/** Where a page tells people that pictures are generated; `undefined` where it does not. */
export interface Disclosure {
  readonly place: PagePlace
  readonly text: string
}

/**
 * The visible disclosure of a page: text that is shown, and says so. Alternative text is not seen, and
 * counts for nothing. Whether styles hide the text is not known here.
 * @param wanted A text that counts, in place of our patterns; upper and lower case are one.
 */
export function findDisclosure({ texts }: Page, wanted?: string): Disclosure | undefined {
  const says = (text: string): boolean =>
    wanted === undefined
      ? PATTERNS.some((pattern) => pattern.test(text))
      : text.toLowerCase().includes(clean(wanted).toLowerCase())
  const found = texts.map(({ text, place }) => ({ text: clean(text), place }))
  return found.find(({ text }) => says(text))
}

function clean(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}
