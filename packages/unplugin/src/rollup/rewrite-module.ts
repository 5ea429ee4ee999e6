import path from 'node:path'
import { splitMarker } from '@gemini-image/core/host'
import { askedFile } from '../project/asked-file.ts'
import { checkAsk } from '../project/check-ask.ts'
import { readAsk } from '../source/ask.ts'
import { moduleSource } from '../source/module-source.ts'
import { rewriteSource } from '../source/rewrite.ts'
import { emitPicture } from './load.ts'
import { findDeclaration, type Asked } from './resolve.ts'

/** A module with imports of pictures in the place of what declares them. */
export async function rewriteModule(
  code: string,
  id: string,
  asked: Asked,
): Promise<{ code: string; map: string } | undefined> {
  const { build } = asked
  const source = moduleSource(code, id, build.options.root)
  if (!source) return undefined
  try {
    const rewritten = await rewriteSource(source, ({ specifier }) => urlCode(specifier, id, asked))
    for (const declared of rewritten?.declarations ?? []) build.declarations.add(declared.id)
    return rewritten && { code: rewritten.code, map: rewritten.map.toString() }
  } catch (error) {
    build.fail(error)
    return undefined
  }
}

/** The URL of the picture as an asset: Rollup ships no file for `new URL()` by itself. */
async function urlCode(specifier: string, importer: string, asked: Asked): Promise<string> {
  const { context, build } = asked
  const { file = specifier, query = '' } = splitMarker(specifier) ?? {}
  const ask = readAsk(query)
  await checkAsk(ask, specifier, importer, build, 'file')
  const declaration = await findDeclaration(file, importer, asked)
  build.declarations.add(declaration)
  for (const input of [path.resolve(declaration), build.options.lockfile]) {
    context.addWatchFile(input)
  }
  const image = await build.picture(declaration)
  if (!image) return '""'
  for (const input of image.inputs) context.addWatchFile(input)
  const asset = await askedFile(image, ask, build)
  return emitPicture(asset.file, context)
}
