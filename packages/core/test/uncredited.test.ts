import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { CreditWarnings } from '../src/plan/uncredited.ts'
import { tempDir } from './support/temp-dir.ts'

const GROUNDING = { sources: [{ url: 'https://a.test' }], queries: ['weather'] }
const RAIN = './rain.prompt.md?gemini-image'

/** The lines that name places, of the warnings that files give rise to: those of the first look, and of the second. */
async function told(
  files: Readonly<Record<string, string>>,
  grounding: typeof GROUNDING | undefined,
): Promise<readonly [first: readonly string[], second: readonly string[]]> {
  const root = await tempDir()
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), text)
  }
  const warnings = new CreditWarnings()
  const importers = Object.keys(files).map((name) => path.join(root, name))
  const look = (): readonly string[] => {
    const id = path.join(root, 'src', 'rain.prompt.md')
    const news = warnings.news([{ id, grounding }], { root, importers })
    return (news ?? '').split('\n').filter((line) => line.includes(' shows '))
  }
  return [look(), look()]
}

const STYLE = { 'src/a.css': `.a {\n  background: url(${RAIN})\n}` }

test.for([
  [STYLE, 'src/a.css:2:19  a stylesheet shows src/rain.prompt.md'],
  [{ 'src/a.html': `<img src="${RAIN}">` }, 'src/a.html:1:11  a page shows src/rain.prompt.md'],
  [{ 'src/a.html': `<p style="background: url(${RAIN})">` }, 'src/a.html:1:27  a stylesheet shows'],
  [{ 'src/a.vue': `<template><img src="${RAIN}"></template>` }, 'src/a.vue:1:21  an attribute'],
  [{ 'src/a.js': `import rain, { alt } from '${RAIN}'` }, 'src/a.js:1:28  an import without'],
  [{ 'src/a.js': `import rain from '${RAIN}&as=url'` }, 'src/a.js:1:19  an import without'],
  [{ 'src/a.js': `new URL('${RAIN}', import.meta.url)` }, 'src/a.js:1:10  new URL()'],
  [{ 'src/a.md': `# A\n\n![Rain](./rain.prompt.md)` }, 'src/a.md:3:9  an image of Markdown'],
  [{ 'src/a.mdx': `![Rain](./rain.prompt.md)` }, 'src/a.mdx:1:9  an image of Markdown'],
] as const)('%j shows no credits', async ([files, line]) => {
  const [first, second] = await told(files, GROUNDING)
  expect(first).toHaveLength(1)
  expect(first[0]).toContain(`  ${line}`)
  expect(second).toEqual([])
})

test.for([
  { 'src/a.js': `import rain, { grounding } from '${RAIN}'` },
  { 'src/a.js': `import * as rain from '${RAIN}'` },
  { 'src/a.js': `import rain from '${RAIN}&as=object'` },
  { 'src/a.js': `const rain = await import('${RAIN}')` },
  { 'src/a.js': `const rain = require('${RAIN}')` },
  { 'src/a.js': `export * from '${RAIN}'\nexport { default } from '${RAIN}'` },
  { 'src/a.js': `import rain from '${RAIN}'\nimport Credits from './Credits.vue'` },
  { 'src/a.js': `// import rain from '${RAIN}'` },
  { 'src/a.html': `<meta property="og:image" content="${RAIN}"><link rel="icon" href="${RAIN}">` },
  { 'src/a.md': `---\ncover: ./rain.prompt.md\n---\n\n![Rain](./rain.prompt.md)` },
  { ...STYLE, 'src/b.js': `import { grounding } from '${RAIN}'` },
  { ...STYLE, 'src/b.astro': `---\nimport rain from '${RAIN}'\n---\n<GeneratedImageCredits />` },
])('%j may show credits', async (files) => {
  expect(await told(files, GROUNDING)).toEqual([[], []])
})

test('nothing is wanted of a picture that is no picture of looked-up data', async () => {
  expect(await told(STYLE, undefined)).toEqual([[], []])
  expect(await told(STYLE, { ...GROUNDING, sources: [] })).toEqual([[], []])
})
