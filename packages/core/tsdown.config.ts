import { readFileSync } from 'node:fs'
import { defineConfig, type UserConfig } from 'tsdown'

const ZOD = /[\\/]node_modules[\\/]zod[\\/]/

/** Zod's licence, which goes wherever its code goes. */
const licence = readFileSync(new URL('node_modules/zod/LICENSE', import.meta.url), 'utf8')

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/host.ts', 'src/internal.ts', 'src/xmp.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
  // Of zod's 95 files, most are messages in all languages; loading them takes longer than many a build.
  deps: {
    alwaysBundle: ['zod'],
    onlyBundle: ['zod'],
    dts: { alwaysBundle: [], neverBundle: ['zod'] },
  },
  // No type of it is among ours, and an import that nothing needs is left out.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  outputOptions: {
    codeSplitting: { groups: [{ name: 'zod', test: ZOD }] },
    banner: ({ name }) => (name === 'zod' ? `/*! zod\n${licence}*/` : ''),
  },
})

export default config
