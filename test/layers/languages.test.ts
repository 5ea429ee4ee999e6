import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { addFonts } from './site.ts'

const POSTER = `---
each: { language: site }
vars: { hello: { en: Hello, de: Hallo, he: שלום } }
alt: '{{hello}}'
aspectRatio: 16:9
layers: [{ text: '{{hello}}', font: [/fonts/latin.woff, /fonts/hebrew.woff], size: 20 }]
---

A calm sea
`

test('words of a layer in every language are one call for all of them', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'main.js': `import shown from './poster.prompt.md?gemini-image&widths=300&formats=png&as=img&by=language'\nconsole.log(JSON.stringify(shown))`,
    'index.html':
      '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
    'poster.prompt.md': POSTER,
    'gemini-image.config.mjs': `export default { languages: ['en', 'de', 'he'] }\n`,
  })
  await addFonts(site)
  const { output } = await runCommand(site.root, ['plan'], keyed(gemini))
  for (const language of ['en', 'de', 'he']) expect(output).toContain(`poster-${language}`)
  expect(output).toMatch(/what is missing costs \$0\.03/)
  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toHaveLength(1)
  await buildSite(site, { options: { mode: 'frozen' } })
  expect(gemini.requests).toHaveLength(1)
  const files = (await site.list('dist/assets')).filter((name) => name.endsWith('.png'))
  const contents = await Promise.all(
    files.map(async (name) => (await site.bytes(`dist/assets/${name}`)).toString('hex')),
  )
  expect(new Set(contents).size).toBe(3)
  // Another word costs nothing; one that is missing is an error where the others stand.
  await site.write('poster.prompt.md', POSTER.replace('Hallo', 'Guten Tag'))
  await buildSite(site, { options: { mode: 'frozen' } })
  await site.write('poster.prompt.md', POSTER.replace(', de: Hallo', ''))
  await expect(buildSite(site, { options: { mode: 'frozen' } })).rejects.toThrow(
    /INVALID_VALUE at poster\.prompt\.md:3:16[^]*\{\{hello\}\} has no text in de/,
  )
})
