import path from 'node:path'
import process from 'node:process'
import type { Options, ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import { importObject, OBJECT_MODULE_CODE, OBJECT_MODULE_ID } from '../object-module.ts'
import {
  parsePictureModuleId,
  PICTURE_MODULE_ID,
  pictureModuleCode,
  pictureModuleId,
} from '../picture-module.ts'
import type { HostHooks } from '../plugin.ts'
import { askedDeclaration } from '../project/asked-declaration.ts'
import { askedFile } from '../project/asked-file.ts'
import { Build } from '../project/build.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import { stderrLogger } from '../project/stderr-logger.ts'
import { INLINE_SPECIFIER } from '../source/ask.ts'
import { MAY_BE_REWRITTEN, MAY_DECLARE, PROMPT_SPECIFIER } from '../source/filters.ts'

/** Bun's global, as far as it is used here. */
declare const Bun: { resolve(specifier: string, folder: string): Promise<string> }

const OURS = new RegExp(
  [PROMPT_SPECIFIER, INLINE_SPECIFIER, PICTURE_MODULE_ID].map(({ source }) => source).join('|'),
)

/** The hooks for Bun, in unplugin's own terms: Bun makes of a picture's file what it makes of any. */
export function bunHooks(options: Options): HostHooks {
  let outputs: readonly string[] = []
  let build: Promise<Build> | undefined
  // A plugin that stands in bunfig.toml may be asked before any build begins.
  const begun = (): Promise<Build> => (build ??= begin(options, outputs))
  return {
    bun: {
      setup({ config }) {
        outputs = config?.outdir === undefined ? [] : [path.resolve(config.outdir)]
      },
    },
    async buildStart() {
      build = undefined
      // Nobody can catch what a plugin throws here: the first entry tells it.
      await begun().catch(() => undefined)
    },
    async resolveId(source, importer, { isEntry }) {
      const now = await begun()
      if (isEntry) now.assertSound()
      return OURS.test(source) ? resolvePicture(source, importer, now) : undefined
    },
    load: {
      filter: { id: PICTURE_MODULE_ID },
      handler: async (id) => loadPicture(id, await begun()),
    },
    transform: {
      filter: { id: MAY_BE_REWRITTEN, code: MAY_DECLARE },
      handler: async (code, id) => rewrite(code, id, await begun()),
    },
  }
}

/** @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`. */
async function begin(options: Options, outputs: readonly string[]): Promise<Build> {
  const opening = { hostRoot: process.cwd(), outputs, logger: stderrLogger }
  const build = new Build(await openHostWithEnv(options, opening))
  await build.begin()
  return build
}

/** @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND` or `INVALID_RENDITION`. */
async function resolvePicture(
  source: string,
  importer: string | undefined,
  build: Build,
): Promise<string | undefined> {
  if (source === OBJECT_MODULE_ID) return source
  const wanted = importer?.endsWith('.css') ? 'file' : 'module'
  const asked = await askedDeclaration(
    { source, importer, wanted },
    { resolve: resolveByBun },
    build,
  )
  if (!asked) return undefined
  if (wanted === 'module') return pictureModuleId(asked, build.options.root)
  return (await askedFile(await soundPicture(asked.declaration, build), asked, build)).file
}

async function resolveByBun(
  specifier: string,
  importer: string | undefined,
): Promise<{ id: string } | null> {
  const folder = importer === undefined ? process.cwd() : path.dirname(importer)
  const id = await Bun.resolve(specifier, folder).catch(() => undefined)
  return id === undefined ? null : { id }
}

async function loadPicture(id: string, build: Build): Promise<string | undefined> {
  if (id === OBJECT_MODULE_ID) return OBJECT_MODULE_CODE
  const module = parsePictureModuleId(id, build.options.root)
  if (!module) return undefined
  const image = await soundPicture(module.declaration, build)
  const bringObject = importObject(OBJECT_MODULE_ID)
  return pictureModuleCode(image, module, { project: build, bringObject })
}

/** Bun asks no plugin once it has built: a picture is verified before it is handed over. */
async function soundPicture(id: DeclarationId, build: Build): Promise<ResolvedImage> {
  const image = await build.image(id)
  await build.verify()
  return image
}

async function rewrite(
  code: string,
  id: string,
  build: Build,
): Promise<{ code: string; map: string } | undefined> {
  const { rewriteWithoutUrls } = await import('../source/rewrite-without-urls.ts')
  return rewriteWithoutUrls(code, id, build, 'Bun')
}
