import sharp from 'sharp'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { createSite } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { runJson } from './stage.ts'

const HERO = `---
alt: Boats
aspectRatio: 16:9
scenes:
  phone: { aspectRatio: 9:16, media: '(max-width: 600px)' }
  dark: { prompt: The same harbour at night., scheme: dark }
  card: { from: crop, aspectRatio: 1:1, focus: 0% 50%, media: print }
---

A harbour
`

test('a plan has a row with a price for each scene that is drawn, and the total counts the picture once', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'main.js': `import hero from './hero.prompt.md?gemini-image&widths=300&formats=png&as=picture'\nconsole.log(JSON.stringify(hero))`,
    'index.html':
      '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
    'hero.prompt.md': HERO,
    'bare.prompt.md': HERO,
  })
  const { output } = await runCommand(site.root, ['plan'], keyed(gemini))
  expect(output).toMatch(/missing +hero +hero\.prompt\.md:10:1 .* 1376×768 +\$0\.03/)
  expect(output).toMatch(/missing +hero-phone +hero\.prompt\.md:5:\d+ .* 768×1376 +\$0\.06/)
  expect(output).toMatch(/missing +hero-dark +hero\.prompt\.md:6:\d+ .* 1376×768 +\$0\.06/)
  expect(output).toContain('3 missing')
  expect(output).toMatch(/what is missing costs \$0\.10/)
  expect(output).not.toContain('hero-card')

  await buildSite(site, { env: keyed(gemini) })
  expect(gemini.requests).toHaveLength(3)
  const { report } = await runJson(site, ['plan'], keyed(gemini))
  expect(JSON.stringify(report)).toContain('hero-phone')
  await buildSite(site, { options: { mode: 'frozen' } })
  expect(gemini.requests).toHaveLength(3)
  for (const command of ['verify', 'prune']) {
    expect(await runCommand(site.root, [command])).toMatchObject({ code: 0 })
  }
  expect((await runCommand(site.root, ['prune'])).output).toContain('Nothing to prune')

  // What is cropped is no picture of its own: of the left of the picture, a square.
  const files = (await site.list('dist/assets')).filter((name) => name.endsWith('.png'))
  const sizes = await Promise.all(
    files.map(async (name) => {
      const { width, height } = await sharp(await site.bytes(`dist/assets/${name}`)).metadata()
      return `${width}x${height}`
    }),
  )
  // Where the pictures of two scenes are the same, their files are one.
  expect([...new Set(sizes)].toSorted()).toEqual(['300x167', '300x300', '300x538'])

  // Another one leaves what is pinned alone.
  await site.write(
    'hero.prompt.md',
    HERO.replace('  card:', '  wide: { aspectRatio: 21:9, media: "(min-width: 2000px)" }\n  card:'),
  )
  const more = await runCommand(site.root, ['plan'], keyed(gemini))
  expect(more.output).toContain('3 pinned, 1 missing')
})
