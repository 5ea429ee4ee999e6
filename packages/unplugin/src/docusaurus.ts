import { createRequire } from 'node:module'
import type { Options } from '@gemini-image/core'
import type { createPlugin, DocusaurusPlugin, SiteContext } from './docusaurus/plugin.ts'

type Create = typeof createPlugin

/**
 * The plugin for Docusaurus: prompt files in Markdown, MDX and components become pictures.
 *
 * ```js
 * // docusaurus.config.js
 * export default { plugins: ['unplugin-gemini-image/docusaurus'] }
 * ```
 *
 * @param context What Docusaurus says of the site.
 * @param options All optional; see {@link Options} for each default.
 */
export default function geminiImage(context: SiteContext, options: Options): DocusaurusPlugin {
  // Docusaurus has jiti load and compile this file; packages that are loaded by import() lose their exports there.
  const load = createRequire(import.meta.url) as (file: string) => { createPlugin: Create }
  return load('./docusaurus-plugin.js').createPlugin(context, options)
}
