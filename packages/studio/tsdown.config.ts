import { defineConfig, type UserConfig } from 'tsdown'
import { bundledWith, licencesFor } from '../../scripts/bundled.ts'

/** Experimental, so its version is ours to choose; and nobody loads it who does not open the studio. */
const BUNDLED = new Map([
  ...bundledWith('devframe', import.meta.filename),
  ...bundledWith('launch-editor', import.meta.filename),
])

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/address.ts', 'src/verbs.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  fixedExtension: false,
  deps: { onlyBundle: [...BUNDLED.keys()] },
  outputOptions: { banner: ({ moduleIds }) => licencesFor(moduleIds, BUNDLED) },
})

export default config
