import { scriptSyntax, Source } from '../inline/source.ts'
import { findMarkdownImages } from './markdown-images.ts'
import { findInElements, findInMarkup, importsOfMarkup } from './markup.ts'
import {
  decodePath,
  mayRequest,
  requestOf,
  type FileRequest,
  type PictureRequest,
} from './request.ts'
import { findInScript, importsOfScript } from './script.ts'
import { findInStyle, importsOfStyle } from './style.ts'
import { findInTemplate, liveTemplate, TEMPLATE } from './template.ts'

const STYLE = /\.(?:css|scss|sass|less|styl|stylus|pcss|postcss|sss)$/

/** Whether a file is a stylesheet, or becomes one. */
export function isStyle(kind: string): boolean {
  return STYLE.test(kind)
}

const LINE_COMMENTS = /\.(?:scss|sass|less|styl|stylus|sss)$/

/**
 * The pictures that a source file asks for by imports, URLs and attributes. Comments and dead text ask for nothing.
 * @param kind A name that ends as that of a file of this text does.
 */
export function findRequests(text: string, kind: string): readonly PictureRequest[] {
  if (!mayRequest(text)) return TEMPLATE.test(kind) ? findInTemplate(text, kind) : []
  const script = scriptSyntax(kind)
  if (script) return findInScript(text, 0, script.jsx)
  if (isStyle(kind)) return findInStyle(text, 0, LINE_COMMENTS.test(kind))
  if (kind.endsWith('.mdx')) return findInMdx(text)
  if (!TEMPLATE.test(kind)) return findInMarkup(text, kind)
  return [...findInMarkup(liveTemplate(text, kind), kind), ...findInTemplate(text, kind)]
}

/**
 * What a source file imports: the specifiers of scripts, and all texts of stylesheets. Comments import nothing.
 * @param kind As in {@link findRequests}.
 */
export function findImports(text: string, kind: string): readonly string[] {
  const script = scriptSyntax(kind)
  if (script) return importsOfScript(text, script.jsx)
  if (isStyle(kind)) return importsOfStyle(text, LINE_COMMENTS.test(kind))
  if (!kind.endsWith('.mdx')) return importsOfMarkup(text, kind)
  const live = new Source(text, { file: '.mdx', root: '' }).live()
  return [...live.matchAll(MDX_IMPORT)].map(({ groups = {} }) => groups['specifier'] ?? '')
}

const MDX_IMPORT = /^(?:import|export)\b[^;]*?\bfrom\s*["'](?<specifier>[^"'\n]+)["']/gm

/** What the imports, elements and images of MDX ask for. */
function findInMdx(text: string): FileRequest[] {
  const live = new Source(text, { file: '.mdx', root: '' }).live()
  const images = [...findMarkdownImages(live)].flatMap(({ address, start, end }) =>
    requestOf(decodePath(address), start, end),
  )
  return [...findInElements(live, 0, '.mdx'), ...images]
}
