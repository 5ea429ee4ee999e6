import { openOptions, openProject, plan } from '@gemini-image/core'
import { proposeEdit } from '@gemini-image/core/internal'
import { expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { POSTER } from '../support/languages.ts'
import { createSite } from '../support/site.ts'
import { buildSite, keyed } from '../support/vite.ts'
import { drawn, runJson } from './stage.ts'

function showing(specifier: string): Record<string, string> {
  return {
    'main.js': `import shown from '${specifier}'\nconsole.log(JSON.stringify(shown))`,
    'index.html':
      '<!doctype html><title>Page</title><script type="module" src="/main.js"></script>',
  }
}

test('a plan has a row with a price for each language, and says which language gets another one', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...showing('./poster.prompt.md?gemini-image&as=url&by=language'),
    'poster.prompt.md': POSTER,
    'project.inlang/settings.json': '{ "baseLocale": "de", "locales": ["en", "de", "fr", "nl"] }',
  })
  const { output } = await runCommand(site.root, ['plan'], keyed(gemini))
  expect(output).toMatch(/missing +poster-en +poster\.prompt\.md:2:20 .* 1376×768 +\$0\.03/)
  expect(output).toMatch(/missing +poster-de +poster\.prompt\.md:2:24 .* 1376×768 +\$0\.03/)
  expect(output).toContain('2 missing')
  expect(output).toContain('$0.07')
  const said =
    'poster.prompt.md:7:1 has no picture in nl and fr: pages in nl and fr show the one in de.'
  expect(output).toContain(said)
  const { report } = await runJson(site, ['plan'], keyed(gemini))
  expect(report.rows).toHaveLength(2)
  expect(report.advice).toContain(said)
  expect(gemini.requests).toHaveLength(0)

  const built = await buildSite(site, { env: keyed(gemini) })
  expect(built).toContain('2 pictures: 0 pinned, 2 generated')
  expect(gemini.requests).toHaveLength(2)
  // The second comes from the build index.
  for (let times = 0; times < 2; times += 1) {
    const frozen = await buildSite(site, { options: { mode: 'frozen' } })
    expect(frozen).toContain('2 pictures: 2 pinned')
  }
  for (const command of ['verify', 'prune']) {
    expect(await runCommand(site.root, [command])).toMatchObject({ code: 0 })
  }
  expect((await runCommand(site.root, ['prune'])).output).toContain('Nothing to prune')

  // Another language of the site is another picture of the set, and the index knows that.
  await site.write('poster.prompt.md', POSTER.replace('[en, de]', 'site'))
  await expect(buildSite(site, { options: { mode: 'frozen' } })).rejects.toThrow(/poster-nl|nl/)
  const more = await runCommand(site.root, ['plan'], keyed(gemini))
  expect(more.output).toContain('2 pinned, 2 missing')
  await site.write(
    'project.inlang/settings.json',
    '{ "baseLocale": "de", "locales": ["en", "de"] }',
  )
  const fewer = await buildSite(site, { options: { mode: 'frozen' } })
  expect(fewer).toContain('2 pictures: 2 pinned')
  expect(gemini.requests).toHaveLength(2)
})

test('a text that is missing in one language is an error where that is listed', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...showing('./poster.prompt.md?gemini-image&as=url&by=language'),
    'poster.prompt.md': POSTER.replace('de: Ein Plakat, ', ''),
  })
  await expect(buildSite(site, { env: keyed(gemini) })).rejects.toThrow(
    /MISSING_ALT at poster\.prompt\.md:2:24[^]*no alternative text in de[^]*"de: …" under "alt"/,
  )
  expect(gemini.requests).toHaveLength(0)
})

test.each([
  ['content', './poster.prompt.md?by=language', 'NOT_IN_SET at src/content/post.md:2:8'],
  ['references', './poster.prompt.md?by=language', 'INVALID_VALUE at other.prompt.md:3:14'],
])('one of several is to be named in %s', async (where, named, told) => {
  const isContent = where === 'content'
  const site = await createSite({
    ...showing(
      isContent ? './poster.prompt.md?gemini-image&each=de' : './other.prompt.md?gemini-image',
    ),
    'poster.prompt.md': POSTER,
    'other.prompt.md': `---\nalt: Other\nreferences: ['${named}']\n---\nThe same\n`,
    ...(isContent && {
      'src/content.config.ts': `import { geminiImage } from 'astro-gemini-image/schema'\nexport const schema = { cover: geminiImage(image) }`,
      'src/content/post.md': `---\ncover: ${named}\n---\nText\n`,
    }),
  })
  const { output } = await runCommand(site.root, ['plan'])
  expect(output).toContain(told)
})

test('what is declared where it is shown has one text', async () => {
  const site = await createSite({
    'main.js': `import { geminiImage } from 'unplugin-gemini-image/macro'\nconsole.log(geminiImage({ prompt: 'A leaf', alt: { en: 'Leaf', de: 'Blatt' } }))`,
  })
  const { output } = await runCommand(site.root, ['plan'])
  expect(output).toContain('UNSUPPORTED_SETTING at main.js:2:50')
  expect(output).toContain('by=language')
})

test('a text that is missing in one language is drafted in it, beside the others', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    ...showing('./poster.prompt.md?gemini-image&as=url&by=language'),
    'poster.prompt.md': POSTER.replace('de: Ein Plakat, ', ''),
  })
  await drawn(site, gemini)
  const { code, output } = await runCommand(site.root, ['alt', '--yes'], keyed(gemini))
  expect(`${code} ${output}`).toMatch(/^0 /)
  expect(gemini.requests).toHaveLength(3)
  expect(JSON.stringify(gemini.requests.at(-1))).toMatch(/\bde\b/)
  const text = await site.read('poster.prompt.md')
  expect(text).toMatch(/^alt: \{ en: A poster, fr: Une affiche \}\naltDraft: \S/m)
  const { output: frozen } = await runCommand(site.root, ['plan'])
  expect(frozen).toContain('altDraft')
  await expect(buildSite(site, { options: { mode: 'frozen' } })).rejects.toThrow(
    /MISSING_ALT at poster\.prompt\.md:2:24[^]*move it from altDraft to "de" under "alt"/,
  )
})

test('whoever asks for all languages asks for each', async () => {
  const site = await createSite({
    ...showing('./poster.prompt.md?gemini-image&as=url&by=language'),
    'poster.prompt.md': POSTER,
  })
  const options = await openOptions({ root: site.root }, { hostRoot: site.root, env: {} })
  const { askedBy, rows } = await plan(openProject(options))
  expect(rows).toHaveLength(2)
  for (const { declared } of rows) expect(askedBy.get(declared.id)).toEqual([site.path('main.js')])
})

test('an edit of a text is one of its language', async () => {
  const site = await createSite({ 'poster.prompt.md': POSTER })
  const project = { options: { root: site.root } }
  const file = site.path('poster.prompt.md')
  const change = { settings: { alt: 'Ein Bild' } }
  const { diff } = proposeEdit(project, `${file}?each=de`, change)
  expect(diff).toContain('+alt: { en: "A poster", de: "Ein Bild", fr: "Une affiche" }')
  expect(() => proposeEdit(project, file, change)).toThrow(/NOT_EDITABLE/)
})
