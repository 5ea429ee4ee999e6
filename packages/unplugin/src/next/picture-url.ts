import path from 'node:path'
import { splitMarker } from '@gemini-image/core'
import type { LoaderContext } from 'webpack'
import { openNext, pictureFor, relativeTo, SILENT, type LoaderOptions } from './pictures.ts'

/**
 * How a file names the picture of a prompt file that it names. Only relative paths: a loader knows no
 * other rules of Turbopack.
 * @throws {GeminiImageError} as {@link pictureFor}.
 */
export async function pictureUrl(
  specifier: string,
  loader: LoaderContext<LoaderOptions>,
): Promise<string> {
  const { file = specifier, query = '' } = splitMarker(specifier) ?? {}
  const folder = path.dirname(loader.resourcePath)
  const engine = await openNext(loader.getOptions().root, SILENT)
  const declaration = path.resolve(folder, file)
  for (const input of [engine.options.lockfile, declaration]) loader.addDependency(input)
  const image = await pictureFor(declaration, engine, loader.mode === 'production')
  for (const input of image.inputs) loader.addDependency(input)
  return relativeTo(folder, image.file) + query
}
