import type { Place } from '@gemini-image/core'
import { GeminiImageError, isPromptFile, splitMarker } from '@gemini-image/core/host'
import { decodePath, promptFileOf } from '@gemini-image/core/internal'
import type { DefaultTreeAdapterTypes } from 'parse5'

/** A picture, as a page shows it. */
export interface ShownImage {
  readonly src: string
  readonly alt: string
  readonly width: number
  readonly height: number
}

type Element = DefaultTreeAdapterTypes.Element
type Node = DefaultTreeAdapterTypes.Node

/**
 * A page in which `<img>` that name prompt files have the URLs of pictures, their sizes, and their alternative texts
 * where they have none of their own.
 * @throws {GeminiImageError} what `show` throws.
 */
export async function rewriteImages(
  html: string,
  show: (specifier: string) => Promise<ShownImage>,
): Promise<string> {
  const [{ parse }, { MagicString }] = await Promise.all([import('parse5'), import('magic-string')])
  const code = new MagicString(html)
  // What stands in <noscript> is elements too.
  const page = parse(html, { scriptingEnabled: false, sourceCodeLocationInfo: true })
  for (const element of imagesOf(page)) {
    const { sourceCodeLocation: location } = element
    const written = new Map(element.attrs.map(({ name, value }) => [name, value]))
    const specifier = specifierOf(written.get('src'))
    if (!location || specifier === undefined) continue
    const { src, alt, width, height } = await show(specifier)
    const isSized = written.has('width') || written.has('height')
    const own = [...written].filter(([name, value]) => name !== 'src' && (name !== 'alt' || value))
    const attributes = new Map<string, string>([
      ['src', src],
      ...(isSized ? [] : Object.entries({ width: String(width), height: String(height) })),
      ['alt', alt],
      ...own,
    ])
    const all = [...attributes].map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    code.update(location.startOffset, location.endOffset, `<img${all.join('')}>`)
  }
  return code.toString()
}

/** With our marker, or as Markdown names it. */
function specifierOf(src: string | undefined): string | undefined {
  if (src === undefined) return undefined
  const marked = splitMarker(src)
  if (marked) return isPromptFile(marked.file) ? decodePath(src) : undefined
  return promptFileOf(src)
}

function* imagesOf(node: Node): Generator<Element> {
  if ('tagName' in node && node.tagName === 'img') yield node
  const inside = 'content' in node ? [node.content] : []
  const children = 'childNodes' in node ? node.childNodes : []
  for (const child of [...children, ...inside]) yield* imagesOf(child)
}

export function escapeAttribute(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}

const IN_FEED = /\bsrc=(?:&quot;|&#34;|\\?["'])[^"'&\\]*\.prompt\.md/

/**
 * A feed, or what else is no page, may hold pages as text.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE` where an image in it names a prompt file.
 */
export function assertNoneLeft(content: string, output: string, place: Place): void {
  if (!IN_FEED.test(content)) return
  throw new GeminiImageError({
    code: 'UNRESOLVED_REFERENCE',
    what: `${output} would name a prompt file in the place of its picture.`,
    why: 'Pictures are put into pages (.html) alone.',
    fix: 'hand the content of pages over with the filter renderTransforms: {{ post.content | renderTransforms(post.data.page) }}.',
    place,
  })
}
