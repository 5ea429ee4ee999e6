import { isGeminiImageError } from '@gemini-image/core'
import { findInMarkdown, findReferences, joinErrors, Source } from '@gemini-image/core/internal'
import { MagicString } from 'magic-string'
import type { PicturesApi } from 'unplugin-gemini-image/vite'
import type { Plugin } from 'vite'
import { declaredImage, pictureUrl } from './pictures.ts'

/**
 * Prompt files and fenced declarations in MDX become images of the project before any processor sees
 * them: which plugins a processor of MDX takes, and from where, differs from version to version.
 */
export function mdxPlugin({ api }: Plugin<PicturesApi>): Plugin {
  return {
    name: 'gemini-image:mdx',
    enforce: 'pre',
    transform: {
      order: 'pre',
      filter: { id: /\.mdx$/, code: /\.prompt\.md|gemini-image/ },
      handler(text, file) {
        const code = rewriteMdx(text, file, api?.project().options.root ?? '')
        return { code: code.toString(), map: code.generateMap({ source: file, hires: 'boundary' }) }
      },
    },
  }
}

/** @throws {GeminiImageError} what is wrong with a declaration, at its place. */
function rewriteMdx(text: string, file: string, root: string): MagicString {
  const source = new Source(text, { file, root })
  const { paths, fences, problems } = findInMarkdown(source)
  const errors = [...fences.map(({ declaration }) => declaration), ...problems].filter(
    isGeminiImageError,
  )
  if (errors.length > 0) throw joinErrors(errors)
  const code = new MagicString(text)
  for (const { specifier, start, end } of paths) {
    const url = pictureUrl(specifier, { file, root })
    if (url !== undefined) code.update(start, end, url)
  }
  // Not every processor of MDX makes a picture of a reference.
  for (const { alt, address, start, end } of findReferences(source)) {
    const url = pictureUrl(address, { file, root })
    if (url !== undefined) code.update(start, end, `![${alt}](${url})`)
  }
  for (const { declaration, start, end } of fences) {
    if (isGeminiImageError(declaration)) continue
    const { url, alt } = declaredImage(declaration)
    code.update(start, end, `![${alt.replaceAll(/[\\[\]]/g, '\\$&')}](${url})`)
  }
  return code
}
