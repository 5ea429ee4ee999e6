import type { ProviderWords } from '../definition.ts'

/** How messages speak of Google, whichever of its services answers. */
export const GOOGLE_WORDS: ProviderWords = {
  company: 'Google',
  search: 'Google Search',
  guide: "Google's guide",
}
