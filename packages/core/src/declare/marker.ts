/** The query parameter that asks for a picture. */
export const MARKER = 'gemini-image'
/** As it is written, and as tools write a parameter without a value, or one that is `true`. */
const MARKERS: ReadonlySet<string> = new Set([MARKER, `${MARKER}=`, `${MARKER}=true`])

/** A specifier or module id with our marker, taken apart. */
export interface MarkedId {
  /** What stands before the query. */
  readonly file: string
  /** The rest of the query without our marker: `?w=400`, or empty. */
  readonly query: string
}

/**
 * Takes `./hero.prompt.md?gemini-image&w=400` apart; `undefined` where the marker is not a query
 * parameter of its own. The store's folder is called `.gemini-image`, so a substring proves nothing.
 */
export function splitMarker(id: string): MarkedId | undefined {
  const query = id.indexOf('?')
  if (query === -1) return undefined
  // Nearly every import ends in the marker alone.
  if (id.length === query + 1 + MARKER.length && id.endsWith(MARKER) && !id.includes('#')) {
    return { file: id.slice(0, query), query: '' }
  }
  const [beforeHash = ''] = id.split('#', 1)
  const start = beforeHash.indexOf('?')
  if (start === -1) return undefined
  const parameters = beforeHash.slice(start + 1).split('&')
  const rest = parameters.filter((parameter) => !MARKERS.has(parameter))
  if (rest.length === parameters.length) return undefined
  return { file: beforeHash.slice(0, start), query: rest.length > 0 ? `?${rest.join('&')}` : '' }
}
