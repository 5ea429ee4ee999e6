import { readFileSync } from 'node:fs'
import { isGeminiImageError } from '@gemini-image/core'
import {
  decodePath,
  FENCE_LANGUAGE,
  findAsked,
  joinErrors,
  readFence,
  Source,
  type Declaration,
} from '@gemini-image/core/internal'
import { filePath, inlinePath } from '../content/picture-path.ts'

/** An image in Markdown. */
export interface MarkdownImage {
  readonly url: string
  readonly alt: string
}

/** Whether an image's address names a prompt file. */
export function isPromptUrl(url: string): boolean {
  return url.endsWith('.prompt.md') && !/^(?:[a-z][a-z\d+.-]*:|\/)/i.test(url)
}

/** The address that Astro takes for an image of the project. */
export function pictureUrl(url: string): string {
  return filePath(decodePath(url))
}

/**
 * The image that a fenced block declares; `undefined` for a block in another language.
 * @param file Absolute path of the text, where it has one.
 * @throws {GeminiImageError} what is wrong with the declaration, at its place in the file.
 */
export function fencedImage(
  { lang, value }: { readonly lang?: string | null | undefined; readonly value: string },
  file: string | undefined,
): MarkdownImage | undefined {
  if (lang !== FENCE_LANGUAGE) return undefined
  try {
    return declaredImage(readFence(value, 0, new Source(value, { file: '', root: '' })))
  } catch (error) {
    throw placed(error, file)
  }
}

/** The image of an inline declaration. */
export function declaredImage({ prompt, settings }: Declaration): MarkdownImage {
  const values = [...settings].map(([key, setting]): [string, unknown] => [key, setting.value])
  const alt = settings.get('alt')?.value
  return {
    url: inlinePath({ ...Object.fromEntries(values), ...(prompt !== '' && { prompt }) }),
    alt: typeof alt === 'string' ? alt : '',
  }
}

/** The same error where the file says it: a processor is not told where a block stands in its file. */
function placed(error: unknown, file: string | undefined): unknown {
  if (file === undefined) return error
  const root = process.cwd()
  const { declarations } = findAsked(readFileSync(file, 'utf8'), { file, root }, new Set())
  const errors = declarations.filter(isGeminiImageError)
  return errors.length > 0 ? joinErrors(errors) : error
}
