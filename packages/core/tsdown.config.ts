import { defineConfig, type UserConfig } from 'tsdown'
import { bundledWith, licencesFor, modulesOf } from '../../scripts/bundled.ts'

/**
 * What is bundled, each in a file of its own. Of zod's 95 files, most are messages in all languages, and fast-glob has
 * 70 with all that it needs: loading them takes longer than many a build. potpack packs sheets, and is one file.
 */
const GROUPS = ['zod', 'fast-glob', 'potpack'].map((name) => ({
  name,
  bundled: bundledWith(name, import.meta.filename),
}))
const BUNDLED = new Map(GROUPS.flatMap(({ bundled }) => [...bundled]))
const PACKAGES = [...BUNDLED.keys()]

const config: UserConfig = defineConfig({
  entry: 'src/*.ts',
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  fixedExtension: false,
  deps: {
    alwaysBundle: PACKAGES,
    onlyBundle: PACKAGES,
    dts: { alwaysBundle: [], neverBundle: PACKAGES },
  },
  // No type of it is among ours, and an import that nothing needs is left out.
  treeshake: { moduleSideEffects: [{ external: true, sideEffects: false }] },
  outputOptions: {
    codeSplitting: {
      groups: [
        ...GROUPS.map(({ name, bundled }) => ({ name, test: modulesOf([...bundled.keys()]) })),
        // What a host begins with is one file, whoever else needs a part of it: each more takes half a millisecond.
        { name: 'start', test: /[\\/]src[\\/]host\.ts$/ },
        // A configuration that asks for Vertex AI loads the models, and nothing that asks them.
        {
          name: 'catalogue',
          test: /[\\/]google[\\/](?:catalogue|checks|languages|rules|text-models|words)\.ts$/,
        },
        { name: 'google', test: /[\\/]src[\\/]providers[\\/]built-in\.ts$/ },
      ],
    },
    banner: ({ moduleIds }) => licencesFor(moduleIds, BUNDLED),
  },
})

export default config
