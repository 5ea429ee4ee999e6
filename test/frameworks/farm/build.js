import process from 'node:process'
import { createInterface } from 'node:readline'
import { build } from '@farmfe/core'
import whole from 'unplugin-gemini-image'
import geminiImage from 'unplugin-gemini-image/farm'

// What a site would have as its build script. It builds one site for each line of its input.

for await (const line of createInterface({ input: process.stdin })) {
  /**
   * @type {{
   *   readonly root: string
   *   readonly env: Readonly<Record<string, string>>
   *   readonly options: import('unplugin-gemini-image/farm').Options | false
   *   readonly isWhole: boolean
   * }}
   */
  const { root, env, options, isWhole } = JSON.parse(line)
  for (const name of Object.keys(process.env)) delete process.env[name]
  Object.assign(process.env, env)
  process.chdir(root)
  const plugin = isWhole ? whole.farm : geminiImage
  await build({
    root,
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
  for (const stream of [process.stdout, process.stderr]) stream.write('\0built\n')
}
