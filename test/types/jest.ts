// Compiled by `pnpm typecheck`: what a configuration of Jest may say.
import transformer, { withGeminiImage } from 'unplugin-gemini-image/jest'

export const plain: () => Promise<object> = withGeminiImage()
export const given = withGeminiImage({ testEnvironment: 'jsdom', preset: 'ts-jest' })
export const environment: Promise<string> = given().then((config) => config.testEnvironment)
export const made = withGeminiImage(async () => ({ moduleNameMapper: { '^@/(.*)$': ['a', 'b'] } }))
export const create = transformer.createTransformer({ transformer: 'babel-jest' })
// @ts-expect-error a transform is a name, or a name with options
withGeminiImage({ transform: { '.js$': 5 } })
