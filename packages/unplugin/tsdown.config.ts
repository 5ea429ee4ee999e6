import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: {
    vite: 'src/vite.ts',
    webpack: 'src/webpack.ts',
    rspack: 'src/rspack.ts',
    next: 'src/next.ts',
    rollup: 'src/rollup.ts',
    rolldown: 'src/rolldown.ts',
    esbuild: 'src/esbuild.ts',
    config: 'src/config.ts',
    macro: 'src/macro.ts',
    react: 'src/react.ts',
    vue: 'src/vue.ts',
    'rendered-picture': 'src/rendered-picture.ts',
    'json-ld': 'src/json-ld.ts',
    bin: 'src/bin.ts',
    // What bundlers load by themselves, from beside the code that names it.
    'to-object': 'src/to-object.ts',
    'picture-loader': 'src/webpack/picture-loader.ts',
    'source-loader': 'src/webpack/source-loader.ts',
    'stray-loader': 'src/webpack/stray-loader.ts',
    'next-picture-loader': 'src/next/picture-loader.ts',
    'next-source-loader': 'src/next/source-loader.ts',
    'next-style-loader': 'src/next/style-loader.ts',
  },
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
  // What a host begins with is a file or two: each more takes half a millisecond of every build.
  outputOptions: {
    codeSplitting: {
      groups: [
        {
          name: 'project',
          test: /[\\/]src[\\/](?:project[\\/][\w-]+|source[\\/](?:ask|filters))\.ts$/,
        },
        { name: 'plugin', test: /[\\/]src[\\/]webpack[\\/](?![\w-]*loader)[\w-]+\.ts$/ },
      ],
    },
  },
})

export default config
