import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { start, viteConfig } from '../support/process.ts'
import { promptFile } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { createAstroSite } from './support/site.ts'

test.for([
  [6, 5],
  [7, 6],
] as const)('the plugin by itself works with Vite %i, that of Astro %i', async ([vite, major]) => {
  const gemini = await startGemini()
  const site = await createAstroSite(major, {
    'index.html': `<!doctype html><link rel="stylesheet" href="/src/a.css">
      <img src="./src/a.prompt.md?gemini-image" alt=""><script type="module" src="/src/main.js"></script>`,
    'src/main.js': `import b from './b.prompt.md?gemini-image'\ndocument.title = b`,
    'src/a.css': 'body { background: url(./c.prompt.md?gemini-image) }',
    ...viteConfig(),
    ...Object.fromEntries(
      ['a', 'b', 'c'].map((name) => [`src/${name}.prompt.md`, promptFile(name)]),
    ),
  })
  const args = [site.path('node_modules/vite/bin/vite.js'), 'build']
  const { code, output } = await start(args, site.root, keyed(gemini)).ended
  expect(output).toContain(`vite v${vite}.`)
  expect(code).toBe(0)
  const pictures = (await site.list('dist/assets')).filter((name) => name.endsWith('.jpg'))
  expect(pictures.map((name) => name.charAt(0))).toEqual(['a', 'b', 'c'])
  expect(gemini.requests).toHaveLength(3)
})
