import { readFile } from 'node:fs/promises'
import type { Options } from '@gemini-image/core'
import { shownFolders } from '@gemini-image/core/host'
import type { ModuleNode, Plugin, ResolvedConfig, UserConfig } from 'vite'
import { OBJECT_MODULE_ID, OBJECT_SPECIFIER } from '../object-module.ts'
import { PICTURE_MODULE_ID } from '../picture-module.ts'
import type { HostHooks } from '../plugin.ts'
import { INLINE_SPECIFIER } from '../source/ask.ts'
import { withSlashes } from '../project/with-slashes.ts'
import { MAY_BE_REWRITTEN, MAY_DECLARE, PROMPT_SPECIFIER } from '../source/filters.ts'
import { MACRO_MODULE, refuseInMarkdown } from '../source/refuse-macro.ts'
import { addCssAlias } from './css.ts'
import { dockWith } from './devtools.ts'
import type { DevPictures } from './dev.ts'
import type { StudioDoor } from './studio.ts'
import { clientOf } from './environments.ts'
import { imageCodeOf, pluginsOfSite, whereNoneTakes, type ImageCode } from './image-code.ts'
import { loadPicture, type Loading } from './load-picture.ts'
import { modulesOf } from './modules.ts'
import { resolveImport, fileResolver, transformPage } from './resolve.ts'
import { picturesApi, type PicturesApi, type Wiring } from './pictures-api.ts'
import { openSession, type Session } from './session.ts'
import {
  IN_VITE_CLIENT,
  PLACEHOLDER_CLIENT,
  PLACEHOLDER_CLIENT_ID,
  VITE_CLIENT,
} from './placeholder-news.ts'
import { assertFitToShip, assertNoPages } from './fit-to-ship.ts'

/** One configuration's work, once Vite has resolved it. */
interface State {
  session: Session
  dev: DevPictures | undefined
  studio: StudioDoor | undefined
  /** What Vite itself makes of a file; `undefined` where it is to be imported. */
  assetCode: ImageCode | undefined
  /** The same of a picture, of which the site's other plugins may make what they like. */
  heldCode: ImageCode | undefined
  /** The plugins that the site brings. */
  given: readonly Plugin[]
}

/** Vite's own plugin for assets, in Vite 6 to 8. */
const VITE_ASSETS = 'vite:asset'

/** Vite's hooks. They live as long as one configuration; a restart makes new ones. */
export function viteHooks(options: Options): HostHooks {
  const wiring: Wiring = { sources: [], listeners: [], imageCode: undefined }
  // No hook is called before that of the resolved configuration.
  const state = {
    dev: undefined,
    studio: undefined,
    assetCode: undefined,
    heldCode: undefined,
  } as unknown as State
  const inWorkers = workerPlugin(state)
  const vite: Partial<Plugin<PicturesApi>> = {
    api: picturesApi(wiring, () => state),
    async config(config) {
      state.given = await pluginsOfSite(config.plugins)
      return { ...ignoreStore(config), worker: { plugins: () => [inWorkers] } }
    },
    async configResolved(config) {
      assertNoPages(config)
      state.session = await openSession(options, config, wiring)
      allowPictures(state.session)
      // A dev server watches what it imports.
      if (config.command === 'build') holdImages(config, state)
    },
    ...buildHooks(state),
    ...moduleHooks(state, wiring),
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename }) => transformPage(html, filename, state.session),
    },
    ...serverHooks(state),
    ...dockWith(({ config }) => state.studio?.pathBelow(config.base)),
  }
  return { vite }
}

/** Has modules hold what Vite makes of a file, in the place of one module more for each. */
function holdImages({ plugins, build, environments }: ResolvedConfig, state: State): void {
  state.assetCode = imageCodeOf(plugins, VITE_ASSETS)
  // Plugins of the bundler see each module, and nothing tells which they are for.
  // Vite 5 has no environments.
  const builds = [build, ...Object.values(environments ?? {}).map((one) => one.build)]
  const late = builds.map(({ rollupOptions }) => rollupOptions.plugins)
  const isAlone = late.flat(9).every((plugin) => !plugin)
  if (!state.assetCode || !isAlone) return
  const others = plugins.filter((plugin) => state.given.includes(plugin))
  state.heldCode = whereNoneTakes(state.assetCode, others)
}

