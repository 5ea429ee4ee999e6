import { fileOfId } from '@gemini-image/core/host'
import type { Build } from '../project/build.ts'
import { LOST_PICTURE_CODE } from '../lost-picture-module.ts'
import {
  importObject,
  OBJECT_MODULE_CODE,
  OBJECT_MODULE_ID,
  OBJECT_SPECIFIER,
} from '../object-module.ts'
import { parsePictureModuleId, pictureModuleCode } from '../picture-module.ts'
import { isRendition, mayBeInlined } from '../source/ask.ts'
import type { Session } from './session.ts'

/** What the hook that loads a module gives. */
export interface Loading {
  /** What becomes of a picture's file; `undefined` where it is to be imported. */
  imageCode(file: string): Promise<string | undefined> | undefined
  /** The same of a file of ours, which no plugin is to encode once more. */
  assetCode(file: string): Promise<string | undefined> | undefined
  watch(file: string): void
}

/** A picture module; `undefined` for other ids. @param build That of the environment which asks. */
export async function loadPicture(
  id: string,
  { imageCode, assetCode, watch }: Loading,
  session: Session,
  build: Build,
): Promise<{ code: string; moduleSideEffects: false } | undefined> {
  if (id === OBJECT_MODULE_ID) return { code: OBJECT_MODULE_CODE, moduleSideEffects: false }
  const module = parsePictureModuleId(id, session.options.root)
  if (!module) return undefined
  await session.admit(module.declaration, undefined)
  const image = await build.picture(module.declaration)
  if (!image) return { code: LOST_PICTURE_CODE, moduleSideEffects: false }
  if (session.isWatching || session.isBundledDev) {
    for (const file of [fileOfId(module.declaration), ...image.inputs]) watch(file)
  }
  // What lands is told by it.
  if (session.isBundledDev) watch(session.options.lockfile)
  const { config } = session
  const code = await pictureModuleCode(image, module, {
    project: session,
    bringObject: importObject(OBJECT_SPECIFIER),
    expressionOf: async (file) => {
      const { form } = module
      if (isRendition(form)) {
        const mayInline = await mayBeInlined(form, session.options)
        return assetCode(mayInline ? file : `${file}?no-inline`)
      }
      // What a query is to do to the file is another plugin's work.
      return module.query === '' ? imageCode(file) : undefined
    },
    isDraft: config.command === 'serve',
  })
  return { code, moduleSideEffects: false }
}
