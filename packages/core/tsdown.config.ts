import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: ['src/index.ts', 'src/xmp.ts'],
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  dts: true,
  fixedExtension: false,
})

export default config
