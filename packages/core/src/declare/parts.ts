/** A part of a page or a component that is no element: a comment, or what stands in a language of its own. */
export interface Part {
  readonly kind: 'comment' | 'script' | 'style'
  /** Offsets of the whole, tags included. */
  readonly start: number
  readonly end: number
  /** What stands in the opening tag behind its name. */
  readonly attributes: string
  /** Empty for a comment. */
  readonly content: string
  readonly contentStart: number
}

const COMMENT = String.raw`<!--[^]*?(?:-->|$)|\{\s*\/\*[^]*?(?:\*\/\s*\}|$)`
const ELEMENT = String.raw`<(?<tag>script|style)(?=[\s>])(?<attributes>(?:[^"'>]|"[^"]*"|'[^']*')*)(?<!\/)>(?<content>[^]*?)(?:<\/\k<tag>|$)`
const PART = new RegExp(`${COMMENT}|${ELEMENT}`, 'gi')
const ASTRO_FENCE = /^\s*---\r?\n(?<content>[^]*?)\r?\n---/

/** The parts of a page, or of a component of Vue, Svelte or Astro, in their order. An Astro fence is a script. */
export function* partsOf(text: string, file: string): Generator<Part> {
  const fence = file.endsWith('.astro') ? ASTRO_FENCE.exec(text) : null
  const fenceEnd = fence?.[0].length ?? 0
  if (fence) {
    const content = fence.groups?.['content'] ?? ''
    const contentStart = fence[0].indexOf(content, fence[0].indexOf('---') + 3)
    yield { kind: 'script', start: 0, end: fenceEnd, attributes: '', content, contentStart }
  }
  for (const { 0: whole, index, groups = {} } of text.slice(fenceEnd).matchAll(PART)) {
    const { tag, attributes = '', content = '' } = groups
    const start = fenceEnd + index
    yield {
      kind: kindOf(tag),
      start,
      end: start + whole.length,
      attributes,
      content,
      contentStart: start + (tag?.length ?? 0) + attributes.length + 2,
    }
  }
}

function kindOf(tag: string | undefined): Part['kind'] {
  if (tag === undefined) return 'comment'
  return tag.toLowerCase() === 'style' ? 'style' : 'script'
}

/** The comments of Markdown, whose text may name elements that it does not have. */
export function* commentsOf(text: string): Generator<Pick<Part, 'start' | 'end'>> {
  for (const { 0: whole, index } of text.matchAll(new RegExp(COMMENT, 'g'))) {
    yield { start: index, end: index + whole.length }
  }
}
