import { defineConfig, type UserConfig } from 'tsdown'
import { bundledWith, licencesFor, modulesOf } from '../../scripts/bundled.ts'

/** Five packages of which one command needs a part; nothing else loads it. */
const BUNDLED = bundledWith('vscode-languageserver', import.meta.filename)
const PACKAGES = [...BUNDLED.keys()]

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/bin.ts', 'src/config.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  fixedExtension: false,
  deps: {
    alwaysBundle: PACKAGES.map((name) => new RegExp(`^${name}(?:/|$)`)),
    onlyBundle: PACKAGES,
    dts: { alwaysBundle: [], neverBundle: PACKAGES },
  },
  outputOptions: {
    codeSplitting: { groups: [{ name: 'languageserver', test: modulesOf(PACKAGES) }] },
    banner: ({ moduleIds }) => licencesFor(moduleIds, BUNDLED),
  },
})

export default config
