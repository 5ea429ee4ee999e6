import { fileOfId, type DeclarationId } from '@gemini-image/core/host'

/**
 * The declarations that the source makes, as far as this process has seen: a scan found them, or a
 * module was transformed or imported. Nothing else may cost money, whatever a URL says.
 */
export interface Declarations {
  has(id: DeclarationId): boolean
  /** Whether one of them is written in a file. */
  isIn(file: string): boolean
  add(id: DeclarationId): void
  all(): Iterable<DeclarationId>
}

/** An empty registry. Paths may have slashes of either kind. */
export function createDeclarations(): Declarations {
  const ids = new Set<string>()
  const files = new Set<string>()
  const key = (id: DeclarationId): string => id.replaceAll('\\', '/')
  return {
    has: (id) => ids.has(key(id)),
    isIn: (file) => files.has(key(file)),
    add: (id) => {
      ids.add(key(id))
      files.add(key(fileOfId(id)))
    },
    all: () => ids.values(),
  }
}
