import { createTransformer } from './jest/transformer.ts'

export { withGeminiImage, type JestConfig, type JestConfigExport } from './jest/config.ts'
export type { JestTransformer, TransformerOptions, WrappedTransformer } from './jest/transformer.ts'

/**
 * Gives tests in Jest what is known of pictures. Nothing is generated, and nothing need be pinned.
 *
 * ```js
 * // jest.config.mjs
 * import { withGeminiImage } from 'unplugin-gemini-image/jest'
 *
 * export default withGeminiImage({ testEnvironment: 'jsdom' })
 * ```
 */
const transformer: { readonly createTransformer: typeof createTransformer } = { createTransformer }

export default transformer
