import type { Options } from '@gemini-image/core'
import type { Plugin } from 'vite'
import { PICTURE_MODULE_ID, parsePictureModuleId, pictureModuleCode } from '../picture-module.ts'
import { addCssAlias } from './css.ts'
import { DevPictures } from './dev.ts'
import { modulesOf } from './modules.ts'
import {
  assertDeclared,
  PROMPT_SPECIFIER,
  resolveImport,
  stylesheetResolver,
  transformPage,
} from './resolve.ts'
import { openSession, type Session } from './session.ts'
import { assertNoPromptShipped } from './shipped-prompts.ts'

/** Vite's hooks. They live as long as one configuration; a restart makes new ones. */
export function viteHooks(options: Options): Partial<Plugin> {
  let session: Session
  let dev: DevPictures | undefined
  return {
    // A landing picture is announced by us; the watcher need not look at half-written files. Where
    // there is no watcher (null), this must not bring one about.
    config: ({ server }) =>
      server?.watch === null
        ? undefined
        : { server: { watch: { ignored: ['**/.gemini-image/**', '**/gemini-image.lock.*'] } } },
    configResolved(config) {
      session = openSession(options, config)
    },
    // Before the bundler begins, which would time the calls as if they were its own work.
    buildApp: { order: 'pre', handler: () => session.settle() },
    // For hosts that build environments themselves.
    async buildStart() {
      addCssAlias(this.environment.config.resolve.alias, stylesheetResolver(session))
      if (session.config.command !== 'build') return
      await session.settle()
      for (const file of session.declarations.all()) this.addWatchFile(file)
    },
    resolveId: {
      filter: { id: PROMPT_SPECIFIER },
      handler(source, importer) {
        return resolveImport(source, importer, this.resolve.bind(this), session)
      },
    },
    load: { filter: { id: PICTURE_MODULE_ID }, handler: (id) => loadPicture(id, session) },
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename }) => transformPage(html, filename, session),
    },
    configureServer(server) {
      dev = new DevPictures(session, server)
    },
    async hotUpdate({ file, read, type, modules }) {
      const { name, hot, moduleGraph } = this.environment
      if (name === 'client') {
        await dev?.onSave({ file, read, type })
        if (session.pages.has(file)) hot.send({ type: 'full-reload' })
      }
      const changed = modulesOf(file, session, moduleGraph)
      return changed.length > 0 ? [...modules, ...changed] : undefined
    },
    buildEnd: () => dev?.stop(),
    async generateBundle(_, bundle) {
      await session.engine.verify()
      await assertNoPromptShipped(bundle, session)
    },
  }
}

async function loadPicture(
  id: string,
  session: Session,
): Promise<{ code: string; moduleSideEffects: false } | undefined> {
  const module = parsePictureModuleId(id)
  if (!module) return undefined
  assertDeclared(module.promptFile, session)
  const image = await session.picture(module.promptFile)
  return { code: pictureModuleCode(image, module.query), moduleSideEffects: false }
}
