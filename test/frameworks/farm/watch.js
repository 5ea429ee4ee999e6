import process from 'node:process'
import { watch } from '@farmfe/core'
import geminiImage from 'unplugin-gemini-image/farm'

// `farm watch` of the site in the working folder.

await watch({
  root: process.cwd(),
  clearScreen: false,
  plugins: [geminiImage({ retryDelay: 5 })],
  compilation: {
    input: { main: './src/main.js' },
    output: {
      path: 'dist',
      publicPath: '/',
      targetEnv: 'node-next',
      format: 'esm',
      entryFilename: '[entryName].js',
    },
    assets: { mode: 'browser' },
    minify: false,
    presetEnv: false,
  },
})
