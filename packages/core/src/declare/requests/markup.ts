import { partsOf } from '../parts.ts'
import { findInScript, importsOfScript } from './script.ts'
import { requestOf, type FileRequest, type PictureRequest } from './request.ts'
import { findInStyle, importsOfStyle } from './style.ts'

const PREPROCESSED = /\blang=["']?(?:scss|sass|less|styl)/

/** What a page, a component of Vue, Svelte or Astro asks for. */
export function findInMarkup(text: string, file: string): PictureRequest[] {
  const found: PictureRequest[] = []
  let at = 0
  for (const { kind, start, end, attributes, content, contentStart } of partsOf(text, file)) {
    found.push(...findInElements(text.slice(at, start), at, file))
    at = end
    if (kind === 'comment') continue
    // The element's own attributes may ask, too.
    found.push(...findInElements(text.slice(start, contentStart), start, file))
    if (kind === 'style') {
      found.push(...findInStyle(content, contentStart, PREPROCESSED.test(attributes)))
    } else if (isModule(attributes, file)) found.push(...findInScript(content, contentStart, false))
  }
  return [...found, ...findInElements(text.slice(at), at, file)]
}

/** What the scripts and stylesheets of a page or a component import. */
export function importsOfMarkup(text: string, file: string): string[] {
  return [...partsOf(text, file)].flatMap(({ kind, attributes, content }) => {
    if (kind === 'style') return importsOfStyle(content, PREPROCESSED.test(attributes))
    const isScript = kind === 'script' && isModule(attributes, file)
    return isScript ? importsOfScript(content, false) : []
  })
}

/** In a page, browsers run other scripts as they are. */
function isModule(attributes: string, file: string): boolean {
  return !isPage(file) || /\btype\s*=\s*["']?module\b/i.test(attributes)
}

function isPage(file: string): boolean {
  return /\.html?$/.test(file)
}

/** A value behind its sign of equality. */
const VALUE = /=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s"'<>`={]+))/g
/** What a bundler follows in an expression: `{import('…')}`, `:src="require('…')"`. */
const CALL =
  /\b(?:from|import|require|(?<url>new\s+URL))\s*\(?\s*(?<quoted>"[^"\n]*"|'[^'\n]*'|`[^`$\n]*`)(?<base>\s*,\s*import\.meta\.url)?/g

/** What elements ask for, and expressions between them. */
export function findInElements(text: string, offset: number, file: string): FileRequest[] {
  if (!text.includes('gemini-image')) return []
  const values = [...text.matchAll(VALUE)].flatMap(({ 0: whole, index, groups = {} }) => {
    const value = groups['double'] ?? groups['single'] ?? groups['bare'] ?? ''
    if (!value.includes('gemini-image') || isIgnored(text, index, file)) return []
    const start = offset + index + whole.lastIndexOf(value)
    if (value.includes('url(')) return findInStyle(value, start, false)
    const name = /[^\s"'<>/=]*\s*$/.exec(text.slice(Math.max(0, index - 80), index))?.[0] ?? ''
    return specifiersIn(name.trim(), value).flatMap((one) => {
      const specifier = one.specifier.replaceAll('&amp;', '&')
      return requestOf(specifier, start + one.start, start + one.end)
    })
  })
  const calls = [...text.matchAll(CALL)].flatMap(({ 0: whole, index, groups = {} }) => {
    const { quoted = '', url, base } = groups
    if (url !== undefined && base === undefined) return []
    const start = offset + index + whole.lastIndexOf(quoted) + 1
    const specifier = quoted.slice(1, -1)
    return requestOf(specifier, start, start + specifier.length, url !== undefined)
  })
  return [...values, ...calls]
}

/** Vite leaves such an element of a page as it stands. */
function isIgnored(text: string, index: number, file: string): boolean {
  if (!isPage(file)) return false
  const tag = text.slice(text.lastIndexOf('<', index), text.indexOf('>', index) + 1)
  return /\svite-ignore\b/.test(tag)
}

/** A part of an attribute's value that is a URL. */
export interface AttributeUrl {
  readonly specifier: string
  readonly start: number
  readonly end: number
}

const SRCSET = /srcset$/i
/** A URL of a `srcset`, and what describes it, up to the comma behind. */
const CANDIDATE = /\s*(\S*[^\s,])(?:\s+[^,]*|,+)?(?:,|$)?/gy

/**
 * The URLs in the value of an attribute: of `srcset`, each of its list; of any other, all of it, blanks and commas
 * included.
 * @see https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute
 */
export function specifiersIn(attribute: string, value: string): AttributeUrl[] {
  if (!SRCSET.test(attribute)) {
    const specifier = value.trim()
    const start = value.indexOf(specifier)
    return [{ specifier, start, end: start + specifier.length }]
  }
  return [...value.matchAll(CANDIDATE)].map(({ 0: whole, 1: specifier = '', index }) => {
    const start = index + whole.indexOf(specifier)
    return { specifier, start, end: start + specifier.length }
  })
}
