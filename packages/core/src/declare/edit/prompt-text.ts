import { candidates, FRONTMATTER } from '../edit-prompt-file.ts'
import { isMap, parseDocument } from '../yaml.ts'
import { newlineOf, spliced } from './splice.ts'
import { appendInMap, setInMap, type MapInText } from './yaml-map.ts'

/** The key of the prompt, which stands below the settings. */
const PROMPT = 'prompt'

/**
 * A prompt file's text with one setting or its prompt set, as it could be written, the least change first.
 * @param value `undefined` takes the setting out.
 */
export function* setInPromptText(text: string, key: string, value: unknown): Generator<string> {
  if (key === PROMPT) {
    yield* setBody(text, String(value ?? ''))
    return
  }
  const site = mapOf(text)
  if (site) yield* setInMap(site, key, value)
  if (value !== undefined) yield* candidates(text, key, value)
}

/** The same with one item more at the end of a list below a key. */
export function* appendInPromptText(text: string, key: string, item: unknown): Generator<string> {
  const site = mapOf(text)
  if (site) yield* appendInMap(site, key, item)
}

function mapOf(text: string): MapInText | undefined {
  const [, open = '', yaml = ''] = FRONTMATTER.exec(text) ?? []
  // The parser counts lines by line feeds alone.
  if (yaml === '' || /\r(?!\n)/.test(yaml)) return undefined
  const { contents, errors } = parseDocument(yaml)
  if (errors.length > 0 || !isMap(contents) || contents.items.length === 0) return undefined
  return { text, offset: open.length, map: contents, isJson: false }
}

function* setBody(text: string, prompt: string): Generator<string> {
  const newline = newlineOf(text)
  const written = prompt.trim().replaceAll(/\r\n?|\n/g, newline)
  const [, open = '', yaml = '', rest = ''] = FRONTMATTER.exec(text) ?? []
  const fence = /^---[ \t]*(?:\r\n|\r|\n)?/.exec(rest)?.[0] ?? ''
  const start = rest === '' ? 0 : open.length + yaml.length + fence.length
  const body = text.slice(start)
  const from = body.trim() === '' ? body.length : body.search(/\S/)
  const end = start + body.trimEnd().length
  if (from < body.length) {
    yield spliced(text, { start: start + from, end, text: written })
  } else {
    const above = rest === '' || /[\r\n]$/.test(fence) ? '' : newline
    yield text.slice(0, start) + above + newline + written + newline
  }
  // What a prompt begins with may look like settings.
  if (rest === '') yield ['---', '---', '', written, ''].join(newline)
}
