import type { Place } from '@gemini-image/core'
import { GeminiImageError, splitMarker } from '@gemini-image/core/host'
import type { MagicString } from 'magic-string'
import type { DefaultTreeAdapterTypes } from 'parse5'

/** Finds the URL for a prompt file that a page names. */
export type ResolveUrl = (specifier: string) => Promise<string>

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/**
 * Attributes that Vite takes for assets; elsewhere it would leave the path as it stands.
 * @see https://vite.dev/guide/features#html
 */
const ASSET_ATTRIBUTES: ReadonlySet<string> = new Set([
  'src',
  'srcset',
  'imagesrcset',
  'poster',
  'data',
  'content',
  'xlink:href',
])
const ASSET_HREFS: ReadonlySet<string> = new Set(['link', 'image', 'use'])

const SPECIFIER = /[^\s,]+\.prompt\.md\?[^\s,]+/g

/**
 * Replaces prompt files in the attributes of a page by what `resolve` gives, before Vite looks for
 * assets: Vite asks no plugin about them, and would ship the prompt file itself.
 *
 * `<style>`, `style=""` and module scripts are left to the pipelines of CSS and JavaScript.
 *
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE` for an attribute that Vite does not treat as an
 *   asset.
 */
export async function rewriteHtml(
  html: string,
  start: Place,
  resolve: ResolveUrl,
): Promise<string> {
  if (!html.includes('gemini-image')) return html
  // Most sites have no page of their own that shows a prompt file.
  const [{ parse }, magic] = await Promise.all([import('parse5'), import('magic-string')])
  const code = new magic.MagicString(html)
  // As Vite does: what stands in <noscript> is elements too.
  const page = parse(html, { scriptingEnabled: false, sourceCodeLocationInfo: true })
  for (const element of elementsOf(page)) await rewriteElement(element, code, start, resolve)
  return code.toString()
}

function* elementsOf(node: Node): Generator<Element> {
  if ('tagName' in node) yield node
  const children = 'content' in node ? [...node.childNodes, node.content] : childrenOf(node)
  for (const child of children) yield* elementsOf(child)
}

function childrenOf(node: Node): readonly Node[] {
  return 'childNodes' in node ? node.childNodes : []
}

async function rewriteElement(
  element: Element,
  code: MagicString,
  start: Place,
  resolve: ResolveUrl,
): Promise<void> {
  for (const { prefix, name, value } of element.attrs) {
    const specifiers = (value.match(SPECIFIER) ?? []).filter((found) => splitMarker(found))
    const full = prefix ? `${prefix}:${name}` : name
    const location = element.sourceCodeLocation?.attrs?.[full]
    if (specifiers.length === 0 || full === 'style' || !location) continue
    const place = { ...start, line: location.startLine, column: location.startCol }
    if (!isAsset(element.tagName, full)) throw notAnAsset(element.tagName, full, place)
    let rewritten = value
    for (const specifier of new Set(specifiers)) {
      const url = await resolve(specifier).catch((error: unknown) => {
        throw error instanceof GeminiImageError ? error.at(place) : error
      })
      rewritten = rewritten.replaceAll(specifier, () => url)
    }
    code.update(location.startOffset, location.endOffset, `${full}="${escapeAttribute(rewritten)}"`)
  }
}

function isAsset(tag: string, attribute: string): boolean {
  return attribute === 'href' ? ASSET_HREFS.has(tag) : ASSET_ATTRIBUTES.has(attribute)
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function notAnAsset(tag: string, attribute: string, place: Place): GeminiImageError {
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `Vite takes no files from <${tag} ${attribute}>, so the picture would not be there.`,
    fix: 'use the picture in <img>, <source>, <link>, <meta> or CSS, or import it in a module script.',
    place,
  })
}
