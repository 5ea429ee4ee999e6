import path from 'node:path'
import process from 'node:process'
import type { Options } from '@gemini-image/core'
import { importObject, OBJECT_MODULE_CODE, OBJECT_MODULE_ID } from '../object-module.ts'
import { parsePictureModuleId, pictureModuleCode, pictureModuleId } from '../picture-module.ts'
import type { HostHooks } from '../plugin.ts'
import { askedDeclaration } from '../project/asked-declaration.ts'
import { askedFile } from '../project/asked-file.ts'
import { Build } from '../project/build.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import { openOnce } from '../project/open-once.ts'
import type { Resolve } from '../project/prompt-file.ts'
import { stderrLogger } from '../project/stderr-logger.ts'
import { INLINE_SPECIFIER } from '../source/ask.ts'
import { MAY_BE_REWRITTEN, MAY_DECLARE, PROMPT_SPECIFIER } from '../source/filters.ts'
import type { Configuration, Context, Loaded, Loading, Resolved, Resolving } from './farm.ts'
import { fromFarm, OUR_MODULE, toFarm } from './ids.ts'

/** What is known of the host and its build. */
interface State {
  hostRoot: string
  outputs: readonly string[]
  /** The ids of picture modules that Farm has loaded. */
  readonly loaded: Set<string>
}

/** Farm's own hooks: with the filters of unplugin's, Farm would ask about every module. */
export function farmHooks(options: Options): HostHooks {
  const state: State = { hostRoot: process.cwd(), outputs: [], loaded: new Set() }
  const opened = openOnce(() => open(options, state))
  return {
    farm: { ...buildHooks(state, opened), ...moduleHooks(state, opened) } as NonNullable<
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
    // A build that watches begins again.
    updateModules: {
      async executor({ paths }: { readonly paths: readonly (readonly [string, string])[] }) {
        const build = await opened()
        await build.begin()
        build.assertSound()
        return [
          ...paths.map(([file]) => file),
          ...[...state.loaded].filter((id) => isAsked(id, build)),
        ]
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

function moduleHooks(state: State, opened: () => Promise<Build>): object {
  const sources = [PROMPT_SPECIFIER, INLINE_SPECIFIER, OUR_MODULE].map(({ source }) => source)
  return {
    resolve: {
      filters: { sources, importers: ['.*'] },
      async executor(asked: Resolving, context: Context) {
        // A module that is made again.
        if (state.loaded.has(asked.source)) return resolved(asked.source)
        return resolvePicture(asked, context, await opened())
      },
    },
    load: {
      filters: { resolvedPaths: [OUR_MODULE.source] },
      async executor({ resolvedPath }: Loading) {
        state.loaded.add(resolvedPath)
        return loadModule(resolvedPath, await opened())
      },
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

/** Whether the source still asks for a picture module. */
function isAsked(id: string, build: Build): boolean {
  const module = parsePictureModuleId(fromFarm(id), build.options.root)
  return module !== undefined && build.imageAtHand(module.declaration) !== undefined
}

function queryOf(query: Loading['query']): string {
  const pairs = query.map(([key, value]) => (value ? `${key}=${value}` : key))
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

/** @throws {GeminiImageError} `INVALID_OPTION` or `INVALID_CONFIG`. */
async function open(options: Options, { hostRoot, outputs }: State): Promise<Build> {
  return new Build(await openHostWithEnv(options, { hostRoot, outputs, logger: stderrLogger }))
}

/** @throws {GeminiImageError} `PROMPT_FILE_NOT_FOUND` or `INVALID_RENDITION`. */
async function resolvePicture(
  { source, importer: from, kind }: Resolving,
  context: Context,
  build: Build,
): Promise<Resolved | null> {
  const { root } = build.options
  if (fromFarm(source) === OBJECT_MODULE_ID) return resolved(source)
  const importer = from ? path.resolve(root, from) : undefined
  const wanted = kind === 'cssUrl' || kind === 'cssAtImport' ? 'file' : 'module'
  const resolve: Resolve = async (id) => {
    const hook = { meta: {}, caller: 'gemini-image' }
    const found = await context
      .resolve({ source: id, importer: from, kind }, hook)
      .catch(() => null)
    return found && path.isAbsolute(found.resolvedPath) ? { id: found.resolvedPath } : null
  }
  const asked = await askedDeclaration({ source, importer, wanted }, { resolve }, build)
  if (!asked) return null
  if (wanted === 'module') return resolved(toFarm(pictureModuleId(asked, root)))
  return resolved((await askedFile(await build.image(asked.declaration), asked, build)).file)
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
  const { rewriteWithoutUrls } = await import('../source/rewrite-without-urls.ts')
  const rewritten = await rewriteWithoutUrls(code, id, build, 'Farm')
  return rewritten ? { content: rewritten.code, sourceMap: rewritten.map } : null
}
