import { fileURLToPath } from 'node:url'
import type { AstroConfig } from 'astro'
import { remarkPictures } from './remark.ts'
import { satteriPictures } from './satteri.ts'

/** A Markdown processor of Astro 7, as far as it is used here. */
interface Processor {
  readonly name: string
  readonly options?: {
    readonly mdastPlugins?: { readonly name?: string }[]
    readonly remarkPlugins?: unknown[]
  }
}

type RemarkPlugin = [typeof remarkPictures, { root: string }]

/** What a site's configuration needs so that Markdown may declare pictures. */
export type MarkdownUpdate = {
  readonly markdown?: { readonly remarkPlugins: [RemarkPlugin] }
}

/**
 * Teaches a site's Markdown processor about pictures. Since Astro 7 a processor is an object that
 * takes plugins; before, there was unified alone, which takes them from the configuration.
 * @returns what the configuration is to be updated with.
 */
export function teachMarkdown({ markdown, root }: AstroConfig): MarkdownUpdate {
  const { processor } = markdown as { readonly processor?: Processor }
  const folder = fileURLToPath(root)
  const remark: RemarkPlugin = [remarkPictures, { root: folder }]
  if (!processor) return { markdown: { remarkPlugins: [remark] } }
  const { mdastPlugins, remarkPlugins } = processor.options ?? {}
  const plugin = satteriPictures(folder)
  // A restarted server keeps the processor of the first configuration.
  if (mdastPlugins && !mdastPlugins.some(({ name }) => name === plugin.name)) {
    mdastPlugins.unshift(plugin)
  }
  const isOurs = (one: unknown): boolean => Array.isArray(one) && one[0] === remarkPictures
  if (remarkPlugins && !remarkPlugins.some(isOurs)) remarkPlugins.unshift(remark)
  return {}
}
