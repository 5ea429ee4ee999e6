import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { promptFile } from '../support/site.ts'
import { MAJORS } from './support/packages.ts'
import { astro, buildAstro } from './support/run.ts'
import { astroConfig, createAstroSite, type AstroSite } from './support/site.ts'
import type { Major } from './support/packages.ts'

const NAMES = ['gull', 'my gull', 'gull (2)', 'möwe', '50% gull']

/** An image in each of the ways that Markdown knows, and whose picture it is. */
const IMAGES: readonly (readonly [string, string])[] = [
  ['![a](../pictures/gull.prompt.md)', 'gull'],
  ['![a](../pictures/gull.prompt.md "A title")', 'gull'],
  ['![a](../pictures/gull.prompt.md?gemini-image)', 'gull'],
  ['![a](/src/pictures/gull.prompt.md)', 'gull'],
  [String.raw`![a \[b\] c](../pictures/gull.prompt.md)`, 'gull'],
  ['[![a](../pictures/gull.prompt.md)](https://example.org)', 'gull'],
  ['![a](../pictures/my%20gull.prompt.md)', 'my gull'],
  ['![a](<../pictures/my gull.prompt.md>)', 'my gull'],
  ['![a](<../pictures/gull (2).prompt.md>)', 'gull (2)'],
  ['![a](../pictures/gull%20%282%29.prompt.md)', 'gull (2)'],
  ['![a](../pictures/möwe.prompt.md)', 'möwe'],
  ['![a](../pictures/m%C3%B6we.prompt.md)', 'möwe'],
  ['![a](../pictures/50%25%20gull.prompt.md)', '50% gull'],
  ['![a][One]\n\n[one]: ../pictures/gull.prompt.md', 'gull'],
  ['![a][two]\n\n[two]: <../pictures/my gull.prompt.md> "A title"', 'my gull'],
  ['![three][]\n\n[three]: ../pictures/möwe.prompt.md', 'möwe'],
  // Of a set, without the form that names of files have.
  ['![a](../pictures/signs.prompt.md?each=New%20York)', 'New York'],
  ['![a](<../pictures/signs.prompt.md?each=New York>)', 'New York'],
  ['![a](/src/pictures/signs.prompt.md?each=C%23&gemini-image)', 'C#'],
  ['![a](../pictures/signs.prompt.md?each=日本)', '日本'],
  ['![a][sign]\n\n[sign]: ../pictures/signs.prompt.md?each=(a%2Fb)', '(a/b)'],
]

const SIGNS = ['New York', 'C#', '日本', '(a/b)']

function siteOf(major: Major, pages: Readonly<Record<string, string>>): Promise<AstroSite> {
  const prompts = NAMES.map((name) => [`src/pictures/${name}.prompt.md`, promptFile(name)] as const)
  return createAstroSite(major, {
    ...astroConfig({ imports: `import mdx from '@astrojs/mdx'`, integrations: 'mdx()' }),
    ...Object.fromEntries(prompts),
    'src/pictures/signs.prompt.md': promptFile('{{sign}}', {
      each: `{ sign: ${JSON.stringify(SIGNS)} }`,
    }),
    ...pages,
  })
}

test.for(MAJORS)('Astro %i: every way to write an image of a prompt file', async (major) => {
  const pages = ['md', 'mdx'].flatMap((kind) =>
    IMAGES.map(([image], index) => [`src/pages/${kind}${index}.${kind}`, `${image}\n`] as const),
  )
  const [gemini, site] = await Promise.all([
    startGemini(),
    siteOf(major, Object.fromEntries(pages)),
  ])
  await buildAstro(site, { gemini })
  expect(gemini.requests.map(({ prompt }) => prompt).toSorted()).toEqual(
    [...NAMES, ...SIGNS].toSorted(),
  )
  const slugs = {
    'New York': 'signs-new-york',
    'C#': 'signs-c',
    日本: 'signs',
    '(a/b)': 'signs-a-b',
    'my gull': 'my-gull',
    'gull (2)': 'gull-2',
    möwe: 'mowe',
    '50% gull': '50-gull',
  }
  for (const kind of ['md', 'mdx']) {
    for (const [index, [image, name]] of IMAGES.entries()) {
      const [shown] = /<img[^>]*>/.exec(await site.read(`dist/${kind}${index}/index.html`)) ?? []
      const slug = (slugs as Record<string, string>)[name] ?? name
      expect(shown, `${image} in ${kind}`).toContain(` src="/_astro/${slug}.`)
    }
  }
})

test('a raw <img> is an error with a place, before anything is paid for', async () => {
  const raw = 'Text.\n\n<img src="../pictures/gull.prompt.md" alt="a" />\n'
  const code =
    '`<img src="../pictures/gull.prompt.md">`\n\n```html\n<img src="./gull.prompt.md">\n```\n'
  const [gemini, site] = await Promise.all([
    startGemini(),
    siteOf(7, {
      'src/pages/raw-md.md': raw,
      'src/pages/raw-mdx.mdx': raw,
      'src/pages/code-md.md': code,
      'src/pages/code-mdx.mdx': code,
    }),
  ])
  const ended = await astro(site, ['build'], { gemini })
  expect(ended.code).not.toBe(0)
  expect(ended.output).toContain('UNRESOLVED_REFERENCE at src/pages/raw-md.md:3:1')
  expect(ended.output).toContain('UNRESOLVED_REFERENCE at src/pages/raw-mdx.mdx:3:1')
  expect(ended.output).not.toContain('src/pages/code')
  expect(gemini.requests).toEqual([])
})
