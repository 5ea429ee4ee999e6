import path from 'node:path'
import { GeminiImageError, splitMarker, startOf } from '@gemini-image/core/host'
import type { Place, ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import { pictureModuleId, type PictureForm, type PictureModule } from '../picture-module.ts'
import { askedDeclaration } from '../project/asked-declaration.ts'
import { withoutQuery } from '../project/missing-file.ts'
import { findAndWatch, type WatchContext } from '../project/watch-missing.ts'
import { withSlashes } from '../project/with-slashes.ts'
import { declarationIn, readAsk } from '../source/ask.ts'
import type { PictureFile } from './css.ts'
import { rewriteHtml } from './html.ts'
import type { Session } from './session.ts'

/**
 * The picture module that an import asks for.
 * @throws {GeminiImageError} as {@link askedDeclaration}.
 */
export async function resolveImport(
  source: string,
  importer: string | undefined,
  context: WatchContext & { readonly environment?: { readonly name: string } },
  session: Session,
): Promise<string | undefined> {
  const { config, options } = session
  const outputs = [path.resolve(config.root, config.build.outDir)]
  const finding = findAndWatch(context, session.buildOf(context.environment?.name), outputs)
  const asked = await askedDeclaration({ source, importer }, finding, session)
  return asked && pictureModuleId(asked, options.root)
}

/**
 * The picture module of an inline declaration, in a form that needs no settings.
 * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
 */
export async function resolveInline(
  declaration: DeclarationId,
  importer: string | undefined,
  session: Session,
  form: PictureForm = 'object',
): Promise<string> {
  await session.admit(declaration, importer)
  const picture: PictureModule = { declaration, query: '', form }
  return pictureModuleId(picture, session.options.root)
}

/** Resolves `url()` and `new URL()`, and remembers which files to refresh. */
export function fileResolver(session: Session): PictureFile {
  return async (source, importer, resolve) => {
    const asked = await askedDeclaration({ source, importer, wanted: 'file' }, { resolve }, session)
    if (!asked) return undefined
    const { declaration } = asked
    const user = importer && withoutQuery(importer)
    if (user?.endsWith('.html')) session.pages.add(declaration)
    else if (user) remember(session.users, declaration, user)
    return session.fileOf(declaration, asked)
  }
}

/** As {@link PicturesApi.shown}. */
export async function shownPicture(
  id: DeclarationId,
  page: string,
  place: Place | undefined,
  session: Session,
): Promise<ResolvedImage> {
  try {
    session.assertDeclared(id)
    remember(session.users, id, page)
    session.pages.add(id)
    return await session.shown(id)
  } catch (error) {
    const at = place ?? startOf(session.options.root, page)
    throw error instanceof GeminiImageError ? error.at(at) : error
  }
}

function remember(users: Map<string, Set<string>>, promptFile: string, user: string): void {
  const known = users.get(promptFile) ?? new Set()
  users.set(promptFile, known.add(user))
}

/** A page with its prompt files replaced by the paths of their pictures. */
export function transformPage(html: string, page: string, session: Session): Promise<string> {
  const { config, options } = session
  return rewriteHtml(html, startOf(options.root, page), async (specifier) => {
    const marked = splitMarker(specifier)
    if (!marked) return specifier
    const from = marked.file.startsWith('/') ? config.root : path.dirname(page)
    const ask = readAsk(marked.query, options)
    const declaration = declarationIn(withSlashes(path.join(from, marked.file)), ask)
    session.declarations.add(declaration)
    session.pages.add(declaration)
    const [file = '', ...query] = (await session.fileOf(declaration, ask)).split('?')
    return [pageUrl(file, page, session), ...query].join('?')
  })
}

/** How a page names a file so that Vite finds it: from the root, or beside the root by other means. */
function pageUrl(file: string, page: string, { config }: Session): string {
  const fromRoot = withSlashes(path.relative(config.root, file))
  if (!fromRoot.startsWith('../')) return `/${fromRoot}`
  if (config.command === 'serve') return `/@fs/${withSlashes(file).replace(/^\//, '')}`
  return withSlashes(path.relative(path.dirname(page), file))
}
