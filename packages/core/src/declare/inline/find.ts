import { isGeminiImageError, type GeminiImageError } from '../../kernel/errors/error.ts'
import { openFiles } from '../../kernel/files/files.ts'
import { type Declaration, fileOfId, type DeclarationId } from '../declaration.ts'
import { isContentFile, isMarkdown } from './content.ts'
import { EVERY_FIELD, findInData, textsBeside, type NamedFile, type PictureFields } from './data.ts'
import type { DeclaringFile } from './inline-declaration.ts'
import { findMacros } from './macro-calls.ts'
import { findInMarkdown } from './markdown.ts'
import { Source } from './source.ts'
import { findTags } from './component-tags.ts'

/** What a file asks for besides imports. */
interface Asked {
  /** The prompt files that content names. */
  readonly files: readonly NamedFile[]
  /** What the file declares itself, or what is wrong with it. */
  readonly declarations: readonly (Declaration | GeminiImageError)[]
}

/**
 * Finds what source code and content declare: macros, components, frontmatter, Markdown.
 * @param fields The fields of content that hold pictures; `undefined` where content is not looked at.
 */
export function findAsked(
  text: string,
  declaring: DeclaringFile,
  fields: PictureFields | undefined,
): Asked {
  const source = new Source(text, declaring)
  // Nothing runs what stands in a text or in data.
  const isRun = !isContentFile(declaring.file) || declaring.file.endsWith('.mdx')
  const written = isRun ? [...findMacros(source).calls, ...findTags(source)] : []
  const inCode = written.map(({ declaration }) => declaration)
  if (fields === undefined || !isContentFile(declaring.file)) {
    return { files: [], declarations: inCode }
  }
  const data = findInData(source, fields)
  const body = isMarkdown(declaring.file) ? findInMarkdown(source) : undefined
  return {
    files: [
      ...data.files,
      ...(body?.paths ?? []).map(({ specifier, start }) => ({
        specifier,
        place: source.placeAt(start),
      })),
    ],
    declarations: [
      ...inCode,
      ...data.declarations.map((one) => withFields(one, source)),
      ...(body?.fences ?? []).map(({ declaration }) => declaration),
      ...(body?.problems ?? []),
    ],
  }
}

/** A declaration in frontmatter, with the texts beside it where its layers may show them. */
function withFields(one: Declaration | GeminiImageError, source: Source): typeof one {
  if (isGeminiImageError(one) || !one.settings.has('layers')) return one
  return { ...one, fields: textsBeside(source) }
}

/**
 * Finds the prompt files that Markdown names where pages are components or templates: in images, and in any field of the
 * frontmatter. Nothing is declared there.
 */
export function findInPage(text: string, declaring: DeclaringFile): Asked {
  const source = new Source(text, declaring)
  const { paths, problems } = findInMarkdown(source, 'followed')
  const named = paths.map(({ specifier, start }) => ({
    specifier,
    place: source.placeAt(start),
  }))
  const inCode = declaring.file.endsWith('.mdx') ? findAsked(text, declaring, undefined) : undefined
  return {
    files: [...findInData(source, EVERY_FIELD).files, ...named],
    declarations: [...(inCode?.declarations ?? []), ...problems],
  }
}

/** The declaration of this id, if its file says so now, and may be read. */
export function findInline(id: DeclarationId, root: string): Declaration | undefined {
  return inlineFinder(root)(id)
}

/** The same for many ids: each file is read once. */
export function inlineFinder(root: string): (id: DeclarationId) => Declaration | undefined {
  const found = new Map<string, ReadonlyMap<DeclarationId, Declaration>>()
  return (id) => {
    const file = fileOfId(id)
    const declared = found.get(file) ?? readInline(file, root)
    found.set(file, declared)
    return declared.get(id)
  }
}

function readInline(file: string, root: string): ReadonlyMap<DeclarationId, Declaration> {
  const text = readDeclaring(file, root)
  if (text === undefined) return new Map()
  const { declarations } = findAsked(text, { file, root }, EVERY_FIELD)
  const sound = declarations.filter((one): one is Declaration => !isGeminiImageError(one))
  // Of two that say the same, the first counts.
  return new Map(sound.toReversed().map((one) => [one.id, one]))
}

/** Whoever asks may be anybody, by a URL: a file that may not be read is as good as none. */
function readDeclaring(file: string, root: string): string | undefined {
  const kind = isContentFile(file) ? 'content' : 'source'
  const files = openFiles(root)
  try {
    const text = files.readText(kind, file)
    if (text !== undefined) files.assertForModels(kind, file, text)
    return text
  } catch {
    return undefined
  }
}
