import type { Options } from '@gemini-image/core'
import { addWatching, type EleventyConfig, type Page } from './eleventy/config.ts'
import { EleventyProject, type Begun } from './eleventy/project.ts'

/**
 * The plugin for Eleventy: prompt files in Markdown, in templates and in a shortcode become pictures.
 *
 * ```js
 * // eleventy.config.js
 * import geminiImage from 'unplugin-gemini-image/eleventy'
 *
 * export default (eleventyConfig) => eleventyConfig.addPlugin(geminiImage)
 * ```
 *
 * @param config Eleventy's.
 * @param options All optional; see {@link Options} for each default.
 */
export default function geminiImage(config: EleventyConfig, options: Options = {}): void {
  const project = new EleventyProject(options)
  addWatching(config)
  config.on('eleventy.before', (begun: Begun) => project.begin(begun))
  config.on('eleventy.after', () => project.verify())
  config.addShortcode('geminiImage', (file: string, attributes?: object) =>
    project.element(file, attributes),
  )
  config.addTransform('gemini-image', function (this: { readonly page: Page }, content) {
    return project.transform(content, this.page, config.pathPrefix ?? '/')
  })
}
