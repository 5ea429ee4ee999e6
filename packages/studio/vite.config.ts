import { defineConfig, type UserConfig } from 'vite'

/** The page, compiled into the package: nothing of it is in anyone's site. */
const config: UserConfig = defineConfig({
  root: 'src/page',
  // It is served below a base that the dev server decides.
  base: './',
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // Licences of what is bundled go where its code goes.
    license: { fileName: 'licences.md' },
  },
})

export default config
