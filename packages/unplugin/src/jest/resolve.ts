import path from 'node:path'

/** Patterns of module names, each with the path that stands for them: Jest's `moduleNameMapper`. */
export type Aliases = readonly (readonly [pattern: string, target: string | readonly string[]])[]

/**
 * The absolute path of a prompt file, by what an import says before its query: a path from the importer, or one that
 * `moduleNameMapper` turns into a path. Any other may be anywhere.
 */
export function resolvePromptFile(
  specifier: string,
  importer: string,
  aliases: Aliases,
): string | undefined {
  if (/^\.{1,2}\//.test(specifier)) return path.resolve(path.dirname(importer), specifier)
  for (const [pattern, target] of aliases) {
    const groups = new RegExp(pattern).exec(specifier)
    if (!groups) continue
    const [first = ''] = typeof target === 'string' ? [target] : target
    const mapped = first.replaceAll(/\$(\d+)/g, (_, index: string) => groups[Number(index)] ?? '')
    if (path.isAbsolute(mapped)) return path.normalize(mapped)
  }
  return undefined
}
