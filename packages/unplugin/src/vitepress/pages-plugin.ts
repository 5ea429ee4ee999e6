import { promptPathOf, splitMarker, withMarker } from '@gemini-image/core/host'
import type { Plugin } from 'vite'
import type { PageImages } from './page-images.ts'

/** Has pages show pictures where VitePress would take a prompt file for a page. */
export function pagesPlugin(images: PageImages): Plugin {
  return {
    name: 'gemini-image:vitepress',
    enforce: 'pre',
    configResolved: (config) => images.begin(config),
    resolveId: {
      order: 'pre',
      // What an image in Markdown, or in what it includes, is compiled to.
      handler(source, importer) {
        const isBare = promptPathOf(source) !== undefined && !splitMarker(source)
        if (importer === undefined || !isBare) return undefined
        return this.resolve(withMarker(source), importer)
      },
    },
    transform: {
      order: 'pre',
      async handler(text, file) {
        if (!file.endsWith('.md') || !text.includes('.prompt.md')) return undefined
        const code = await images.describe(text, file)
        return code && { code: code.toString(), map: null }
      },
    },
    async generateBundle() {
      for await (const { fileName, source } of images.shipped()) {
        this.emitFile({ type: 'asset', fileName, source })
      }
    },
  }
}
