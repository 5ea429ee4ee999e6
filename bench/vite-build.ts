import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { build, type PluginOption } from 'vite'

// Builds once, and prints how many milliseconds that took: `node vite-build.ts '{ … }'`.

/** What is to be built. */
export interface Build {
  readonly root: string
  readonly input: 'ours' | 'plain'
}

async function pluginsOf({ input }: Build): Promise<PluginOption[]> {
  if (input === 'plain') return []
  const { default: geminiImage } = await import('unplugin-gemini-image/vite')
  return [geminiImage({ mode: 'auto', concurrency: 8, budget: 1000 })]
}

const given = JSON.parse(process.argv[2] ?? '{}') as Build
const { root, input } = given
const started = performance.now()
await build({
  root,
  configFile: false,
  logLevel: 'silent',
  plugins: await pluginsOf(given),
  build: {
    rolldownOptions: { input: path.join(root, `src/${input}.js`) },
    assetsInlineLimit: 0,
    outDir: `dist/${input}`,
  },
})
console.log(performance.now() - started, process.resourceUsage().maxRSS)
