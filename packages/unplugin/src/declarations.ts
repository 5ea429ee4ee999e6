/**
 * The prompt files that the source asks for, as far as this process has seen: a scan found them, or
 * a module imported them. Nothing else may cost money, whatever a URL says.
 */
export interface Declarations {
  has(promptFile: string): boolean
  add(promptFile: string): void
  all(): Iterable<string>
}

/** An empty registry. Paths may have slashes of either kind. */
export function createDeclarations(): Declarations {
  const files = new Set<string>()
  const key = (file: string): string => file.replaceAll('\\', '/')
  return {
    has: (file) => files.has(key(file)),
    add: (file) => void files.add(key(file)),
    all: () => files.values(),
  }
}
