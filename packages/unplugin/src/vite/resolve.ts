import path from 'node:path'
import {
  GeminiImageError,
  inlineId,
  isInlineId,
  splitMarker,
  startOf,
} from '@gemini-image/core/host'
import type { Place, ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import { pictureModuleId, type PictureModule } from '../picture-module.ts'
import { checkAsk } from '../project/check-ask.ts'
import { readAsk } from '../source/ask.ts'
import type { PictureFile } from './css.ts'
import { rewriteHtml } from './html.ts'
import { withoutQuery } from '../project/missing-file.ts'
import { watchMissing, type WatchContext } from '../project/watch-missing.ts'
import { findPromptFile, type Resolve } from '../project/prompt-file.ts'
import { withSlashes } from '../project/with-slashes.ts'
import type { Session } from './session.ts'

/**
 * The picture module that an import asks for.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`; `UNDECLARED_PICTURE` for a URL that asks for
 *   what no source declares.
 */
export async function resolveImport(
  source: string,
  importer: string | undefined,
  context: ResolveContext,
  session: Session,
): Promise<string | undefined> {
  const marked = splitMarker(source)
  if (!marked) return undefined
  const ask = readAsk(marked.query)
  const { form, inline, query } = ask
  await checkAsk(ask, source, importer, session)
  const declaration =
    inline === undefined
      ? await locate(marked.file, importer, context, session)
      : inlineId(marked.file, inline)
  await admit(declaration, importer, session)
  return pictureModuleId({ declaration, query, form }, session.options.root)
}

/** A hook's context, as far as it is used here. */
type ResolveContext = WatchContext & { readonly resolve: Resolve }

/** The prompt file behind a specifier; in a build that watches, where it would lie if it were there. */
async function locate(
  specifier: string,
  importer: string | undefined,
  context: ResolveContext,
  session: Session,
): Promise<string> {
  const resolve: Resolve = (id, from, options) => context.resolve(id, from, options)
  try {
    return await findPromptFile(specifier, importer, resolve, session)
  } catch (error) {
    session.fail(error)
    const { config } = session
    const file = path.resolve(path.dirname(withoutQuery(importer ?? '')), specifier)
    watchMissing(file, context, session, [path.resolve(config.root, config.build.outDir)])
    return withSlashes(file)
  }
}

/**
 * The picture module of an inline declaration, as an object.
 * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
 */
export async function resolveInline(
  declaration: DeclarationId,
  importer: string | undefined,
  session: Session,
): Promise<string> {
  await admit(declaration, importer, session)
  const picture: PictureModule = { declaration, query: '', form: 'object' }
  return pictureModuleId(picture, session.options.root)
}

/**
 * Takes a declaration for one, if a module asks for it. Whatever module asks, an inline declaration is
 * one if its file says so; of what is known to be one, the file need not be read again.
 * @param importer `undefined` where a host loads what it resolved before.
 * @throws {GeminiImageError} `UNDECLARED_PICTURE`.
 */
export async function admit(
  id: DeclarationId,
  importer: string | undefined,
  session: Session,
): Promise<void> {
  const { declarations, options } = session
  if (declarations.has(id)) return
  const isGiven = !isInlineId(id) || (await isWritten(id, options.root))
  if (isUrl(importer, session) || !isGiven) assertDeclared(id, session)
  else declarations.add(id)
}

async function isWritten(id: DeclarationId, root: string): Promise<boolean> {
  const { findInline } = await import('@gemini-image/core/internal')
  return findInline(id, root) !== undefined
}

/**
 * Whether a URL asks, which declares nothing. A dev server resolves URLs as if the root's
 * `index.html` imported them; scripts inside that page have a query behind its name. A test runner,
 * which never spends, keeps modules from one run to the next: it loads what no module of this run resolved.
 */
function isUrl(importer: string | undefined, { config, isTest }: Session): boolean {
  if (config.command === 'build' || isTest) return false
  return importer === undefined || importer === withSlashes(path.join(config.root, 'index.html'))
}

/** @throws {GeminiImageError} `UNDECLARED_PICTURE`. */
export function assertDeclared(id: DeclarationId, { declarations }: Session): void {
  if (declarations.has(id)) return
  throw new GeminiImageError({
    code: 'UNDECLARED_PICTURE',
    what: 'A URL asked for a picture that nothing in the source declares.',
    fix: 'import the prompt file in a module, a stylesheet or a page.',
  })
}

/** Resolves `url()` and `new URL()`, and remembers which files to refresh. */
export function fileResolver(session: Session): PictureFile {
  return async ({ file: specifier, query }, importer, resolve) => {
    await checkAsk(readAsk(query), specifier, importer, session, 'file')
    const promptFile = await findPromptFile(specifier, importer, resolve, session)
    session.declarations.add(promptFile)
    const user = importer && withoutQuery(importer)
    if (user?.endsWith('.html')) session.pages.add(promptFile)
    else if (user) remember(session.users, promptFile, user)
    return session.fileOf(promptFile, query)
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
    assertDeclared(id, session)
    remember(session.users, id, page)
    session.pages.add(id)
    return await session.picture(id)
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
    const promptFile = withSlashes(path.join(from, marked.file))
    session.declarations.add(promptFile)
    session.pages.add(promptFile)
    const [file = '', ...query] = (await session.fileOf(promptFile, marked.query)).split('?')
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
