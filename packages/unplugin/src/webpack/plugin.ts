import { callbackify } from 'node:util'
import type { Options } from '@gemini-image/core'
import type { Compilation, Compiler } from 'webpack'
import type { HostHooks } from '../plugin.ts'
import { openOnce } from '../project/open-once.ts'
import { toErrors } from './errors.ts'
import { redirect } from './requests.ts'
import { addRules, addStrayRules, watchDerivedFiles } from './rules.ts'
import { openSession, type Session } from './session.ts'
import { SESSION } from './shared-session.ts'

const NAME = 'gemini-image'

/** webpack's hooks. */
export function webpackHooks(options: Options): HostHooks {
  return {
    webpack: (compiler) => {
      watchDerivedFiles(compiler)
      applyPictures(compiler, options)
    },
  }
}

/** Rspack's, which have the same names and the same parameters, as far as they are used. */
export function rspackHooks(options: Options): HostHooks {
  return { rspack: (compiler) => applyPictures(compiler as unknown as Compiler, options) }
}

/** Adds pictures to what a compiler builds. */
function applyPictures(compiler: Compiler, options: Options): void {
  const opened = openOnce(() => openSession(options, compiler))
  let session: Session | undefined
  const begin = async (): Promise<void> => {
    session = await opened()
    const wasAhead = session.isAhead
    await session.begin()
    if (session.isAhead && !wasAhead) addStrayRules(compiler)
  }
  addRules(compiler, options)
  compiler.hooks.beforeRun.tapPromise(NAME, begin)
  compiler.hooks.watchRun.tapPromise(NAME, begin)
  compiler.hooks.normalModuleFactory.tap(NAME, ({ hooks }) => {
    if (session?.isAhead) return
    hooks.beforeResolve.tapAsync(NAME, (asked, callback) => {
      const redirecting = session && redirect(asked, session, compiler)
      if (redirecting) callbackify(() => redirecting)(callback)
      else callback()
    })
  })
  compiler.hooks.compilation.tap(NAME, (compilation) => {
    const { loader } = compiler.webpack.NormalModule.getCompilationHooks(compilation)
    loader.tap(NAME, (context) => Object.assign(context, { [SESSION]: session }))
  })
  compiler.hooks.thisCompilation.tap(NAME, (compilation) => {
    if (session) accompany(compilation, session, compiler)
  })
  compiler.hooks.shutdown.tapPromise(NAME, async () => session?.close())
}

/** Says what is wrong, and what to watch; nothing is shipped that the lockfile does not pin. */
function accompany(compilation: Compilation, session: Session, compiler: Compiler): void {
  if (session.state === 'wrong') {
    compilation.errors.push(...toErrors(session.failure, compiler))
  }
  const stage = compiler.webpack.Compilation.PROCESS_ASSETS_STAGE_SUMMARIZE
  compilation.hooks.processAssets.tapPromise({ name: NAME, stage }, async () => {
    try {
      await session.verify()
    } catch (error) {
      compilation.errors.push(...toErrors(error, compiler))
    }
    if (session.isOnce) return
    for (const file of [...session.watched(), ...session.used]) {
      compilation.fileDependencies.add(file)
    }
    compilation.fileDependencies.add(session.options.lockfile)
    for (const file of session.missing) compilation.missingDependencies.add(file)
  })
}
