/** The query parameter that asks for a picture. */
const MARKER = 'gemini-image'
/** As it is written, and as tools write a parameter without a value, or one that is `true`. */
const MARKERS: ReadonlySet<string> = new Set([MARKER, `${MARKER}=`, `${MARKER}=true`])
/** Behind a query that is there already. */
const AGAIN = /\?(?=gemini-image(?:[&=#]|$))/

/** A specifier that asks for a picture, given one that names a prompt file with whatever it says behind its path. */
export function withMarker(specifier: string): string {
  if (splitMarker(specifier)) return specifier
  return `${specifier}${/\.prompt\.md\?/.test(specifier) ? '&' : '?'}${MARKER}`
}

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
  const file = id.slice(0, query)
  if (file.includes('#')) return undefined
  // A template puts the marker behind what a page names: "{{ cover }}?gemini-image".
  const parameters = parametersIn(id.slice(query + 1).replace(AGAIN, '&'))
  const rest = parameters.filter((parameter) => !MARKERS.has(parameter))
  if (rest.length === parameters.length) return undefined
  return { file, query: rest.length > 0 ? `?${rest.join('&')}` : '' }
}

/** Those in front of a fragment. In a value of a set, "#" is a sign like any other. */
function parametersIn(query: string): readonly string[] {
  if (!query.includes('#')) return query.split('&')
  const parameters: string[] = []
  for (const parameter of query.split('&')) {
    const hash = parameter.startsWith('each=') ? -1 : parameter.indexOf('#')
    if (hash !== -1) return [...parameters, parameter.slice(0, hash)]
    parameters.push(parameter)
  }
  return parameters
}
