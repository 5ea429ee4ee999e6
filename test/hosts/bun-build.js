import process from 'node:process'
import geminiImage from 'unplugin-gemini-image/bun'

// What a site would have as its build script, run by Bun: `bun bun-build.js '{ … }'`. Prints how the build ended.

/** @type {{ readonly options: import('unplugin-gemini-image/bun').Options | false }} */
const { options } = JSON.parse(process.argv[2] ?? '{}')

// oxlint-disable-next-line no-undef -- Bun's own.
const { logs } = await Bun.build({
  entrypoints: ['src/main.js'],
  outdir: 'dist',
  publicPath: '/',
  sourcemap: 'linked',
  external: options === false ? ['unplugin-gemini-image/macro'] : [],
  plugins: options === false ? [] : [geminiImage({ retryDelay: 5, ...options })],
  throw: false,
}).catch((error) => ({ logs: [{ level: 'error', message: error.message }] }))

console.log(JSON.stringify(logs.map(({ level, message }) => ({ level, message }))))
