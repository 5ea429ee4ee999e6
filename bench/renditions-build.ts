import path from 'node:path'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { build, type PluginOption } from 'vite'

// Builds once, and prints milliseconds and the most memory that the process had, in MiB:
// `node renditions-build.ts '{ … }'`.

/** What is to be built. */
export interface RenditionsBuild {
  readonly root: string
  readonly tool: 'imagetools' | 'ours'
}

const { root, tool } = JSON.parse(process.argv[2] ?? '{}') as RenditionsBuild

async function pluginOf(): Promise<PluginOption> {
  if (tool === 'imagetools') {
    const { imagetools } = await import('vite-imagetools')
    return imagetools({ cache: { dir: path.join(root, 'node_modules/.cache/imagetools') } })
  }
  const { default: geminiImage } = await import('unplugin-gemini-image/vite')
  return geminiImage({ mode: 'auto', budget: 1000, concurrency: 8 })
}

const started = performance.now()
await build({
  root,
  configFile: false,
  logLevel: 'silent',
  plugins: [await pluginOf()],
  build: {
    rolldownOptions: { input: path.join(root, `src/${tool}.js`) },
    outDir: path.join(root, `dist-${tool}`),
    emptyOutDir: true,
    assetsInlineLimit: 0,
  },
})
const milliseconds = performance.now() - started
// Kibibytes. https://nodejs.org/api/process.html#processresourceusage
console.log(JSON.stringify([milliseconds, process.resourceUsage().maxRSS / 1024]))
