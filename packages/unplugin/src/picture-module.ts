import path from 'node:path'
import {
  fileOfId,
  inlineId,
  isInlineId,
  type DeclarationId,
  type ResolvedImage,
} from '@gemini-image/core'
import { withSlashes } from './project/with-slashes.ts'

/**
 * What a picture module exports by default.
 *
 * - `asset`: what the host makes of a plain image import.
 * - `object`: an object with `src`, `alt` and the rest beside each other, on every host.
 */
export type PictureForm = 'asset' | 'object'

/** A picture module: which declaration it stands for, and what the host is to do with the picture. */
export interface PictureModule {
  readonly declaration: DeclarationId
  /** What stood in the import besides our own parameters: `?w=400`, or empty. */
  readonly query: string
  readonly form: PictureForm
}

// The leading NUL keeps other plugins away, by Rollup's convention; the ending ".js" keeps plugins
// away that go by the extension and would take a prompt file for a Markdown page. Astro adds a query.
// https://rollupjs.org/plugin-development/#conventions
const ID = /^\0gemini-image:(asset|object):([^:]*):(.+?)(?:\/([0-9a-f]{16}))?\.js(?:\?\w+)?$/s

/** Matches the ids of picture modules, for the filters of hooks. */
export const PICTURE_MODULE_ID: RegExp = /^\0gemini-image:/

/**
 * The id of a picture module. Its path is relative to the project root: Rolldown writes ids into bundles,
 * which are to be the same on every machine. What is declared inline follows the file's path as if that were a folder:
 * behind `#`, a browser would not send it, and a plugin for `.svelte` would take the module for its own.
 */
export function pictureModuleId({ declaration, query, form }: PictureModule, root: string): string {
  const named = isInlineId(declaration) ? inlinePath(declaration) : declaration
  const fromRoot = withSlashes(path.relative(root, named))
  return `\0gemini-image:${form}:${encodeURIComponent(query)}:${fromRoot}.js`
}

function inlinePath(id: DeclarationId): string {
  const file = fileOfId(id)
  return `${file}/${id.slice(file.length + 1)}`
}

/** The picture module behind an id. */
export function parsePictureModuleId(id: string, root: string): PictureModule | undefined {
  const [, form, query, fromRoot, digest] = ID.exec(id) ?? []
  if (query === undefined || fromRoot === undefined) return undefined
  const file = withSlashes(path.resolve(root, fromRoot))
  const declaration = digest === undefined ? file : inlineId(file, digest)
  return { declaration, query: decodeURIComponent(query), form: form as PictureForm }
}

/**
 * The code of a picture module. The default export of an `asset` is passed on from the file itself,
 * so it is whatever the host makes of a plain image import; `images` holds the same for every picture
 * of the answer. Of an inline declaration, nobody can import anything but the object.
 * @param bringObject Brings `toObject` in, by an import or as it is.
 * @param held For each picture, the expression that the host makes of its file; a picture without one
 *   is imported.
 */
export function pictureModuleCode(
  image: ResolvedImage,
  { declaration, query, form }: PictureModule,
  bringObject: string,
  held: readonly (string | undefined)[] = [],
): string {
  const files = image.images.map(({ file }, index) => imageCode(index, file + query, held[index]))
  const last = image.images.length - 1
  const isObject = form === 'object'
  const lines = isInlineId(declaration) ? files.slice(last) : [...files, ...namedExports(image)]
  const value = isObject ? objectCode(image) : `image${last}`
  const imports = isObject ? [bringObject] : []
  return [...imports, ...lines, `export default ${value}`, ''].join('\n')
}

function imageCode(index: number, file: string, expression: string | undefined): string {
  return expression === undefined
    ? `import image${index} from ${JSON.stringify(file.replaceAll('\\', '/'))}`
    : `const image${index} = ${expression}`
}

function namedExports(image: ResolvedImage): string[] {
  const named = { ...sizeOf(image), ...factsOf(image) }
  return [
    ...Object.entries(named).map(
      ([name, value]) => `export const ${name} = ${JSON.stringify(value)}`,
    ),
    `export const images = [${image.images.map((_, index) => `image${index}`).join(', ')}]`,
    `export const parts = [${image.parts.map(partCode).join(', ')}]`,
  ]
}

function partCode(part: ResolvedImage['parts'][number]): string {
  return 'text' in part ? JSON.stringify(part) : `{ image: image${part.image} }`
}

/** Everything in one object. */
function objectCode(image: ResolvedImage): string {
  const size = JSON.stringify(sizeOf(image))
  const facts = JSON.stringify(factsOf(image))
  return `/* @__PURE__ */ toObject(image${image.images.length - 1}, ${size}, ${facts})`
}

function sizeOf({
  width,
  height,
  format,
}: ResolvedImage): Pick<ResolvedImage, 'width' | 'height' | 'format'> {
  return { width, height, format }
}

/** What no host knows of a picture. */
function factsOf(image: ResolvedImage): Readonly<Record<string, unknown>> {
  const { alt = '', prompt, model, digitalSourceType, text, grounding } = image
  return { alt, prompt, model, digitalSourceType, text, grounding }
}
