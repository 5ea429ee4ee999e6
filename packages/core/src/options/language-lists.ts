import jsTokens from 'js-tokens'
import { readLiteral } from '../declare/inline/literal.ts'
import type { SiteLanguages } from '../declare/languages.ts'
import { isGeminiImageError } from '../kernel/errors/error.ts'
import type { Place } from '../kernel/place.ts'

/** What a configuration says of languages, before it is known from which file. */
export type LanguageList = Pick<SiteLanguages, 'list'> & Partial<SiteLanguages>

/** @see https://docs.astro.build/en/reference/configuration-reference/#i18n */
export function readAstro(text: string): LanguageList | undefined {
  const script = new Script(text)
  const i18n = script.objectAfter('i18n', ':')
  const locales = script.valueIn(i18n, 'locales')
  // Starlight makes Astro's own of these.
  if (!Array.isArray(locales)) return byFolder(script)
  const codes = new Map<string, string>()
  for (const one of locales) {
    const { path, codes: [code] = [] } = Object(one) as { path?: string; codes?: string[] }
    // A page is in the first code of its path, says `Astro.currentLocale`.
    if (typeof one === 'string') codes.set(one, one)
    else if (path !== undefined && code !== undefined) codes.set(path, code)
  }
  const codeOf = (name: unknown): string => codes.get(String(name)) ?? String(name)
  const fallback = Object.entries(Object(script.valueIn(i18n, 'fallback')) as object)
  return listOf([...codes.values()], {
    main: mapped(script.valueIn(i18n, 'defaultLocale'), codeOf),
    fallback: Object.fromEntries(fallback.map(([from, to]) => [codeOf(from), codeOf(to)])),
  })
}

/** @see https://nextjs.org/docs/pages/guides/internationalization */
export function readNext(text: string): LanguageList | undefined {
  const script = new Script(text)
  return readLists(script, script.objectAfter('i18n', ':'))
}

/** @see https://next-intl.dev/docs/routing */
export function readNextIntl(text: string): LanguageList | undefined {
  const script = new Script(text)
  return readLists(script, script.objectAfter('defineRouting', '('))
}

/** @see https://vitepress.dev/guide/i18n */
export function readVitePress(text: string): LanguageList | undefined {
  return byFolder(new Script(text))
}

/** @see https://inlang.com/schema/project-settings */
export function readParaglide(text: string): LanguageList | undefined {
  try {
    const said = Object(JSON.parse(text)) as Record<string, unknown>
    // The names of earlier versions come second.
    const list = said['locales'] ?? said['languageTags']
    return listOf(list, { main: said['baseLocale'] ?? said['sourceLanguageTag'] })
  } catch {
    return undefined
  }
}

function readLists(script: Script, open: number | undefined): LanguageList | undefined {
  return listOf(script.valueIn(open, 'locales'), { main: script.valueIn(open, 'defaultLocale') })
}

/** The language whose pages lie in no folder. */
const ROOT = 'root'

/** Languages of which each has a folder, and one has none. */
function byFolder(script: Script): LanguageList | undefined {
  const locales = script.objectAfter('locales', ':')
  const list = [...script.propertiesOf(locales)].flatMap(([folder, { start }]) => {
    const lang = script.valueIn(start, 'lang')
    if (typeof lang === 'string') return { folder, lang }
    return folder === ROOT ? [] : { folder, lang: folder }
  })
  return listOf(
    list.map(({ lang }) => lang),
    { main: list.find(({ folder }) => folder === ROOT)?.lang },
  )
}

function listOf(
  list: unknown,
  { main, fallback }: { readonly main?: unknown; readonly fallback?: SiteLanguages['fallback'] },
): LanguageList | undefined {
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string' && one !== ''))
    return undefined
  if (list.length === 0) return undefined
  const languages = list as string[]
  return {
    list: languages,
    ...(typeof main === 'string' && languages.includes(main) && { default: main }),
    ...(fallback && { fallback }),
  }
}

function mapped(value: unknown, to: (name: unknown) => string): string | undefined {
  return value === undefined ? undefined : to(value)
}

interface Token {
  readonly type: string
  readonly value: string
  readonly start: number
}

const PASSED_OVER = new Set([
  'WhiteSpace',
  'LineTerminatorSequence',
  'SingleLineComment',
  'MultiLineComment',
])
const OPENING = new Set(['(', '[', '{'])
const CLOSING = new Set([')', ']', '}'])
const NOWHERE: Place = { file: '', path: '', line: 1, column: 1 }

/** A configuration in JavaScript or TypeScript, of which only constants are read. */
class Script {
  readonly #text: string
  readonly #tokens: readonly Token[]

  constructor(text: string) {
    this.#text = text
    const tokens: Token[] = []
    let start = 0
    for (const { type, value } of jsTokens(text)) {
      if (!PASSED_OVER.has(type)) tokens.push({ type, value, start })
      start += value.length
    }
    this.#tokens = tokens
  }

  /** Where the first object begins that stands behind a name and a sign. */
  objectAfter(name: string, sign: ':' | '('): number | undefined {
    const index = this.#tokens.findIndex(
      ({ value }, at) =>
        unquoted(value) === name &&
        this.#tokens[at + 1]?.value === sign &&
        this.#tokens[at + 2]?.value === '{',
    )
    return index === -1 ? undefined : this.#tokens[index + 2]?.start
  }

  /** The names of an object's properties, with where their values begin and end. */
  propertiesOf(open: number | undefined): ReadonlyMap<string, Range> {
    const found = new Map<string, Range>()
    const first = open === undefined ? -1 : this.#tokens.findIndex(({ start }) => start === open)
    if (first === -1 || this.#tokens[first]?.value !== '{') return found
    let depth = 0
    let last: { readonly name: string; readonly start: number } | undefined
    for (const [offset, { value, start }] of this.#tokens.slice(first).entries()) {
      if (CLOSING.has(value)) depth -= 1
      const isEnd = depth === 0 ? offset > 0 : depth === 1 && value === ','
      if (isEnd && last) found.set(last.name, { start: last.start, end: start })
      if (isEnd) last = undefined
      if (depth === 0 && offset > 0) break
      if (OPENING.has(value)) depth += 1
      if (depth === 1) last ??= this.#propertyAt(first + offset)
    }
    return found
  }

  /** The property whose name stands behind a sign. */
  #propertyAt(index: number): { readonly name: string; readonly start: number } | undefined {
    const [sign, name, colon, value] = this.#tokens.slice(index, index + 4)
    const isOne = (sign?.value === '{' || sign?.value === ',') && colon?.value === ':'
    return isOne && name && value ? { name: unquoted(name.value), start: value.start } : undefined
  }

  /** The value of an object's property; `undefined` where that is no constant. */
  valueIn(open: number | undefined, name: string): unknown {
    const range = this.propertiesOf(open).get(name)
    if (!range) return undefined
    try {
      return readLiteral(this.#text.slice(range.start, range.end), 0, () => NOWHERE).value
    } catch (error) {
      if (isGeminiImageError(error)) return undefined
      throw error
    }
  }
}

interface Range {
  readonly start: number
  readonly end: number
}

function unquoted(value: string): string {
  return value.replace(/^(["'])(.*)\1$/, '$2')
}
