import { defineConfig, type UserConfig } from 'tsdown'

const config: UserConfig = defineConfig({
  entry: [
    'src/index.ts',
    'src/config.ts',
    'src/providers.ts',
    'src/bin.ts',
    'src/credits.ts',
    'src/dev-labels.ts',
    'src/image-service.ts',
    'src/json-ld.ts',
    'src/loaders.ts',
    'src/macro.ts',
    'src/og.ts',
    'src/schema.ts',
    'src/shown-picture.ts',
    'src/toolbar-app.ts',
  ],
  // A site's server gets what labels images without asking for the packages that build it.
  deps: {
    neverBundle: [/^virtual:/],
    alwaysBundle: [
      '@gemini-image/core/languages',
      '@gemini-image/core/xmp',
      'unplugin-gemini-image/credits',
      'unplugin-gemini-image/json-ld',
      'unplugin-gemini-image/languages',
      'unplugin-gemini-image/og',
      'unplugin-gemini-image/rendered-picture',
    ],
  },
  format: 'esm',
  platform: 'node',
  target: 'node22.18',
  dts: true,
  fixedExtension: false,
})

export default config
