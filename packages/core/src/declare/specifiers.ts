import { splitMarker } from './marker.ts'

// Imports, url(), src and srcset, and the patterns of import.meta.glob all write a path between
// quotes, brackets, white space or commas.
const SPECIFIER = /[^"'`()\s<>,=]+\.prompt\.md(?:\?[^"'`()\s<>,]*)?/g

/**
 * What a source file asks for: specifiers with our marker, and glob patterns for prompt files where
 * the file speaks of gemini-image. Reads text, not syntax: what it finds too much costs nothing
 * until a prompt file of that name exists.
 */
export function findSpecifiers(source: string): string[] {
  if (!source.includes('gemini-image')) return []
  const found: string[] = []
  for (const raw of source.match(SPECIFIER) ?? []) {
    const specifier = raw.includes('&') ? raw.replaceAll('&amp;', '&') : raw
    const marked = splitMarker(specifier)
    if (marked) found.push(marked.file)
    else if (specifier.includes('*')) found.push(specifier)
  }
  return found
}
