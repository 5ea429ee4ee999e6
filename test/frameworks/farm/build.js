import process from 'node:process'
import { build } from '@farmfe/core'
import whole from 'unplugin-gemini-image'
import geminiImage from 'unplugin-gemini-image/farm'

// What a site would have as its build script: `node build.js '{ … }'`.

/** @type {{ readonly options: import('unplugin-gemini-image/farm').Options | false, readonly isWhole: boolean }} */
const { options, isWhole } = JSON.parse(process.argv[2] ?? '{}')
const plugin = isWhole ? whole.farm : geminiImage

await build({
  root: process.cwd(),
  clearScreen: false,
  plugins: options === false ? [] : [plugin({ retryDelay: 5, ...options })],
  compilation: {
    input: { main: './src/main.js' },
    // Node runs what is built, and pictures are to have the URLs of a browser.
    output: {
      path: 'dist',
      publicPath: '/',
      targetEnv: 'node-next',
      format: 'esm',
      entryFilename: '[entryName].js',
    },
    assets: { mode: 'browser' },
    external: options === false ? ['unplugin-gemini-image/macro'] : [],
    minify: false,
    presetEnv: false,
    sourcemap: true,
  },
})
