import type { ResolvedImage } from '@gemini-image/core'
import type { FormName } from '@gemini-image/core/internal'
import { GeminiImageError } from '@gemini-image/core/host'
import type { HostProject } from './host-project.ts'
import { isOneFile, isRendition, withoutTexts, type Ask, type OwnForms } from '../source/ask.ts'

/** A file, and what stands behind it in a URL for other plugins. */
export interface AskedFile {
  /** Absolute path. */
  readonly file: string
  /** `?w=400`, or empty. */
  readonly query: string
}

/**
 * The file that stylesheets, pages and `new URL()` ask for: the picture's own, the largest of
 * `as=url`, or an icon.
 * @param isDraft As in {@link RenditionWish}.
 * @throws {GeminiImageError} `INVALID_RENDITION` for what is no file; as {@link HostProject.render}.
 */
export async function askedFile(
  image: ResolvedImage,
  { form, query }: Pick<Ask, 'form' | 'query'>,
  project: HostProject,
  isDraft: boolean = false,
): Promise<AskedFile> {
  if (image.languages) throw severalFiles()
  if (!isRendition(form)) {
    const { file } = await project.layered(image, query)
    return { file, query: withoutTexts(query) }
  }
  await assertOneFile(form, project.options)
  const { sources } = await project.render(image, { form, query, isDraft })
  return { file: sources.at(-1)?.files.at(-1)?.file ?? image.file, query: '' }
}

/** The pictures of all languages are asked for where one file is taken. */
export function severalFiles(): GeminiImageError {
  return new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: '"by=language" is a picture for each language, and a stylesheet, a page or a URL takes one file.',
    fix: 'name one of them, such as "?each=en", or import them in a module.',
  })
}

/**
 * Makes sure that a form is one file.
 * @throws {GeminiImageError} `INVALID_RENDITION`, without a place.
 */
export async function assertOneFile(form: FormName, options: OwnForms): Promise<void> {
  if (await isOneFile(form, options)) return
  throw new GeminiImageError({
    code: 'INVALID_RENDITION',
    what: `"as=${form}" is more than a file, and a stylesheet, a page or a URL takes one file.`,
    fix: 'write as=url, or import the picture in a module.',
  })
}
