import path from 'node:path'
import type { DeclarationId } from '@gemini-image/core/internal'
import { fileOfId, splitMarker } from '@gemini-image/core/host'
import type { OnLoadResult, OnResolveArgs, OnResolveResult, PluginBuild } from 'esbuild'
import { LOST_PICTURE_CODE } from '../lost-picture-module.ts'
import { importObject, OBJECT_MODULE_CODE, OBJECT_SPECIFIER } from '../object-module.ts'
import { pictureModuleCode, type PictureModule } from '../picture-module.ts'
import { askedDeclaration } from '../project/asked-declaration.ts'
import { askedFile } from '../project/asked-file.ts'
import { withoutQuery } from '../project/missing-file.ts'
import { withSlashes } from '../project/with-slashes.ts'
import type { Ask } from '../source/ask.ts'
import type { Resolve } from '../project/prompt-file.ts'
import { PASSED_ON } from './passed-on.ts'
import type { Session } from './session.ts'
import type { Opened } from './setup.ts'

const NAMESPACE = 'gemini-image'
const MARKED = /[?&]gemini-image(?:[=&#]|$)/

/** Adds what resolves and loads pictures. */
export function addPictures(build: PluginBuild, opened: Opened): void {
  build.onResolve({ filter: MARKED }, async (asked) => {
    const session = opened()
    if (session) return resolvePicture(asked, session, build)
    return splitMarker(asked.path) ? virtual('lost') : undefined
  })
  build.onResolve({ filter: /./, namespace: NAMESPACE }, (asked) =>
    asked.path === OBJECT_SPECIFIER ? virtual('object') : resolveFile(asked, build),
  )
  build.onLoad({ filter: /^object$/, namespace: NAMESPACE }, () => ({
    contents: OBJECT_MODULE_CODE,
  }))
  build.onLoad({ filter: /./, namespace: NAMESPACE }, async ({ pluginData }) => {
    const session = opened()
    return session && pluginData
      ? loadPicture(pluginData as PictureModule, session)
      : { contents: LOST_PICTURE_CODE }
  })
}

/** A module of a picture; for a stylesheet, the picture's file, of which the site makes what it likes. */
async function resolvePicture(
  asked: OnResolveArgs,
  session: Session,
  build: PluginBuild,
): Promise<OnResolveResult | undefined> {
  const { path: source, importer, kind } = asked
  const wanted = kind === 'url-token' ? 'file' : 'module'
  try {
    const found = await askedDeclaration(
      { source, importer: importer || undefined, wanted },
      { resolve: resolverOf(asked, build) },
      session,
    )
    if (!found) return undefined
    const { declaration } = found
    if (wanted === 'file') return await fileOf(declaration, found, session)
    return virtual(nameOf(declaration, found, session), found)
  } catch (error) {
    session.fail(error)
    // Where it would lie: a build that watches goes on when it is there.
    const watchFiles = [path.resolve(asked.resolveDir, withoutQuery(source))]
    return { ...virtual('lost'), errors: session.tell(), watchFiles }
  }
}

async function fileOf(
  declaration: DeclarationId,
  ask: Ask,
  session: Session,
): Promise<OnResolveResult> {
  const image = await session.picture(declaration)
  const watchFiles = watchFilesOf(declaration, image?.inputs ?? [], session)
  if (!image) return { external: true, path: declaration, errors: session.tell(), watchFiles }
  const { file, query } = await askedFile(image, ask, session)
  return { path: file, suffix: query, watchFiles }
}

/**
 * A picture's file, where the site's plugins have nothing to say to it. esbuild looks at a folder once in
 * a build, and would not find a picture that was drawn meanwhile.
 */
async function resolveFile(
  { path: file, pluginData, ...asked }: OnResolveArgs,
  build: PluginBuild,
): Promise<OnResolveResult | undefined> {
  if (pluginData === PASSED_ON) return undefined
  const resolved = await build.resolve(file, { ...asked, pluginData: PASSED_ON })
  if (resolved.errors.length === 0) return resolved as OnResolveResult
  const [path = '', query] = file.split('?')
  return { path, suffix: query === undefined ? '' : `?${query}` }
}

async function loadPicture(module: PictureModule, session: Session): Promise<OnLoadResult> {
  const { declaration } = module
  const image = await session.picture(declaration)
  const bringObject = importObject(OBJECT_SPECIFIER)
  return {
    contents: image
      ? await pictureModuleCode(image, module, { project: session, bringObject })
      : LOST_PICTURE_CODE,
    errors: session.tell(),
    resolveDir: path.dirname(fileOfId(declaration)),
    watchFiles: watchFilesOf(declaration, image?.inputs ?? [], session),
  }
}

function watchFilesOf(
  declaration: DeclarationId,
  inputs: readonly string[],
  session: Session,
): string[] {
  const { lockfile } = session.options
  const involved = session.state === 'wrong' ? session.watchFiles() : []
  return [fileOfId(declaration), lockfile, ...inputs, ...involved]
}

/** The name of a picture's module, which esbuild writes beside its code: the same on every machine. */
function nameOf(declaration: DeclarationId, { form, query }: Ask, { options }: Session): string {
  return withSlashes(path.relative(options.root, declaration)) + `?as=${form}${query}`
}

function virtual(name: string, module?: PictureModule): OnResolveResult {
  return { path: name, namespace: NAMESPACE, sideEffects: false, pluginData: module }
}

/** What esbuild and the site's other plugins make of a path. */
function resolverOf(
  { importer, namespace, resolveDir, kind }: OnResolveArgs,
  build: PluginBuild,
): Resolve {
  return async (specifier) => {
    const asked = { importer, namespace, resolveDir, kind }
    const { errors, external, path: found } = await build.resolve(specifier, asked)
    return errors.length > 0 || external || !path.isAbsolute(found) ? null : { id: found }
  }
}
