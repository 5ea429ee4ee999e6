import * as esbuild from 'esbuild'
import geminiImage from 'unplugin-gemini-image/esbuild'
import { onTestFinished } from 'vitest'
import type { Site } from '../support/site.ts'
import { withEnv } from '../support/with-env.ts'
import type { Built, Host, Run, Watching } from './host.ts'
import { Builds } from './builds.ts'

/** esbuild as a host of the matrix. */
export const ESBUILD: Host = {
  name: 'esbuild',
  abilities: new Set(['import', 'css', 'source-maps', 'watch']),
  build: (site, run) => withEnv(run.env ?? {}, () => buildOnce(site, run)),
  watch: (site, run) => withEnv(run.env ?? {}, () => watching(site, run)),
}

async function buildOnce(site: Site, run: Run): Promise<Built> {
  try {
    return await toBuilt(await esbuild.build(optionsOf(site, run)))
  } catch (error) {
    return toBuilt(error as esbuild.BuildFailure)
  }
}

async function watching(site: Site, run: Run): Promise<Watching> {
  const builds = new Builds()
  const options = optionsOf(site, run)
  const context = await esbuild.context({
    ...options,
    plugins: [
      ...(options.plugins ?? []),
      {
        name: 'ended',
        setup: (build) => {
          build.onStart(() => builds.begin())
          build.onEnd(async (result) => builds.add(await toBuilt(result)))
        },
      },
    ],
  })
  onTestFinished(() => context.dispose())
  await context.watch()
  return builds
}

/** A configuration as a site would have it. */
function optionsOf({ root }: Site, { options }: Run): esbuild.BuildOptions {
  return {
    absWorkingDir: root,
    entryPoints: ['src/main.js'],
    outdir: 'dist',
    publicPath: '/',
    bundle: true,
    format: 'esm',
    sourcemap: true,
    logLevel: 'silent',
    external: options === false ? ['unplugin-gemini-image/macro'] : [],
    plugins: options === false ? [] : [geminiImage({ retryDelay: 5, ...options })],
  }
}

async function toBuilt({
  errors = [],
  warnings = [],
}: Pick<esbuild.BuildResult, 'errors' | 'warnings'>): Promise<Built> {
  return {
    errors: await esbuild.formatMessages([...errors], { kind: 'error' }),
    warnings: await esbuild.formatMessages([...warnings], { kind: 'warning' }),
  }
}
