import path from 'node:path'
import process from 'node:process'
import type { Options } from '@gemini-image/core'
import type { Logger } from '@gemini-image/core/internal'
import type { Plugin as RolldownPlugin } from 'rolldown'
import type { InputOptions, OutputOptions, Plugin, PluginContext } from 'rollup'
import { PICTURE_MODULE_ID } from '../picture-module.ts'
import type { HostHooks } from '../plugin.ts'
import { Build } from '../project/build.ts'
import { openHostWithEnv } from '../project/open-host.ts'
import { openOnce } from '../project/open-once.ts'
import { INLINE_SPECIFIER } from '../source/ask.ts'
import { MAY_BE_REWRITTEN, MAY_DECLARE, PROMPT_SPECIFIER } from '../source/filters.ts'
import { assertFitToShip } from './fit-to-ship.ts'
import { loadModule, PICTURE_FILE } from './load.ts'
import { resolveImport } from './resolve.ts'

/** What is known of the host and its build. */
interface State {
  /** That of the build under way; there is none before the first. */
  build: Build
  /** Whose log is written. */
  context: PluginContext
  outputs: readonly string[]
  /** Rolldown's types of files that the site has settled: `.jpg`. */
  ownTypes: ReadonlySet<string>
}

/** What Rollup and Rolldown are given, as far as it is used here. */
type Given = InputOptions & {
  readonly output?: OutputOptions | readonly OutputOptions[]
  /** Rolldown's. */
  readonly moduleTypes?: Readonly<Record<string, unknown>>
}

/** Rollup's hooks. */
export function rollupHooks(options: Options): HostHooks {
  return { rollup: hooksOf(options) }
}

/** Rolldown's, which have the same names and the same parameters, as far as they are used. */
export function rolldownHooks(options: Options): HostHooks {
  return { rolldown: hooksOf(options) as unknown as Partial<RolldownPlugin> }
}

function hooksOf(options: Options): Partial<Plugin> {
  const state = { outputs: [], ownTypes: new Set() } as unknown as State
  return {
    // After the site's plugins have added to them.
    options: { order: 'post', handler: (given) => note(given, state) },
    ...buildHooks(state, options),
    ...moduleHooks(state),
  }
}

function buildHooks(state: State, options: Options): Partial<Plugin> {
  const opened = openOnce(() => open(options, state))
  return {
    async buildStart() {
      state.context = this
      const build = (state.build = await opened())
      await build.begin()
      for (const file of build.watched()) this.addWatchFile(file)
      this.addWatchFile(build.options.lockfile)
      if (!this.meta.watchMode) build.assertSound()
    },
    // All modules are known, so that all of them are watched.
    renderStart: () => state.build.assertSound(),
    generateBundle: (_, bundle) => assertFitToShip(bundle, state.build),
    closeWatcher: () =>
      opened().then(
        (build) => build.close(),
        () => undefined,
      ),
  }
}

function moduleHooks(state: State): Partial<Plugin> {
  return {
    resolveId: {
      order: 'pre',
      filter: { id: [PROMPT_SPECIFIER, INLINE_SPECIFIER, PICTURE_MODULE_ID] },
      handler(source, importer) {
        return resolveImport(source, importer, { ...state, context: this })
      },
    },
    transform: {
      order: 'pre',
      filter: { id: MAY_BE_REWRITTEN, code: MAY_DECLARE },
      async handler(code, id) {
        // Rollup does not know the filters of hooks before 4.38.
        if (!MAY_DECLARE.test(code)) return undefined
        const { rewriteModule } = await import('./rewrite-module.ts')
        return rewriteModule(code, id, { ...state, context: this })
      },
    },
    // What the site makes of pictures prevails.
    load: {
      order: 'post',
      filter: { id: [PICTURE_MODULE_ID, PICTURE_FILE] },
      handler(id) {
        return loadModule(id, this, state.build, state.ownTypes)
      },
    },
  }
}

function note(given: Given, state: State): null {
  const outputs = [given.output ?? []].flat()
  state.outputs = outputs.flatMap(({ dir, file }) => {
    const output = dir ?? file
    return output === undefined ? [] : [path.resolve(output)]
  })
  state.ownTypes = new Set(Object.keys(given.moduleTypes ?? {}))
  return null
}

async function open(options: Options, state: State): Promise<Build> {
  const logger: Logger = {
    info: (message) => state.context.info(message),
    warn: (message) => state.context.warn(message),
  }
  const { outputs } = state
  return new Build(await openHostWithEnv(options, { hostRoot: process.cwd(), outputs, logger }))
}
