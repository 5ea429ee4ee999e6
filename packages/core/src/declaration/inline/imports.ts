import type { Source } from './source.ts'

/** A statement that imports names of ours from a module of ours. */
export interface OurImport {
  readonly start: number
  readonly end: number
  /** Name here → name there. */
  readonly names: ReadonlyMap<string, string>
}

const IMPORT =
  /\bimport\s+(?:type\s+)?\{([^}]*)\}\s*from\s*(["'])((?:unplugin|astro)-gemini-image\/(?:macro|components|schema))\2[ \t]*;?/g
const NAME = /^(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?$/

/** The modules of ours whose use is read from source code. */
export type OurModule = 'macro' | 'components' | 'schema'

/**
 * The imports of a module of ours. Without one, a function or a component of the same name is the
 * user's own.
 */
export function findOurImports(source: Source, part: OurModule): readonly OurImport[] {
  // Most files have nothing of ours.
  if (!source.text.includes(`-gemini-image/${part}`)) return []
  return [...source.text.matchAll(IMPORT)].flatMap((match) => {
    const [whole, names = '', , module = ''] = match
    if (!module.endsWith(part) || source.isInert(match.index)) return []
    return { start: match.index, end: match.index + whole.length, names: readNames(names) }
  })
}

function readNames(list: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const item of list.split(',')) {
    const [, there, here = there] = NAME.exec(item.trim()) ?? []
    if (there !== undefined && here !== undefined) names.set(here, there)
  }
  return names
}
