/** An import among those that a module begins with. */
export interface HeadImport {
  readonly specifier: string
  /** Where the specifier's quotes begin and end. */
  readonly start: number
  readonly end: number
  /** Whether nothing but the default export is imported. */
  readonly isDefault: boolean
}

/** What may stand between imports: white space, comments, and directives such as `'use client'`. */
const BETWEEN = /(?:[\s\uFEFF;]|\/\/[^\n]*|\/\*[^]*?\*\/|(?:"use \w+"|'use \w+')(?=\s*[;\n]))*/y

/** An import, up to the end of its specifier; attributes may change what is imported. */
const IMPORT =
  /import\b\s*((?:\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*\n|[^"'`;()=./])*?)(?:\bfrom\s*)?("[^"\\\n]*"|'[^'\\\n]*')(?!\s*(?:with|assert)\b)/y

/** What TypeScript leaves nothing of. `type` alone may be a name. */
const TYPE_ONLY = /^type\s+(?!from\s*$)[^\s,]/

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*\s*$/u

/**
 * The imports that a module begins with, up to the first statement of another kind: whatever stands there is
 * no text, no comment and no JSX, so that it can be told without parsing the module.
 */
export function readImportHead(code: string): readonly HeadImport[] {
  const found: HeadImport[] = []
  for (let offset = 0; ;) {
    BETWEEN.lastIndex = offset
    BETWEEN.exec(code)
    IMPORT.lastIndex = BETWEEN.lastIndex
    const [, clause = '', quoted] = IMPORT.exec(code) ?? []
    if (quoted === undefined) return found
    offset = IMPORT.lastIndex
    if (TYPE_ONLY.test(clause)) continue
    const specifier = quoted.slice(1, -1)
    found.push({
      specifier,
      start: offset - quoted.length,
      end: offset,
      isDefault: NAME.test(clause),
    })
  }
}
