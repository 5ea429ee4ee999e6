import path from 'node:path'
import { askedDeclaration } from '../project/asked-declaration.ts'
import { askedFile } from '../project/asked-file.ts'
import { findAndWatch } from '../project/watch-missing.ts'
import { moduleSource } from '../source/module-source.ts'
import { rewriteSource } from '../source/rewrite.ts'
import { emitPicture } from './load.ts'
import type { Meeting } from './resolve.ts'

/** A module with imports of pictures in the place of what declares them. */
export async function rewriteModule(
  code: string,
  id: string,
  meeting: Meeting,
): Promise<{ code: string; map: string } | undefined> {
  const { build } = meeting
  const source = moduleSource(code, id, build.options.root)
  if (!source) return undefined
  try {
    const rewritten = await rewriteSource(source, ({ specifier }) =>
      urlCode(specifier, id, meeting),
    )
    for (const declared of rewritten?.declarations ?? []) build.declarations.add(declared.id)
    return rewritten && { code: rewritten.code, map: rewritten.map.toString() }
  } catch (error) {
    build.fail(error)
    return undefined
  }
}

/** The URL of the picture as an asset: Rollup ships no file for `new URL()` by itself. */
async function urlCode(source: string, importer: string, meeting: Meeting): Promise<string> {
  const { context, build, outputs } = meeting
  const finding = findAndWatch(context, build, outputs)
  const asked = await askedDeclaration({ source, importer, wanted: 'file' }, finding, build)
  if (!asked) return JSON.stringify(source)
  const { declaration } = asked
  for (const input of [path.resolve(declaration), build.options.lockfile]) {
    context.addWatchFile(input)
  }
  const image = await build.picture(declaration)
  if (!image) return '""'
  for (const input of image.inputs) context.addWatchFile(input)
  const asset = await askedFile(image, asked, build)
  return emitPicture(asset.file, context)
}
