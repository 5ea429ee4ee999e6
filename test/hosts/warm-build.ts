import { registerHooks } from 'node:module'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import type { Compiler } from 'webpack'

// Builds a site once, in a process of its own, and prints which of our files that took:
// `node warm-build.ts vite /site`.

const loaded: string[] = []
registerHooks({
  load(url, context, nextLoad) {
    if (/\/packages\/\w+\/dist\//.test(url)) loaded.push(fileURLToPath(url))
    return nextLoad(url, context)
  },
})

const [, , host = '', root = ''] = process.argv
const [entry, dist] = [path.join(root, 'src/main.js'), path.join(root, 'dist')]

function run(compiler: Compiler): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  compiler.run((error, stats) => {
    const wrong = error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-only')) : null)
    compiler.close(() => (wrong ? reject(wrong) : resolve()))
  })
  return promise
}

const forWebpack = { mode: 'production', context: root, entry, output: { path: dist } } as const

const BUILDS: Readonly<Record<string, () => Promise<unknown>>> = {
  async vite() {
    const { build } = await import('vite')
    const { default: geminiImage } = await import('unplugin-gemini-image/vite')
    const rolldownOptions = { input: entry }
    const logLevel = 'silent'
    await build({
      root,
      configFile: false,
      logLevel,
      build: { rolldownOptions },
      plugins: [geminiImage()],
    })
  },
  async webpack() {
    const { default: webpack } = await import('webpack')
    const { default: geminiImage } = await import('unplugin-gemini-image/webpack')
    await run(webpack({ ...forWebpack, plugins: [geminiImage()] }))
  },
  async rspack() {
    const { rspack } = await import('@rspack/core')
    const { default: geminiImage } = await import('unplugin-gemini-image/rspack')
    await run(rspack({ ...forWebpack, plugins: [geminiImage()] }) as never)
  },
  async rollup() {
    const { rollup } = await import('rollup')
    const { default: geminiImage } = await import('unplugin-gemini-image/rollup')
    const bundle = await rollup({ input: entry, plugins: [geminiImage({ root })] })
    await bundle.write({ dir: dist })
    await bundle.close()
  },
  async esbuild() {
    const { build } = await import('esbuild')
    const { default: geminiImage } = await import('unplugin-gemini-image/esbuild')
    const plugins = [geminiImage()]
    await build({ absWorkingDir: root, entryPoints: [entry], bundle: true, outdir: dist, plugins })
  },
}

await BUILDS[host]?.()
process.stdout.write(JSON.stringify(loaded))
