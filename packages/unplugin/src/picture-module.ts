import type { ResolvedImage } from '@gemini-image/core'

/** A picture module: which prompt file it stands for, and what the host is to do with the picture. */
export interface PictureModule {
  /** Absolute path of the prompt file. */
  readonly promptFile: string
  /** What stood in the import besides our marker: `?w=400`, or empty. */
  readonly query: string
}

// The leading NUL keeps other plugins away, by Rollup's convention; the ending ".js" keeps plugins
// away that go by the extension and would take a prompt file for a Markdown page.
// https://rollupjs.org/plugin-development/#conventions
const ID = /^\0gemini-image:([^:]*):(.+)\.js$/s

/** Matches the ids of picture modules, for the filters of hooks. */
export const PICTURE_MODULE_ID: RegExp = /^\0gemini-image:/

/** The id of a picture module. */
export function pictureModuleId({ promptFile, query }: PictureModule): string {
  return `\0gemini-image:${encodeURIComponent(query)}:${promptFile}.js`
}

/** The picture module behind an id. */
export function parsePictureModuleId(id: string): PictureModule | undefined {
  const [, query, promptFile] = ID.exec(id) ?? []
  if (query === undefined || promptFile === undefined) return undefined
  return { promptFile, query: decodeURIComponent(query) }
}

/**
 * The code of a picture module. The default export is passed on from the file itself, so it is
 * whatever the host makes of a plain image import; `images` holds the same for every picture of the
 * answer.
 */
export function pictureModuleCode(image: ResolvedImage, query: string): string {
  const specifiers = image.images.map(({ file }) =>
    JSON.stringify(file.replaceAll('\\', '/') + query),
  )
  const { width, height, format, prompt, model, text, grounding } = image
  const named = { alt: image.alt ?? '', width, height, format, prompt, model, text }
  return [
    ...specifiers.map((specifier, index) => `import image${index} from ${specifier}`),
    `export default image${specifiers.length - 1}`,
    ...Object.entries(named).map(
      ([name, value]) => `export const ${name} = ${JSON.stringify(value)}`,
    ),
    `export const grounding = ${JSON.stringify(grounding)}`,
    `export const images = [${specifiers.map((_, index) => `image${index}`).join(', ')}]`,
    `export const parts = [${image.parts.map(partCode).join(', ')}]`,
    '',
  ].join('\n')
}

function partCode(part: ResolvedImage['parts'][number]): string {
  return 'text' in part ? JSON.stringify(part) : `{ image: image${part.image} }`
}
