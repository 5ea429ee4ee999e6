import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isGeminiImageError } from '@gemini-image/core'
import {
  FENCE_LANGUAGE,
  findAsked,
  joinErrors,
  promptFileOf,
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

/** The text that an address stands in. */
export interface Surroundings {
  /** Its absolute path, where it has one. */
  readonly file: string | undefined
  /** The site's root. */
  readonly root: string
}

/** The address that Astro takes for an image of the project; `undefined` where it names no prompt file. */
export function pictureUrl(address: string, { file, root }: Surroundings): string | undefined {
  const promptFile = promptFileOf(address)
  if (promptFile === undefined) return undefined
  if (!promptFile.startsWith('/')) return encodeURI(filePath(promptFile))
  // Astro takes an address from the root for one of the site.
  if (file === undefined) return undefined
  const relative = path.relative(path.dirname(file), path.join(root, promptFile))
  return encodeURI(filePath(`./${relative.replaceAll('\\', '/')}`))
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
