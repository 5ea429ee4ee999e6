import type { PictureFields } from './data.ts'
import { findOurImports } from './imports.ts'
import type { Source } from './source.ts'

/** The package that hands content to a content layer; a project without it has no content of ours. */
const CONTENT_PACKAGE = 'astro-gemini-image'

/** Entries for hosts whose Markdown asks for pictures as source code does. */
const PAGES_ENTRY = /\bunplugin-gemini-image\/(?:docusaurus|eleventy|vitepress)\b/

/** Whether a source file hands Markdown to a host whose pages are components or templates. */
export function handsOverPages(text: string): boolean {
  return PAGES_ENTRY.test(text)
}

/** Whether a source file hands content to a host. */
export function handsOverContent(text: string): boolean {
  return text.includes(CONTENT_PACKAGE) || handsOverPages(text)
}

/** What the files of a content layer end in. */
export const CONTENT_EXTENSIONS: readonly string[] = [
  'md',
  'mdx',
  'markdown',
  'yaml',
  'yml',
  'json',
  'toml',
]

const CONTENT_FILE = new RegExp(`\\.(?:${CONTENT_EXTENSIONS.join('|')})$`)

/** Whether a file is of a kind that a content layer reads. Prompt files are no content. */
export function isContentFile(file: string): boolean {
  return CONTENT_FILE.test(file) && !file.endsWith('.prompt.md')
}

export function isMarkdown(file: string): boolean {
  return /\.(?:md|mdx|markdown)$/.test(file)
}

/** The helpers of schemas whose fields are pictures. */
const HELPERS: ReadonlySet<string> = new Set(['geminiImage', 'ogImage'])
// What the helper is wrapped in (`z.array(`, `z.optional(`) stands between it and its field.
const FIELD_BEFORE = /(?:([\w$]+)|"([^"]+)"|'([^']+)')\s*:\s*(?:[\w$.]+\(\s*\[?\s*)*$/

/**
 * The fields that schemas declare to be pictures; `any` where one cannot be read, and `undefined` in
 * a file that does not use the schema helper.
 */
export function findPictureFields(source: Source): PictureFields | undefined {
  const imports = findOurImports(source, 'schema')
  const names = imports.flatMap(({ names }) => [...names].filter(([, there]) => HELPERS.has(there)))
  if (names.length === 0) return undefined
  const fields = names.flatMap(([name]) => fieldsBefore(name, source))
  return fields.includes(undefined) ? 'any' : new Set(fields as string[])
}

function fieldsBefore(name: string, source: Source): (string | undefined)[] {
  const call = new RegExp(`(?<![\\w$.])${name.replaceAll('$', '\\$')}\\s*\\(`, 'g')
  return [...source.text.matchAll(call)].flatMap(({ index }) => {
    if (source.isInert(index)) return []
    // A line or two hold a field and what it is wrapped in.
    const before = source.text.slice(Math.max(0, index - 200), index)
    const [, ...keys] = FIELD_BEFORE.exec(before) ?? []
    return [keys.find((key) => key !== undefined)]
  })
}

/** The fields of several files together. */
export function joinFields(all: readonly PictureFields[]): PictureFields {
  if (all.includes('any')) return 'any'
  const sets = all.filter((fields) => fields !== 'any')
  return { has: (field) => sets.some((fields) => fields.has(field)) }
}
