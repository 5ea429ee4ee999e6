import { isByLanguage, isGeminiImageError, startOf } from '@gemini-image/core/host'
import type { HostProject } from './host-project.ts'
import { isRendition, type Ask } from '../source/ask.ts'
import { assertOneFile, severalFiles } from './asked-file.ts'
import { placeOfSpecifier, withoutQuery } from './missing-file.ts'

/**
 * Checks what an import says of renditions, while it is known who says it.
 * @param specifier As it is written.
 * @param importer The module, stylesheet or page that asks.
 * @param wanted Whether it takes a file, and not a module.
 * @throws {GeminiImageError} `INVALID_RENDITION`, at its place.
 */
export async function checkAsk(
  { form, query, selection }: Ask,
  specifier: string,
  importer: string | undefined,
  { options }: HostProject,
  wanted: 'module' | 'file' = 'module',
): Promise<void> {
  const isSeveral = wanted === 'file' && isByLanguage(selection)
  if (!isRendition(form) && !isSeveral) return
  try {
    if (isSeveral) throw severalFiles()
    if (!isRendition(form)) return
    const { readRenditionQuery } = await import('@gemini-image/core/internal')
    readRenditionQuery(query, form, options)
    if (wanted === 'file') await assertOneFile(form, options)
  } catch (error) {
    if (!isGeminiImageError(error) || importer === undefined) throw error
    const start = startOf(options.root, withoutQuery(importer))
    throw error.at(placeOfSpecifier(specifier, importer, options.root) ?? start)
  }
}
