import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileOfId } from '@gemini-image/core/host'
import type { PluginContext } from 'rollup'
import { LOST_PICTURE_CODE } from '../lost-picture-module.ts'
import { importObject, OBJECT_MODULE_CODE, OBJECT_MODULE_ID } from '../object-module.ts'
import { parsePictureModuleId, pictureModuleCode, type PictureModule } from '../picture-module.ts'
import type { Build } from '../project/build.ts'

/** Matches files that may be pictures. */
export const PICTURE_FILE: RegExp = /\.(?:avif|ico|jpe?g|png|webp)$/

/** A module's code, as Rollup and Rolldown take it. */
interface Loaded {
  readonly code: string
  readonly moduleSideEffects: false
  /** Rolldown would go by the extension. */
  readonly moduleType: 'js'
}

/**
 * A module of ours, or that of a picture's file, which nobody else has loaded; `undefined` for others.
 * @param ownTypes Extensions that the site has settled for Rolldown.
 */
export async function loadModule(
  id: string,
  context: PluginContext,
  build: Build,
  ownTypes: ReadonlySet<string>,
): Promise<Loaded | undefined> {
  const code = await codeOf(id, context, build, ownTypes)
  return code === undefined ? undefined : { code, moduleSideEffects: false, moduleType: 'js' }
}

function codeOf(
  id: string,
  context: PluginContext,
  build: Build,
  ownTypes: ReadonlySet<string>,
): Promise<string> | string | undefined {
  if (id === OBJECT_MODULE_ID) return OBJECT_MODULE_CODE
  const module = parsePictureModuleId(id, build.options.root)
  if (module) return pictureCode(module, context, build)
  const isOurs = PICTURE_FILE.test(id) && !ownTypes.has(path.extname(id)) && build.holds(id)
  return isOurs ? fileCode(id, context) : undefined
}

async function pictureCode(
  module: PictureModule,
  context: PluginContext,
  build: Build,
): Promise<string> {
  const { declaration } = module
  context.addWatchFile(fileOfId(declaration))
  const image = await build.picture(declaration)
  if (!image) return LOST_PICTURE_CODE
  for (const input of image.inputs) context.addWatchFile(input)
  const bringObject = importObject(OBJECT_MODULE_ID)
  return pictureModuleCode(image, module, { project: build, bringObject })
}

async function fileCode(file: string, context: PluginContext): Promise<string> {
  return `export default ${await emitPicture(file, context)}\n`
}

/** Makes a picture an asset of the bundle, named by the site, and gives the expression of its URL. */
export async function emitPicture(file: string, context: PluginContext): Promise<string> {
  const source = await readFile(file)
  const name = path.basename(file).replace(/\.[0-9a-f]{12}(?=\.\w+$)/, '')
  const asset = context.emitFile({ type: 'asset', name, originalFileName: file, source })
  return `import.meta.ROLLUP_FILE_URL_${asset}`
}
