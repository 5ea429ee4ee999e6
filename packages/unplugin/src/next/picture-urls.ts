import path from 'node:path'
import { splitMarker } from '@gemini-image/core/host'
import type { LoaderContext } from 'webpack'
import { askedFile } from '../project/asked-file.ts'
import { checkAsk } from '../project/check-ask.ts'
import { openOnce } from '../project/open-once.ts'
import { declarationIn, readAsk } from '../source/ask.ts'
import { relativeTo } from '../project/relative-to.ts'
import { keepName } from './kept-names.ts'
import { openForLoader, pictureFor, type LoaderOptions } from './pictures.ts'

/**
 * Gives how a loader's file names the picture of each prompt file that it names. Only relative paths: a
 * loader knows no other rules of Turbopack. The project is opened for the first, and once.
 * @throws {GeminiImageError} as {@link pictureFor}.
 */
export function pictureUrls(
  loader: LoaderContext<LoaderOptions>,
): (specifier: string) => Promise<string> {
  const folder = path.dirname(loader.resourcePath)
  const opened = openOnce(() => openForLoader(loader))
  return async (specifier) => {
    const { file = specifier, query = '' } = splitMarker(specifier) ?? {}
    const project = await opened()
    const ask = readAsk(query, project.options)
    await checkAsk(ask, specifier, loader.resourcePath, project, 'file')
    const promptFile = path.resolve(folder, file)
    for (const input of [project.options.lockfile, promptFile]) loader.addDependency(input)
    const declaration = declarationIn(promptFile, ask)
    const isBuild = loader.mode === 'production'
    const image = await pictureFor(declaration, project, isBuild)
    for (const input of image.inputs) loader.addDependency(input)
    const asset = await askedFile(image, ask, project, !isBuild)
    loader.addDependency(asset.file)
    const { root, kept } = loader.getOptions()
    if (kept !== undefined) await keepName(asset.file, root, kept)
    return relativeTo(folder, asset.file) + asset.query
  }
}
