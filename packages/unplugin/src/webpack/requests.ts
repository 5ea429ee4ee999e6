import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MarkedId } from '@gemini-image/core/internal'
import { isByLanguage, splitMarker } from '@gemini-image/core/host'
import type { Compiler } from 'webpack'
import { checkAsk } from '../project/check-ask.ts'
import { missingFile } from '../project/missing-file.ts'
import { declarationIn, readAsk, type Ask } from '../source/ask.ts'
import type { Session } from './session.ts'

/** What webpack and Rspack tell of a module that is asked for, as far as it is used here. */
export interface Request {
  request: string
  /** Whether webpack, while it watches, may take what it finds for what will always be found. */
  cacheable?: boolean
  /** The folder of whoever asks. */
  readonly context: string
  readonly contextInfo: { readonly issuer: string }
  /** `url` where a file is asked for, not a module. Rspack does not tell. */
  readonly dependencyType?: string
  /** What asks, all from one module. Rspack does not tell. */
  readonly dependencies?: readonly Dependency[]
}

/** A dependency of webpack, as far as it is used here. */
interface Dependency {
  readonly type: string
  /** The path of exports that is asked for: `['default']`. */
  readonly ids?: readonly string[]
}

/** Makes a picture's module of a request. */
const PICTURE_LOADER = fileURLToPath(new URL('picture-loader.js', import.meta.url))

/**
 * Stylesheets and pages ask for files, also where their loaders write `require`, and so does `new URL()`, to
 * which the source loader adds `as=file`.
 */
const FILES_USER = /\.(?:css|s[ac]ss|less|styl(?:us)?|html?)$/
const AS_FILE = /[?&]as=file(?=&|$)/

/**
 * Sends a request for a picture on its way: a module's to the loader that makes a module of the picture,
 * and that of a stylesheet, a page, `new URL()` or a mere default import to the stored file itself.
 *
 * Nothing of the site's own rules applies to the picture's module, whatever they say of Markdown: `!!`
 * takes their loaders off, and a name that ends in `.js` their types.
 */
export function redirect(
  asked: Request,
  session: Session,
  compiler: Compiler,
): Promise<void> | undefined {
  const marked = splitMarker(asked.request)
  if (!marked || marked.file.includes('!') || redirectAtOnce(asked, marked, session)) return
  return redirectMarked(asked, marked, session, compiler)
}

/** Most pictures are imported by default from a prompt file that is known: thousands of promises take their time. */
function redirectAtOnce(asked: Request, { file, query }: MarkedId, session: Session): boolean {
  if (
    query !== '' ||
    isForFile(asked, query) ||
    !isForDefault(asked, readAsk(query, session.options))
  ) {
    return false
  }
  const found = session.fileAtHand(path.resolve(asked.context, file))
  if (found === undefined) return false
  asked.cacheable = false
  asked.request = found
  return true
}

async function redirectMarked(
  asked: Request,
  marked: MarkedId,
  session: Session,
  compiler: Compiler,
): Promise<void> {
  const file = await locate(marked.file, asked, session, compiler)
  const isFile = isForFile(asked, marked.query)
  const ask = readAsk(marked.query.replace(AS_FILE, '').replace(/^&/, '?'), session.options)
  const { issuer } = asked.contextInfo
  const wanted = isFile ? 'file' : 'module'
  await checkAsk(ask, asked.request.replace(AS_FILE, ''), issuer || undefined, session, wanted)
  if (session.state === 'wrong') {
    // What is wrong is said once, for all pictures.
    asked.request = isFile ? 'data:text/plain,' : moduleRequest(file, asked.request)
  } else if (isFile || isForDefault(asked, ask)) {
    const id = declarationIn(file, ask)
    // A placeholder lies in `node_modules`, of which webpack believes it.
    asked.cacheable = false
    // A file cannot say why it is one.
    const isTold = !isFile && (await session.isPlaceholder(id))
    asked.request = isTold ? moduleRequest(file, asked.request) : await session.fileOf(id, ask)
  } else {
    asked.request = moduleRequest(file, asked.request)
  }
}

/** The request for the module of a prompt file's picture. */
export function moduleRequest(file: string, request: string): string {
  return `${file}.js!=!!!${PICTURE_LOADER}!${request}`
}

function isForFile({ dependencyType, contextInfo }: Request, query: string): boolean {
  return AS_FILE.test(query) || dependencyType === 'url' || FILES_USER.test(contextInfo.issuer)
}

/**
 * Whether nothing but the default export of a prompt file is asked for: that is the file's own, and a
 * module of ours in between would cost as much again as the image.
 */
function isForDefault({ dependencies }: Request, { form, inline, selection }: Ask): boolean {
  if (form !== 'asset' || inline !== undefined || isByLanguage(selection) || !dependencies)
    return false
  return dependencies.every(({ type, ids }) => type === SIDE_EFFECT || ids?.[0] === 'default')
}

/** What webpack adds to the specifiers of an import. */
const SIDE_EFFECT = 'harmony side effect evaluation'

/**
 * The absolute path of a prompt file, by the compiler's own rules.
 * @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND`.
 */
async function locate(
  specifier: string,
  { context, contextInfo }: Request,
  session: Session,
  compiler: Compiler,
): Promise<string> {
  // Stylesheets name files beside them without a dot as well.
  const beside = path.resolve(context, specifier)
  if (existsSync(beside)) return beside
  const { promise, resolve } = Promise.withResolvers<string | false | undefined>()
  const resolver = compiler.resolverFactory.get('normal', { dependencyType: 'esm' })
  resolver.resolve({}, context, specifier, {}, (error, found) => resolve(error ? false : found))
  const found = await promise
  if (found) return found
  session.missing.add(beside)
  const { root } = session.options
  throw missingFile(specifier, contextInfo.issuer || undefined, root)
}
