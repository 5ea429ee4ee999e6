import type { Options } from '@gemini-image/core'
import type { PluginBuild } from 'esbuild'
import type { HostHooks } from '../plugin.ts'
import { watchEntries } from './entries.ts'
import { Log } from './log.ts'
import { toMessages } from './messages.ts'
import { addPictures } from './pictures.ts'
import { openSession, type Session } from './session.ts'
import { addSources } from './sources.ts'
import { isAngular, refuseAngularStyles, refuseUnseen } from './unseen.ts'

/** What esbuild makes of a picture where the site has not settled it. */
const LOADERS = {
  '.avif': 'file',
  '.ico': 'file',
  '.jpg': 'file',
  '.jpeg': 'file',
  '.png': 'file',
  '.webp': 'file',
} as const

/** The session, once a build has begun; none where the options have a mistake, which is told by then. */
export type Opened = () => Session | undefined

/** esbuild's hooks. */
export function esbuildHooks(options: Options): HostHooks {
  return { esbuild: { setup: (build) => setupPictures(build, options) } }
}

/** Adds pictures to what esbuild builds. */
function setupPictures(build: PluginBuild, options: Options): void {
  const { initialOptions } = build
  initialOptions.loader = { ...LOADERS, ...initialOptions.loader }
  // Angular has esbuild say nothing, and tells errors and warnings itself.
  const log = new Log(isAngular(build) ? undefined : initialOptions.logLevel)
  let session: Session | undefined
  // esbuild resolves and loads nothing before this is done, and goes on after an error.
  build.onStart(async () => {
    try {
      session ??= await openSession(options, initialOptions, log)
      await session.begin()
      await refuseAngularStyles(build, session)
      return { errors: session.tell(), warnings: log.takeWarnings() }
    } catch (error) {
      return { errors: toMessages(error), warnings: log.takeWarnings() }
    }
  })
  watchEntries(build, () => session)
  addPictures(build, () => session)
  addSources(build, () => session)
  refuseUnseen(build, () => session)
  build.onEnd(() => ({ warnings: log.takeWarnings() }))
  // esbuild waits for nobody here; the process does.
  build.onDispose(() => void session?.close())
}
