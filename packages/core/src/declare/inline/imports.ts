import type { Source } from './source.ts'

export interface OurImport {
  readonly start: number
  readonly end: number
  /** Name here → name there. */
  readonly names: ReadonlyMap<string, string>
  /** What of it are types, as a statement; `undefined` where nothing is. */
  readonly types: string | undefined
}

const IMPORT =
  /\bimport\s+\{([^}]*)\}\s*from\s*(["'])((?:unplugin|astro)-gemini-image\/(?:macro|components|schema))\2[ \t]*;?/g
const NAME = /^([\w$]+)(?:\s+as\s+([\w$]+))?$/
const TYPE = /^type\s+/

type OurModule = 'macro' | 'components' | 'schema'

/** Whether a text may import a module of ours: most do not. */
export function mentions(text: string, part: OurModule): boolean {
  return text.includes(`-gemini-image/${part}`)
}

/**
 * The imports of a module of ours. Without one, a function or a component of the same name is the
 * user's own.
 */
export function findOurImports(source: Source, part: OurModule): readonly OurImport[] {
  if (!mentions(source.text, part)) return []
  return [...source.text.matchAll(IMPORT)].flatMap((match) => {
    const [whole, list = '', , module = ''] = match
    if (!module.endsWith(part) || source.isInert(match.index)) return []
    const specifiers = list.split(',').map((one) => one.trim())
    const types = specifiers.filter((one) => TYPE.test(one)).map((one) => one.replace(TYPE, ''))
    return {
      start: match.index,
      end: match.index + whole.length,
      names: readNames(specifiers),
      types: types.length > 0 ? `import type { ${types.join(', ')} } from '${module}';` : undefined,
    }
  })
}

function readNames(specifiers: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const specifier of specifiers) {
    const [, there, here = there] = NAME.exec(specifier) ?? []
    if (there !== undefined && here !== undefined) names.set(here, there)
  }
  return names
}
