import type { Plugin } from 'vite'
import type { PageImages } from './page-images.ts'

const PROMPT_FILE = /\.prompt\.md$/

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
        if (importer === undefined || !PROMPT_FILE.test(source)) return undefined
        return this.resolve(`${source}?gemini-image`, importer)
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
