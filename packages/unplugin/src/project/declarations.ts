import type { DeclarationId } from '@gemini-image/core/internal'

/**
 * The declarations that the source makes, as far as this process has seen: a scan found them, or a
 * module was transformed or imported. Nothing else may cost money, whatever a URL says.
 */
export interface Declarations {
  has(id: DeclarationId): boolean
  add(id: DeclarationId): void
  all(): Iterable<DeclarationId>
}

/** An empty registry. Paths may have slashes of either kind. */
export function createDeclarations(): Declarations {
  const ids = new Set<string>()
  const key = (id: DeclarationId): string => id.replaceAll('\\', '/')
  return {
    has: (id) => ids.has(key(id)),
    add: (id) => void ids.add(key(id)),
    all: () => ids.values(),
  }
}