function buildHooks(state: State): Partial<Plugin> {
  return {
    // Before the bundler begins, which would time the calls as if they were its own work.
    buildApp: { order: 'pre', handler: () => prepareAhead(state.session) },
    // For hosts that build environments themselves, and for builds that watch.
    async buildStart() {
      const { session } = state
      const { config } = this.environment ?? session
      addCssAlias(config.resolve.alias, fileResolver(session))
      const build = session.buildOf(this.environment?.name)
      try {
        if (session.config.command === 'build') await build.begin()
      } finally {
        for (const file of build.watched()) this.addWatchFile(file)
      }
    },
    async buildEnd() {
      // A server that starts again closes the one before it only once the new one has begun.
      const config = this.environment?.getTopLevelConfig() ?? state.session.config
      if (config !== state.session.config || state.session.isBundledDev) return
      const landed = state.dev?.stop()
      if (state.dev?.isClosingForGood) await landed
    },
    closeServer: async ({ reason }) => {
      await state.studio?.close()
      if (reason !== 'restart') await state.dev?.stop()
    },
    closeWatcher: () => state.session.close(),
    // A server that bundles has no hot updates of ours: it builds what has changed.
    async watchChange(file, { event }) {
      if (!state.session.isBundledDev) return
      const type = event === 'create' || event === 'delete' ? event : 'update'
      await state.dev?.onSave({ file, type, read: () => readFile(file, 'utf8') })
    },
    // All modules are known, so that all of them are watched.
    renderStart() {
      state.session.buildOf(this.environment?.name).assertSound()
    },
    generateBundle(_, bundle) {
      return assertFitToShip(bundle, state.session.buildOf(this.environment?.name))
    },
  }
}

/** Vite builds a worker by itself, with no plugins of the site but those that it is told. */
function workerPlugin(state: State): Plugin {
  return {
    name: 'gemini-image:worker',
    enforce: 'pre',
    // Where a framework takes images over, it does so for its pages.
    ...moduleHooks(state, undefined),
    generateBundle(_, bundle) {
      return assertFitToShip(bundle, state.session.buildOf(this.environment?.name))
    },
  }
}

function moduleHooks(
  state: State,
  wiring: Wiring | undefined,
): Pick<Plugin, 'resolveId' | 'transform' | 'load'> {
  return {
    resolveId: {
      order: 'pre',
      filter: {
        id: [PROMPT_SPECIFIER, INLINE_SPECIFIER, MACRO_MODULE, /^virtual:gemini-image\//],
      },
      handler(source, importer) {
        if (source === OBJECT_SPECIFIER) return OBJECT_MODULE_ID
        if (source === PLACEHOLDER_CLIENT) return PLACEHOLDER_CLIENT_ID
        refuseInMarkdown(source, importer, state.session.options.root)
        return resolveImport(source, importer, this, state.session)
      },
    },
    transform: {
      order: 'pre',
      filter: { id: MAY_BE_REWRITTEN, code: [MAY_DECLARE, IN_VITE_CLIENT] },
      async handler(code, id) {
        if (VITE_CLIENT.test(id)) return state.dev?.withClient(code)
        // Vite 5 does not know the filters of hooks.
        if (!MAY_DECLARE.test(code)) return undefined
        const { rewriteModule } = await import('./rewrite-module.ts')
        return rewriteModule(code, id, this.resolve.bind(this), state.session)
      },
    },
    load: {
      filter: { id: PICTURE_MODULE_ID },
      handler(id, options) {
        if (id === PLACEHOLDER_CLIENT_ID) return state.dev?.loadClient()
        const loading: Loading = {
          imageCode: (file) =>
            wiring && (wiring.imageCode ?? state.heldCode)?.call(this, file, options),
          assetCode: (file) => state.assetCode?.call(this, file, options),
          watch: (file) => this.addWatchFile(file),
        }
        const build = state.session.buildOf(this.environment?.name)
        return loadPicture(id, loading, state.session, build)
      },
    },
  }
}

function serverHooks(state: State): Partial<Plugin> {
  return {
    async configureServer(server) {
      const { DevPictures, mayServe } = await import('./dev.ts')
      state.dev = new DevPictures(state.session, server)
      if (state.session.isTest || !mayServe(server)) return
      const { StudioDoor } = await import('./studio.ts')
      state.studio = new StudioDoor(state.session, state.dev, server)
    },
    async hotUpdate(update) {
      if (this.environment.name === 'client') {
        state.studio?.changed()
        await state.dev?.onSave(update)
      }
      const changed = modulesOf(update.file, state.session, this.environment.moduleGraph)
      return changed.length > 0 ? [...update.modules, ...changed] : undefined
    },
    // Later versions call the hook above instead.
    async handleHotUpdate({ file, modules, read, server }) {
      state.studio?.changed()
      await state.dev?.onSave({ file, read, type: 'update' })
      const changed = modulesOf(file, state.session, clientOf(server).moduleGraph)
      return [...modules, ...(changed as unknown as ModuleNode[])]
    },
  }
}

/** A framework may serve no more than the folders that it knows. */
function allowPictures({ config, options }: Session): void {
  config.server.fs.allow.push(...shownFolders(options).map(withSlashes))
}

/**
 * A landing picture is announced by us; the watcher need not look at half-written files, nor at what was paid: a
 * scanner of class names would reload the page. Where there is no watcher (`null`), this must not bring one about.
 */
function ignoreStore({ server }: UserConfig): UserConfig | undefined {
  if (server?.watch === null) return undefined
  return {
    server: {
      watch: {
        ignored: [
          '**/.gemini-image/**',
          '**/gemini-image.lock.*',
          '**/gemini-image.ledger',
          '**/gemini-image.review',
        ],
      },
    },
  }
}

/** A build that watches survives what is wrong: its first failure is to be one like any other. */
async function prepareAhead(session: Session): Promise<void> {
  if (!session.isWatching) await session.begin()
}
