import { symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { start } from '../support/process.ts'
import { createSite, promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'

const MODULES = path.join(import.meta.dirname, 'metro/node_modules')

/** What React Native's own configuration says, as far as a bundle without it needs that. */
const BUILD = `
  import { createRequire } from 'node:module'
  import path from 'node:path'
  import Metro from 'metro'
  const root = import.meta.dirname
  const runtime = path.dirname(createRequire(import.meta.url).resolve('metro-runtime/package.json'))
  const config = await Metro.loadConfig({}, {
    projectRoot: root,
    watchFolders: [runtime],
    reporter: { update: () => undefined },
    cacheStores: [],
    maxWorkers: 1,
    resolver: { useWatchman: false },
    transformer: {
      assetRegistryPath: path.join(root, 'registry.js'),
      asyncRequireModulePath: path.join(runtime, 'src/modules/asyncRequire.js'),
      getTransformOptions: () => ({ transform: { experimentalImportSupport: true } }),
    },
  })
  await Metro.runBuild(config, { entry: 'app.js', out: 'bundle.js', dev: false, minify: false, platform: 'ios' })`

test('Metro takes emitted pictures as assets of their size', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'pictures/art/hero.prompt.md': promptFile('A harbour', { alt: 'Boats', aspectRatio: '16:9' }),
    'app.js': `import pictures from './assets/pictures'\nconsole.log(JSON.stringify(pictures['art/hero']))`,
    // It stands for React Native's, which gives a number.
    'registry.js': 'exports.registerAsset = (asset) => asset',
    'build.mjs': BUILD,
  })
  await symlink(MODULES, site.path('node_modules'), 'junction')
  const emit = [
    'emit',
    'assets/pictures',
    '--from',
    'pictures',
    '--widths',
    '400',
    '--formats',
    'webp',
  ]
  const { code, output } = await runCommand(site.root, emit, keyed(gemini))
  expect(`${code} ${output}`).toMatch(/^0 /)
  const built = await start([site.path('build.mjs')], site.root, {}).ended
  expect(`${built.code} ${built.output}`).toMatch(/^0 /)
  await site.write('bundle.cjs', await site.read('bundle.js'))
  const { stdout } = await start([site.path('bundle.cjs')], site.root, {}).ended
  const asset = {
    httpServerLocation: '/assets/assets/pictures/art',
    width: 1376,
    height: 768,
    type: 'jpg',
  }
  const small = { width: 400, height: 223, name: 'hero@400', type: 'webp' }
  expect(JSON.parse(stdout)).toMatchObject({
    alt: 'Boats',
    src: asset,
    images: [asset],
    renditions: [{ src: small }],
  })
})
