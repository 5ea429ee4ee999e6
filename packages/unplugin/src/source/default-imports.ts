/** A prompt file between quotes. What stands between blanks or quotes is one specifier. */
const QUOTED = /["'`]([^\s"'`]+\.prompt\.md\?[^\s"'`]*)(?=["'`])/g
/** An import of one name and nothing else. Attributes may change what is imported. */
const DEFAULT_IMPORT =
  /\bimport\s+[\p{ID_Start}$_][\p{ID_Continue}$]*\s+from\s*(?:"([^\s"'`]+)"|'([^\s"'`]+)')(?!\s*(?:with|assert)\b)/gu

/**
 * The specifiers of prompt files of which a module asks for nothing but the default export. One that stands in
 * the text a second time, in whatever way, is none of them; nor is anything that this reading does not know.
 * One in a comment is nothing that anybody asks for.
 */
export function findDefaultImports(code: string): readonly string[] {
  if (!code.includes('.prompt.md?')) return []
  const counts = new Map<string, number>()
  for (const [, specifier = ''] of code.matchAll(QUOTED)) {
    counts.set(specifier, (counts.get(specifier) ?? 0) + 1)
  }
  return [...code.matchAll(DEFAULT_IMPORT)]
    .map(([, double, single]) => double ?? single ?? '')
    .filter((specifier) => counts.get(specifier) === 1)
}
