import jsTokens, { type Token as LexedToken } from 'js-tokens'
import { isGeminiImageError } from '../../kernel/errors/error.ts'
import type { Place } from '../../kernel/place.ts'
import { readLiteral } from '../inline/literal.ts'
import { splitMarker } from '../marker.ts'
import { splitSelection } from '../selection.ts'
import { readImportHead } from './import-head.ts'
import {
  mayRequest,
  requestOf,
  type FileRequest,
  type GlobRequest,
  type PictureRequest,
} from './request.ts'
import { findInStyle } from './style.ts'

/**
 * What JavaScript or TypeScript asks for where a bundler follows it: by `import`, `require`, `new URL()` and
 * `import.meta.glob`. Comments and other texts ask for nothing, but for `url()` in a text: class names of Tailwind are
 * such.
 * @param offset Where the script begins in its file.
 * @param jsx Whether `<` may begin an element.
 */
export function findInScript(code: string, offset: number, jsx: boolean): PictureRequest[] {
  const head = readImportHead(code)
  const imports = head.flatMap(({ specifier, start, end }) =>
    requestOf(specifier, offset + start + 1, offset + end - 1),
  )
  // Most modules ask in their first lines only, which are read without taking all of them apart.
  const rest = head.at(-1)?.end ?? 0
  if (!mayRequest(code, rest)) return imports
  return [...imports, ...new Script(code, { rest, offset, jsx }).requests()]
}

/** What a script imports, by texts that are written out. */
export function importsOfScript(code: string, jsx: boolean): string[] {
  const head = readImportHead(code)
  const script = new Script(code, { rest: head.at(-1)?.end ?? 0, offset: 0, jsx })
  return [...head.map(({ specifier }) => specifier), ...script.imports()]
}

interface Token {
  readonly type: LexedToken['type'] | `JSX${string}`
  readonly value: string
  readonly start: number
}

const PASSED_OVER = new Set(['WhiteSpace', 'LineTerminatorSequence', 'SingleLineComment'])
const OPENING = new Set(['(', '[', '{'])
const CLOSING = new Set([')', ']', '}'])
const TEXTS = new Set(['StringLiteral', 'NoSubstitutionTemplate', 'TemplateHead'])

function* tokensOf(code: string, from: number, jsx: boolean): Generator<Token> {
  const text = code.slice(from)
  let start = from
  for (const { type, value } of jsx ? jsTokens(text, { jsx }) : jsTokens(text)) {
    if (!PASSED_OVER.has(type) && type !== 'MultiLineComment') yield { type, value, start }
    start += value.length
  }
}

const NOTHING: Token = { type: 'Invalid', value: '', start: 0 }

/** A script that is read token by token. */
class Script {
  readonly #code: string
  readonly #offset: number
  readonly #tokens: readonly Token[]

  constructor(code: string, { rest, offset, jsx }: { rest: number; offset: number; jsx: boolean }) {
    this.#code = code
    this.#offset = offset
    this.#tokens = [...tokensOf(code, rest, jsx)]
  }

