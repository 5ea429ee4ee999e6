import type { Options } from '@gemini-image/core'
import geminiImage from './vite.ts'
import { PageImages, type PageData, type SiteConfig } from './vitepress/page-images.ts'
import { pagesPlugin } from './vitepress/pages-plugin.ts'

/** What a configuration of VitePress holds, as far as it is used here. */
interface Given {
  readonly srcExclude?: readonly string[]
  readonly markdown?: object
  readonly vite?: { readonly plugins?: readonly unknown[] }
  readonly transformPageData?: (
    page: PageData,
    context: { readonly siteConfig: SiteConfig },
  ) => unknown
}

/**
 * Adds pictures to a VitePress site: in components, in Markdown and in frontmatter. Prompt files are no pages.
 *
 * ```ts
 * // .vitepress/config.ts
 * import { defineConfig } from 'vitepress'
 * import withGeminiImage from 'unplugin-gemini-image/vitepress'
 *
 * export default withGeminiImage(defineConfig({ title: 'Harbour' }))
 * ```
 *
 * @param config The configuration of the site.
 * @param options All optional; see {@link Options} for each default.
 */
function withGeminiImage<Config extends object>(config: Config, options: Options = {}): Config {
  const { srcExclude = [], markdown, vite, transformPageData }: Given = config
  const pictures = geminiImage(options)
  const images = new PageImages(pictures)
  const added: Given = {
    srcExclude: [...srcExclude, '**/*.prompt.md'],
    // A server keeps the data of a page by its text, and pictures land in the meantime.
    markdown: { cache: false, ...markdown },
    vite: { ...vite, plugins: [pictures, pagesPlugin(images), ...(vite?.plugins ?? [])] },
    transformPageData: async (page, context) => {
      const changed = await transformPageData?.(page, context)
      const data: PageData = { ...page, ...(changed as Partial<PageData> | undefined) }
      const file = `${context.siteConfig.srcDir}/${page.filePath}`
      const frontmatter = await images.replaceIn(data.frontmatter, file, context.siteConfig)
      return { ...(changed as object | undefined), frontmatter }
    },
  }
  return { ...config, ...added }
}

export default withGeminiImage
