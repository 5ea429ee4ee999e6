import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { defineConfig, type UserConfig } from 'tsdown'
import { bundledWith, licencesFor, modulesOf } from '../../scripts/bundled.ts'

/** Loading it whole would take 19 ms of every build. */
const BUNDLED = bundledWith('unplugin', import.meta.filename)

const config: UserConfig = defineConfig({
  entry: {
    index: 'src/index.ts',
    vite: 'src/vite.ts',
    vitepress: 'src/vitepress.ts',
    docusaurus: 'src/docusaurus.ts',
    eleventy: 'src/eleventy.ts',
    webpack: 'src/webpack.ts',
    rspack: 'src/rspack.ts',
    next: 'src/next.ts',
    rollup: 'src/rollup.ts',
    rolldown: 'src/rolldown.ts',
    esbuild: 'src/esbuild.ts',
    farm: 'src/farm.ts',
    config: 'src/config.ts',
    providers: 'src/providers.ts',
    macro: 'src/macro.ts',
    react: 'src/react.ts',
    vue: 'src/vue.ts',
    'rendered-picture': 'src/rendered-picture.ts',
    'json-ld': 'src/json-ld.ts',
    og: 'src/og.ts',
    credits: 'src/credits.ts',
    languages: 'src/languages.ts',
    bin: 'src/bin.ts',
    bun: 'src/bun.ts',
    jest: 'src/jest.ts',
    // What bundlers load by themselves, from beside the code that names it.
    'jest-worker': 'src/jest/answer.ts',
    'to-object': 'src/to-object.ts',
    'placeholder-client': 'src/vite/placeholder-client.ts',
    'picture-loader': 'src/webpack/picture-loader.ts',
    'source-loader': 'src/webpack/source-loader.ts',
    'stray-loader': 'src/webpack/stray-loader.ts',
    'docusaurus-plugin': 'src/docusaurus/plugin.ts',
    'docusaurus-page-loader': 'src/docusaurus/page-loader.ts',
    'next-picture-loader': 'src/next/picture-loader.ts',
    'next-source-loader': 'src/next/source-loader.ts',
    'next-style-loader': 'src/next/style-loader.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  fixedExtension: false,
  deps: {
    alwaysBundle: ['unplugin'],
    onlyBundle: [...BUNDLED.keys()],
    dts: { alwaysBundle: [], neverBundle: ['unplugin'] },
  },
  plugins: [copyForEach('unplugin')],
  treeshake: {
    moduleSideEffects: [{ test: modulesOf([...BUNDLED.keys()]), sideEffects: false }],
  },
  // What a host begins with is a file or two: each more takes half a millisecond of every build.
  outputOptions: {
    codeSplitting: {
      groups: [
        { name: 'source-maps', test: modulesOf(['@jridgewell']) },
        {
          name: 'project',
          test: /[\\/]src[\\/](?:plugin|project[\\/][\w-]+|source[\\/](?:ask|filters))\.ts$/,
        },
        { name: 'plugin', test: /[\\/]src[\\/]webpack[\\/](?![\w-]*loader)[\w-]+\.ts$/ },
      ],
    },
    banner: ({ moduleIds }) => licencesFor(moduleIds, BUNDLED),
  },
})

/** Gives each file that imports a package a copy of its own, of which only what it uses is left. */
function copyForEach(name: string): NonNullable<UserConfig['plugins']> {
  return {
    name: 'copy-for-each',
    async resolveId(source, importer = '') {
      const [, copy = source === name ? path.basename(importer) : undefined] =
        importer.split('?for=')
      if (copy === undefined || !(source === name || source.startsWith('.'))) return null
      const found = await this.resolve(source, importer.replace(/\?for=.*/, ''), { skipSelf: true })
      return found && { ...found, id: `${found.id}?for=${copy}` }
    },
    load: {
      filter: { id: /\?for=/ },
      handler: async (id) => withoutUnused(await readFile(id.replace(/\?for=.*/, ''), 'utf8')),
    },
  }
}

/**
 * Leaves out the packages that unplugin loads for what our plugin does not have: for webpack, the modules of hooks
 * which have none there (6 ms); for all hosts, filters that are globs, and `node:process`, which is a global (2 ms each).
 */
function withoutUnused(code: string): string {
  return code
    .replace('__require("webpack-virtual-modules")', 'undefined')
    .replace('import picomatch from "picomatch";', 'const picomatch = undefined;')
    .replace('import process from "node:process";', '')
    .replace('import process$1 from "node:process";', 'const process$1 = process;')
}

export default config