  *requests(): Generator<PictureRequest> {
    for (const [index, { type, value, start }] of this.#tokens.entries()) {
      if (type === 'IdentifierName' && value === 'glob') yield* this.#globAt(index)
      else if (TEXTS.has(type) && this.#isAsked(index)) yield* this.#requestAt(index)
      else if (value.includes('url('))
        yield* findInStyle(value.slice(1, -1), this.#offset + start + 1, false)
    }
  }

  *imports(): Generator<string> {
    for (const [index, { type, value }] of this.#tokens.entries()) {
      const isText = type === 'StringLiteral' || type === 'NoSubstitutionTemplate'
      if (isText && this.#isAsked(index)) yield textOf(value)
    }
  }

  /** Whether what stands here is what a bundler is to follow. */
  #isAsked(index: number): boolean {
    if (this.#at(index - 1) === 'import') return true
    if (this.#at(index - 1) === 'from') return !this.#isOfTypes(index)
    if (this.#at(index - 1) !== '(') return false
    const called = this.#at(index - 2)
    if (called === 'import' || called === 'require') return true
    if (called === 'resolve') return ['require', 'meta'].includes(this.#at(index - 4))
    return this.#isUrl(index)
  }

  /** Whether TypeScript leaves nothing of the `import … from` or `export … from` that ends here. */
  #isOfTypes(index: number): boolean {
    let at = index - 1
    while (at > 0 && !['import', 'export', ';'].includes(this.#at(at))) at -= 1
    return this.#at(at + 1) === 'type' && ![',', 'from'].includes(this.#at(at + 2))
  }

  #isUrl(index: number): boolean {
    return this.#at(index - 2) === 'URL' && this.#at(index - 3) === 'new'
  }

  *#requestAt(index: number): Generator<PictureRequest> {
    const { type, start, value } = this.#tokens[index] ?? NOTHING
    const end = this.#at(index - 1) === '(' ? this.#endOfArgument(index) : index + 1
    const isWhole = end === index + 1 && type !== 'TemplateHead'
    const text = isWhole ? textOf(value) : joined(this.#tokens.slice(index, end))
    const marked = splitMarker(text)
    if (!marked) return
    const { selection } = splitSelection(marked.query)
    if (text.includes('*')) yield { patterns: [marked.file], base: undefined, selection }
    else if (!this.#isUrl(index)) yield* this.#fileAt(text, start, value)
    else if (isWhole && this.#valuesFrom(end, 6) === ',import.meta.url') {
      yield* this.#fileAt(text, start, value, true)
    }
  }

  #fileAt(text: string, start: number, { length }: string, isUrl?: boolean): FileRequest[] {
    const from = this.#offset + start
    return requestOf(text, from + 1, from + length - 1, isUrl)
  }

  /** Where the first argument of a call ends that begins here. */
  #endOfArgument(index: number): number {
    let depth = 0
    for (let at = index; at < this.#tokens.length; at += 1) {
      const token = this.#tokens[at] ?? NOTHING
      if (depth === 0 && (token.value === ')' || token.value === ',')) return at
      depth += deeper(token)
    }
    return this.#tokens.length
  }

  *#globAt(index: number): Generator<GlobRequest> {
    if (this.#valuesFrom(index - 4, 4) !== 'import.meta.') return
    // TypeScript may say its type first.
    let opening = index + 1
    while (opening < this.#tokens.length && this.#at(opening) !== '(') opening += 1
    let closing = this.#endOfArgument(opening + 1)
    while (this.#at(closing) === ',') closing = this.#endOfArgument(closing + 1)
    const from = this.#tokens[opening]?.start
    const to = this.#tokens[closing]?.start
    if (from === undefined || to === undefined) return
    const request = readGlob(this.#code.slice(from + 1, to))
    if (request) yield request
  }

  #at(index: number): string {
    return this.#tokens[index]?.value ?? ''
  }

  #valuesFrom(index: number, count: number): string {
    const tokens = this.#tokens.slice(Math.max(0, index), Math.max(0, index + count))
    return tokens.map(({ value }) => value).join('')
  }
}

/** How much deeper lies what follows a token. */
function deeper({ type, value }: Token): number {
  if (type === 'TemplateHead' || OPENING.has(value)) return 1
  return type === 'TemplateTail' || CLOSING.has(value) ? -1 : 0
}

/** Texts that are joined; `*` stands for what is known only when it is run. */
function joined(tokens: readonly Token[]): string {
  let text = ''
  let depth = 0
  for (const token of tokens) {
    const { type, value } = token
    if (type === 'TemplateTail' && depth === 1) text += textOf(value)
    else if (type === 'TemplateMiddle' && depth === 1) text += `${textOf(value)}*`
    else if (depth === 0 && TEXTS.has(type)) {
      text += textOf(value) + (type === 'TemplateHead' ? '*' : '')
    } else if (depth === 0 && value !== '+' && !text.endsWith('*')) text += '*'
    depth += deeper(token)
  }
  return text
}

/** What stands between quotes, backticks, or the braces in a template. */
function textOf(written: string): string {
  const inner = written.replace(/^["'`}]/, '').replace(/(?:["'`]|\$\{)$/, '')
  return inner.replaceAll(/\\(?:\r\n|[^])/g, (escape) =>
    /\\[\r\n]/.test(escape) ? '' : escape.slice(1),
  )
}

/**
 * The arguments of `import.meta.glob`, as Vite reads them. Where they are none that Vite takes, it says so.
 * @see https://vite.dev/guide/features#glob-import
 */
function readGlob(written: string): GlobRequest | undefined {
  const [globs, options = {}] = literals(`[${written}]`) ?? []
  const patterns = [globs].flat().filter((one) => typeof one === 'string')
  const { query, base } = options as { query?: unknown; base?: unknown }
  const asks = splitMarker(`${EXAMPLE}?${queryOf(query)}`)
  if (!asks || patterns.length === 0) return undefined
  const { selection } = splitSelection(asks.query)
  return { patterns, base: typeof base === 'string' ? base : undefined, selection }
}

const EXAMPLE = './a.prompt.md'
const NOWHERE: Place = { file: '', path: '', line: 1, column: 1 }

function queryOf(query: unknown): string {
  if (typeof query === 'string') return query.replace(/^\?/, '')
  const pairs = Object.entries(query ?? {}).map(([key, value]) => `${key}=${String(value)}`)
  return pairs.join('&')
}

function literals(written: string): readonly unknown[] | undefined {
  try {
    const { value } = readLiteral(written, 0, () => NOWHERE)
    return Array.isArray(value) ? value : undefined
  } catch (error) {
    if (isGeminiImageError(error)) return undefined
    throw error
  }
}
