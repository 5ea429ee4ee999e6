import geminiImage from 'unplugin-gemini-image/eleventy'

export default function (eleventyConfig) {
  eleventyConfig.addPlugin(geminiImage)
}

export const config = { pathPrefix: '/docs/', markdownTemplateEngine: 'njk' }
