import { Source } from '../inline/source.ts'
import { withMarker } from '../marker.ts'
import { requestOf, type FileRequest } from './request.ts'

/** Files whose tags a template engine may run. */
export const TEMPLATE: RegExp = /\.(?:md|markdown|njk|liquid|html?)$/

const COMMENT =
  /\{#-?\s[^]*?#\}|\{%-?\s*(?<tag>comment|raw|verbatim)\s*-?%\}[^]*?\{%-?\s*end\k<tag>\s*-?%\}/g

/** A template of the same length, without comments, code blocks and raw text. A bundler takes a page as it stands. */
export function liveTemplate(text: string, kind: string): string {
  return /\.html?$/.test(kind) ? text : live(text, kind)
}

function live(text: string, kind: string): string {
  const source = new Source(text, { file: kind, root: '' })
  return source.live().replaceAll(COMMENT, (comment) => comment.replaceAll(/[^\n]/g, ' '))
}

const SHORTCODE = /\{%-?\s*geminiImage\s+(?:"(?<double>[^"\n]*)"|'(?<single>[^'\n]*)')/g

/** What the shortcodes of a template ask for: `{% geminiImage "hero.prompt.md" %}`, relative to the template. */
export function findInTemplate(text: string, kind: string): FileRequest[] {
  if (!text.includes('geminiImage')) return []
  return [...live(text, kind).matchAll(SHORTCODE)].flatMap(({ 0: whole, index, groups }) => {
    const written = groups?.['double'] ?? groups?.['single'] ?? ''
    const start = index + whole.length - written.length - 1
    const file = /^\.{0,2}\//.test(written) ? written : `./${written}`
    return requestOf(withMarker(file), start, start + written.length)
  })
}
