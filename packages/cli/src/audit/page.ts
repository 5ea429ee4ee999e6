import { defaultTreeAdapter, html, parse, type DefaultTreeAdapterTypes, type Token } from 'parse5'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** Where something stands in a page, from 1. */
export interface PagePlace {
  readonly line: number
  readonly column: number
}

/** An image that a page shows or names. */
interface ShownImage {
  /** As it is written, a data URI included. */
  readonly address: string
  readonly place: PagePlace
  /** Whether people see it there; where it is only named, others may show it. */
  readonly isSeen: boolean
}

/** What an audit needs of a page. */
export interface Page {
  readonly images: readonly ShownImage[]
  /** Addresses of images that structured data calls generated. */
  readonly disclosed: readonly string[]
  /** Texts that people read, with their places. */
  readonly texts: readonly { readonly text: string; readonly place: PagePlace }[]
  /** Where the links of the page lead, and those of documents in frames of it. */
  readonly links: readonly string[]
}

/** Elements whose text nobody reads. */
const UNSEEN = new Set(['script', 'style', 'template', 'noscript', 'head', 'title', 'iframe'])
const PREVIEWS = new Set(['og:image', 'og:image:url', 'og:image:secure_url', 'twitter:image'])
const STYLE_URL = /url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"')]*))\s*\)/gi

/** Reads a page: the images that it shows, and what it says of them. */
export function readPage(source: string): Page {
  const images: ShownImage[] = []
  const disclosed: string[] = []
  const texts: { text: string; place: PagePlace }[] = []
  const links: string[] = []
  const visit = (node: Node, isSeen: boolean): void => {
    if (defaultTreeAdapter.isTextNode(node)) {
      const place = placeOf(node.sourceCodeLocation)
      if (isSeen && node.value.trim()) texts.push({ text: node.value, place })
      return
    }
    if (defaultTreeAdapter.isElementNode(node)) {
      images.push(...imagesOfElement(node))
      if (isSeen) links.push(...linksOfElement(node))
      if (isJsonLd(node)) disclosed.push(...disclosedIn(textOf(node)))
    }
    const name = defaultTreeAdapter.isElementNode(node) ? node.tagName : ''
    const isShown = isSeen && !UNSEEN.has(name) && attribute(node, 'hidden') === undefined
    if ('childNodes' in node) for (const child of node.childNodes) visit(child, isShown)
  }
  visit(parse(source, { sourceCodeLocationInfo: true }), true)
  return { images, disclosed, texts, links }
}

/** Where the links of a page lead. */
export function linksOf(source: string): readonly string[] {
  return source === '' ? [] : readPage(source).links
}

function linksOfElement(element: Element): readonly string[] {
  if (element.tagName === 'iframe') return linksOf(attribute(element, 'srcdoc') ?? '')
  const address = element.tagName === 'a' ? attribute(element, 'href') : undefined
  return address === undefined ? [] : [address]
}

function imagesOfElement(element: Element): ShownImage[] {
  const at = (name: string): PagePlace =>
    placeOf(element.sourceCodeLocation?.attrs?.[name] ?? element.sourceCodeLocation)
  const { tagName } = element
  const isSeen = tagName !== 'meta'
  const shown = (name: string, addresses: readonly string[]): ShownImage[] =>
    addresses.map((address) => ({ address: address.trim(), place: at(name), isSeen }))
  const value = (name: string): string => attribute(element, name) ?? ''
  const property = attribute(element, 'property') ?? value('name')
  return [
    ...(tagName === 'img' || tagName === 'input' ? shown('src', [value('src')]) : []),
    ...(tagName === 'img' || tagName === 'source'
      ? shown('srcset', candidates(value('srcset')))
      : []),
    ...(tagName === 'video' ? shown('poster', [value('poster')]) : []),
    ...(tagName === 'image' ? shown('href', [value('href') || value('xlink:href')]) : []),
    ...(tagName === 'meta' && PREVIEWS.has(property) ? shown('content', [value('content')]) : []),
    ...shown(
      'style',
      [...value('style').matchAll(STYLE_URL)].map(([, a, b, c]) => a ?? b ?? c ?? ''),
    ),
  ].filter(({ address }) => address !== '')
}

/**
 * The addresses of a srcset. A comma ends one only before a space or where no descriptor follows: data URIs
 * hold commas.
 * @see https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute
 */
function candidates(srcset: string): string[] {
  return [...srcset.matchAll(/[\s,]*(\S+)([^,]*)/g)].map(([, address = '']) =>
    address.replace(/,+$/, ''),
  )
}

function isJsonLd(element: Element): boolean {
  const type = attribute(element, 'type')?.trim().toLowerCase()
  return element.tagName === 'script' && type === 'application/ld+json'
}

/** Image objects of structured data with a source type of a model's, at any depth. */
function disclosedIn(json: string): string[] {
  const found: string[] = []
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { digitalSourceType, contentUrl, url } = value as Record<string, unknown>
    const isDisclosed = /(?:trained|WithTrained)AlgorithmicMedia/i.test(String(digitalSourceType))
    if (isDisclosed)
      found.push(...[contentUrl, url].flat().filter((one) => typeof one === 'string'))
    Object.values(value).forEach(visit)
  }
  try {
    visit(JSON.parse(json))
  } catch {
    // What is no JSON discloses nothing.
  }
  return found
}

function textOf(element: Element): string {
  return element.childNodes
    .map((node) => (defaultTreeAdapter.isTextNode(node) ? node.value : ''))
    .join('')
}

function attribute(node: Node, name: string): string | undefined {
  if (!('attrs' in node)) return undefined
  return node.attrs.find((one) => nameOf(one) === name)?.value
}

/** SVG's `xlink:href` comes with its prefix apart. */
function nameOf({ name, prefix, namespace }: Token.Attribute): string {
  return namespace === html.NS.XLINK ? `${prefix}:${name}` : name
}

function placeOf(location: Token.Location | null | undefined): PagePlace {
  return { line: location?.startLine ?? 1, column: location?.startCol ?? 1 }
}
