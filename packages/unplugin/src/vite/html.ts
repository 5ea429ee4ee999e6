import type { Place } from '@gemini-image/core'
import { GeminiImageError, isPromptFile, splitMarker } from '@gemini-image/core/host'
import type { decodePath, specifiersIn } from '@gemini-image/core/internal'
import type { DefaultTreeAdapterTypes, Token } from 'parse5'

/** Finds the URL for a prompt file that a page names. */
export type ResolveUrl = (specifier: string) => Promise<string>

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/** How the core reads attributes; loaded with the first page that needs it. */
interface Core {
  readonly decodePath: typeof decodePath
  readonly specifiersIn: typeof specifiersIn
}

interface NamingAttribute {
  readonly name: string
  readonly value: string
  readonly location: Token.Location
  readonly urls: ReturnType<typeof specifiersIn>
}

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

/**
 * Replaces prompt files in the attributes of a page by what `resolve` gives, before Vite looks for
 * assets: Vite asks no plugin about them, and would ship the prompt file itself.
 *
 * `<style>`, `style=""` and module scripts are left to the pipelines of CSS and JavaScript.
 *
 * @param host Whose pages they are.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE` for an attribute that is not treated as an asset.
 */
export async function rewriteHtml(
  html: string,
  start: Place,
  resolve: ResolveUrl,
  host: string = 'Vite',
): Promise<string> {
  if (!html.includes('gemini-image')) return html
  // Most sites have no page of their own that shows a prompt file.
  const [{ parse }, magic, core] = await Promise.all([
    import('parse5'),
    import('magic-string'),
    import('@gemini-image/core/internal'),
  ])
  const code = new magic.MagicString(html)
  // As Vite does: what stands in <noscript> is elements too.
  const page = parse(html, { scriptingEnabled: false, sourceCodeLocationInfo: true })
  for (const element of elementsOf(page)) {
    for (const named of attributesOf(element, core)) {
      const { name, location } = named
      const place = { ...start, line: location.startLine, column: location.startCol }
      if (!isAsset(element.tagName, name)) throw notAnAsset(element.tagName, name, host).at(place)
      const rewritten = await replaceUrls(named, (specifier) =>
        resolve(core.decodePath(specifier)).catch((error: unknown) => {
          throw error instanceof GeminiImageError ? error.at(place) : error
        }),
      )
      const written = `${name}="${escapeAttribute(rewritten)}"`
      code.update(location.startOffset, location.endOffset, written)
    }
  }
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

async function replaceUrls({ value, urls }: NamingAttribute, resolve: ResolveUrl): Promise<string> {
  let replaced = value
  // From the last to the first, so that the places of the others stay.
  for (const { specifier, start, end } of urls.toReversed()) {
    replaced = replaced.slice(0, start) + (await resolve(specifier)) + replaced.slice(end)
  }
  return replaced
}

/** The attributes of an element that name prompt files. */
function attributesOf(
  { attrs, sourceCodeLocation }: Element,
  { specifiersIn }: Core,
): NamingAttribute[] {
  if (attrs.some(({ name }) => name === 'vite-ignore')) return []
  return attrs.flatMap(({ prefix, name: local, value }) => {
    const name = prefix ? `${prefix}:${local}` : local
    const location = sourceCodeLocation?.attrs?.[name]
    const urls = specifiersIn(name, value).filter(({ specifier }) =>
      isPromptFile(splitMarker(specifier)?.file ?? ''),
    )
    return urls.length === 0 || name === 'style' || !location ? [] : { name, value, location, urls }
  })
}

function isAsset(tag: string, attribute: string): boolean {
  return attribute === 'href' ? ASSET_HREFS.has(tag) : ASSET_ATTRIBUTES.has(attribute)
}

function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

function notAnAsset(tag: string, attribute: string, host: string): GeminiImageError {
  return new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `${host} takes no files from <${tag} ${attribute}>, so the picture would not be there.`,
    fix: 'use the picture in <img>, <source>, <link>, <meta> or CSS, or import it in a module script.',
  })
}
