import type { SearchType } from './models.ts'

/** What Google Search came up with. */
export interface SearchResult {
  type: SearchType
  queries: readonly string[]
}

const longestQuery = 60
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' }

export const webSource = {
  uri: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/web-1',
  title: 'Birds of the reeds',
  domain: 'example.org',
} as const

export const imageSource = {
  sourceUri: 'https://vertexaisearch.cloud.google.com/grounding-api-redirect/image-1',
  imageUri: 'https://example.org/heron.jpg',
  title: 'A heron at dawn',
  domain: 'example.org',
} as const

export function search(types: readonly SearchType[], prompt: string): SearchResult[] {
  const query = prompt.slice(0, longestQuery)
  return types.map((type) => ({ type, queries: [type === 'web' ? query : `${query} photo`] }))
}

/** The snippet that Google's terms want shown. */
export function searchSuggestions(results: readonly SearchResult[]): string {
  const chips = results
    .flatMap(({ queries }) => queries)
    .map((query) => {
      const address = `https://www.google.com/search?q=${encodeURIComponent(query)}`
      const label = query.replaceAll(/[&<"]/g, (sign) => entities[sign] ?? sign)
      return `<a class="chip" href="${address}">${label}</a>`
    })
  const style =
    '<style>.container{display:flex;gap:8px;padding:8px 0;overflow-x:auto;font:14px/20px sans-serif}' +
    '.chip{flex:none;padding:5px 14px;border:1px solid #d2d2d2;border-radius:16px;background:#fafafa;color:#1f1f1f;text-decoration:none}' +
    '@media (prefers-color-scheme:dark){.chip{border-color:#3c4043;background:#1f1f1f;color:#fff}}</style>'
  return `${style}<div class="container">${chips.join('')}</div>`
}
