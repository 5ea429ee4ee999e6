import { GeminiImageError } from '@gemini-image/core/host'
import type { LoaderContext, PitchLoaderDefinitionFunction } from 'webpack'
import { moduleRequest } from './requests.ts'

/** What the loader of strays is told. */
export interface StrayLoaderOptions {
  /** Whether a file is asked for, not a module. */
  readonly isFile: boolean
}

function strayLoader(code: string): string {
  return code
}

/**
 * Takes a request for a picture that nobody has redirected, because no scan sees who makes it: a module outside of the
 * project root, or of a package. No other loader sees the prompt file.
 * @throws {GeminiImageError} `UNRESOLVED_REFERENCE` for a file: its name is settled by now.
 */
const pitch: PitchLoaderDefinitionFunction<StrayLoaderOptions> = function () {
  // oxlint-disable-next-line no-this-in-exported-function -- it is how loaders get their context
  return strayCode(this, this.getOptions())
}

function strayCode(
  { resourcePath, resource }: LoaderContext<StrayLoaderOptions>,
  { isFile }: StrayLoaderOptions,
): string {
  if (isFile) {
    throw new GeminiImageError({
      code: 'UNRESOLVED_REFERENCE',
      what: `Something outside of the project root asks for the file of ${resourcePath}.`,
      why: 'Rspack is told of such requests only where files of the project make them, too.',
      fix: 'set the option "root" to a folder that holds all files that ask for pictures, or import the picture in a module.',
    })
  }
  const request = JSON.stringify(moduleRequest(resourcePath, resource))
  return `export * from ${request}\nexport { default } from ${request}\n`
}

export { pitch }
export default strayLoader
