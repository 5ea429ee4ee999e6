/** A destination of Markdown: in angle brackets, or up to a blank, with brackets in pairs. */
export const DESTINATION: string = String.raw`(?:<(?<angled>[^<>\n]+)>|(?<bare>(?:[^\s()<>]|\([^\s()<>]*\))+))`

/** A label's length is bounded, so that a text of brackets is read once. */
const IMAGE = new RegExp(
  String.raw`!\[(?<alt>(?:\\.|\[[^[\]]{0,200}\]|[^\\\]]){0,1000})\]\(\s*${DESTINATION}(?=[\s)])`,
  'g',
)

/** An image whose address stands beside it: `![alternative text](address)`. */
export interface MarkdownImage {
  /** As it is written. */
  readonly address: string
  /** Of the address, in the text. */
  readonly start: number
  readonly end: number
  /** Where its alternative text would stand; `undefined` where it has some. */
  readonly bareAt: number | undefined
}

/** The images of a text whose addresses stand beside them. */
export function* findMarkdownImages(text: string): Generator<MarkdownImage> {
  for (const { 0: whole, index, groups = {} } of text.matchAll(IMAGE)) {
    const address = groups['angled'] ?? groups['bare'] ?? ''
    const start = index + whole.lastIndexOf(address)
    const bareAt = groups['alt'] === '' ? index + '!['.length : undefined
    yield { address, start, end: start + address.length, bareAt }
  }
}
