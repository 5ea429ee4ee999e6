import path from 'node:path'
import process from 'node:process'
import type { Options } from '@gemini-image/core'
import { inlineId, splitMarker } from '@gemini-image/core/host'
import type { Logger } from '@gemini-image/core/internal'
import { importObject, OBJECT_MODULE_CODE, OBJECT_MODULE_ID } from '../object-module.ts'
import { parsePictureModuleId, pictureModuleCode, pictureModuleId } from '../picture-module.ts'
import type { HostHooks } from '../plugin.ts'
import { askedFile } from '../project/asked-file.ts'
import { Build } from '../project/build.ts'
import { checkAsk } from '../project/check-ask.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import { findPromptFile, type Resolve } from '../project/prompt-file.ts'
import { INLINE_SPECIFIER, readAsk } from '../source/ask.ts'
import { MAY_BE_REWRITTEN, MAY_DECLARE, PROMPT_SPECIFIER } from '../source/filters.ts'
import { refuseUrl } from '../source/refuse-url.ts'
import type { Configuration, Context, Loaded, Loading, Resolved, Resolving } from './farm.ts'
import { fromFarm, OUR_MODULE, toFarm } from './ids.ts'

/** What is known of the host and its build. */
interface State {
  hostRoot: string
  outputs: readonly string[]
  opening: Promise<Build> | undefined
}

/** Farm's own hooks: with the filters of unplugin's, Farm would ask about every module. */
export function farmHooks(options: Options): HostHooks {
  const state: State = { hostRoot: process.cwd(), outputs: [], opening: undefined }
  const opened = (): Promise<Build> => (state.opening ??= open(options, state))
  return {
    farm: { ...buildHooks(state, opened), ...moduleHooks(opened) } as NonNullable<
      HostHooks['farm']
    >,
  }
}

function buildHooks(state: State, opened: () => Promise<Build>): object {
  return {
    config: ({ compilation }: Configuration) => ({
      compilation: {
        // What a stylesheet's url() led to would stay for as long as the stylesheet is the same.
        persistentCache: false,
        // Farm itself takes no AVIF for an image.
        assets: { include: [...(compilation?.assets?.include ?? []), 'avif'] },
      },
    }),
    configResolved({ root, compilation }: Configuration) {
      state.hostRoot = path.resolve(compilation?.root ?? root ?? process.cwd())
      const output = compilation?.output?.path
      state.outputs = output === undefined ? [] : [path.resolve(state.hostRoot, output)]
    },
    buildStart: {
      async executor() {
        const build = await opened()
        await build.begin()
        build.assertSound()
      },
    },
    // Every module is loaded, and nothing written.
    renderStart: {
      async executor() {
        await (await opened()).verify()
      },
    },
  }
}

function moduleHooks(opened: () => Promise<Build>): object {
  const sources = [PROMPT_SPECIFIER, INLINE_SPECIFIER, OUR_MODULE].map(({ source }) => source)
  return {
    resolve: {
      filters: { sources, importers: ['.*'] },
      executor: async (asked: Resolving, context: Context) =>
        resolvePicture(asked, context, await opened()),
    },
    load: {
      filters: { resolvedPaths: [OUR_MODULE.source] },
      executor: async ({ resolvedPath }: Loading) => loadModule(resolvedPath, await opened()),
    },
    transform: {
      filters: { resolvedPaths: [], moduleTypes: ['js', 'jsx', 'ts', 'tsx'] },
      async executor({ content, resolvedPath, query, moduleType }: Loading) {
        const id = [resolvedPath, queryOf(query)].join('')
        if (!MAY_BE_REWRITTEN.test(id) || !MAY_DECLARE.test(content)) return null
        const rewritten = await rewrite(content, id, await opened())
        return rewritten && { ...rewritten, moduleType }
      },
    },
  }
}

function queryOf(query: Loading['query']): string {
  const pairs = query.map(([key, value]) => (value ? `${key}=${value}` : key))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`. */
async function open(options: Options, { hostRoot, outputs }: State): Promise<Build> {
  const tell = (message: string): void => void process.stderr.write(`${message}\n`)
  const logger: Logger = {
    info: (message) => tell(`[gemini-image] ${message}`),
    warn: (message) => tell(`warn: [gemini-image] ${message}`),
  }
  return new Build(await openHostWithEnv(options, { hostRoot, outputs, logger }))
}

/** @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND` or `INVALID_RENDITION`. */
async function resolvePicture(
  { source, importer: from, kind }: Resolving,
  context: Context,
  build: Build,
): Promise<Resolved | null> {
  const { root } = build.options
  if (fromFarm(source) === OBJECT_MODULE_ID) return resolved(source)
  const marked = splitMarker(source)
  if (!marked) return null
  const importer = from ? path.resolve(root, from) : undefined
  const ask = readAsk(marked.query)
  const wanted = kind === 'cssUrl' || kind === 'cssAtImport' ? 'file' : 'module'
  await checkAsk(ask, source, importer, build, wanted)
  const resolve: Resolve = async (id) => {
    const hook = { meta: {}, caller: 'gemini-image' }
    const found = await context
      .resolve({ source: id, importer: from, kind }, hook)
      .catch(() => null)
    return found && path.isAbsolute(found.resolvedPath) ? { id: found.resolvedPath } : null
  }
  const declaration =
    ask.inline === undefined
      ? await findPromptFile(marked.file, importer, resolve, build)
      : inlineId(marked.file, ask.inline)
  build.declarations.add(declaration)
  if (wanted === 'module') return resolved(toFarm(pictureModuleId({ ...ask, declaration }, root)))
  return resolved((await askedFile(await build.image(declaration), ask, build)).file)
}

function resolved(resolvedPath: string): Resolved {
  return { resolvedPath, query: [], sideEffects: false, external: false, meta: {} }
}

async function loadModule(resolvedPath: string, build: Build): Promise<Loaded | null> {
  const id = fromFarm(resolvedPath)
  if (id === OBJECT_MODULE_ID) return { content: OBJECT_MODULE_CODE, moduleType: 'js' }
  const module = parsePictureModuleId(id, build.options.root)
  if (!module) return null
  const image = await build.image(module.declaration)
  const bringObject = importObject(toFarm(OBJECT_MODULE_ID))
  const content = await pictureModuleCode(image, module, { project: build, bringObject })
  return { content, moduleType: 'js' }
}

async function rewrite(
  code: string,
  id: string,
  build: Build,
): Promise<{ content: string; sourceMap: string } | null> {
  const [{ moduleSource }, { rewriteSource }] = await Promise.all([
    import('../source/module-source.ts'),
    import('../source/rewrite.ts'),
  ])
  const source = moduleSource(code, id, build.options.root)
  const rewritten = source && (await rewriteSource(source, (url) => refuseUrl(url, source, 'Farm')))
  for (const declared of rewritten?.declarations ?? []) build.declarations.add(declared.id)
  return rewritten ? { content: rewritten.code, sourceMap: rewritten.map.toString() } : null
}
