import { describe, expect, test } from 'vitest'
import { askedPrompts, startGemini } from '../support/gemini.ts'
import { createSite, promptFile, type Site } from '../support/site.ts'
import { buildSite, failingBuild, keyed } from '../support/vite.ts'

const module = '<!doctype html><script type="module" src="/src/main.js"></script>'

async function builtStyles(site: Site): Promise<string> {
  const names = (await site.list('dist/assets')).filter((name) => name.endsWith('.css'))
  return (await Promise.all(names.map((name) => site.read(`dist/assets/${name}`)))).join('\n')
}

/** Names of pictures in a text, without hashes: `a.jpg`. */
function picturesIn(text: string): string[] {
  const found = text.matchAll(/assets\/([a-z0-9-]+)\.[0-9a-f]{12}-[\w-]{8}\.(jpg|png)/g)
  return [...found].map(([, name, extension]) => `${name}.${extension}`).toSorted()
}

describe('url() in stylesheets', () => {
  test('plain, quoted, in image-set(), in what @import pulls in, and through an alias', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'index.html': module,
      'src/main.js': "import './style.css'",
      'src/style.css': `
        @import './nested/deep.css';
        .a { background: url(./a.prompt.md?gemini-image) }
        .b { background: url("./b.prompt.md?gemini-image") no-repeat, url('@/c.prompt.md?gemini-image') }
        .d { background: image-set(url(./a.prompt.md?gemini-image) 1x, url(./d.prompt.md?gemini-image) 2x) }`,
      'src/nested/deep.css': ".e { background: url('../pictures/e.prompt.md?gemini-image') }",
      'src/pictures/e.prompt.md': promptFile('E'),
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map((n) => [`src/${n}.prompt.md`, promptFile(n)])),
    })
    const alias = { '@': site.path('src') }
    await buildSite(site, { env: keyed(gemini), config: { resolve: { alias } } })
    const css = await builtStyles(site)
    expect(new Set(picturesIn(css))).toEqual(new Set(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg', 'e.jpg']))
    expect(css).not.toContain('prompt.md')
    expect(gemini.requests).toHaveLength(5)
  })

  test.for(['scss', 'less'])('in a partial of %s in another folder', async (lang) => {
    const gemini = await startGemini()
    const site = await createSite({
      'index.html': module,
      'src/main.js': `import './style.${lang}'`,
      [`src/style.${lang}`]:
        lang === 'scss' ? "@use 'parts/card';" : "@import './parts/card.less';",
      [`src/parts/card.${lang}`]:
        '.card { .in { background: url(./card.prompt.md?gemini-image) } }',
      'src/parts/card.prompt.md': promptFile('A card'),
    })
    await buildSite(site, { env: keyed(gemini) })
    expect(picturesIn(await builtStyles(site))).toEqual(['card.jpg'])
  })

  test('with Lightning CSS, and in a CSS module', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'index.html': module,
      'src/main.js': "import s from './style.module.css'\ndocument.body.className = s.a",
      'src/style.module.css': '.a { background: url(./a.prompt.md?gemini-image) }',
      'src/a.prompt.md': promptFile('A'),
    })
    await buildSite(site, { env: keyed(gemini), config: { css: { transformer: 'lightningcss' } } })
    expect(picturesIn(await builtStyles(site))).toEqual(['a.jpg'])
  })

  test('a prompt file that is not there is an error at the url()', async () => {
    const site = await createSite({
      'index.html': module,
      'src/main.js': "import './style.css'",
      'src/style.css': '.a { color: red }\n.b { background: url(./gone.prompt.md?gemini-image) }\n',
    })
    const said = await failingBuild(site)
    expect(said).toContain('PROMPT_FILE_NOT_FOUND at src/style.css:2:22')
  })
})

describe('pages', () => {
  test('every attribute that Vite takes for an asset, inline styles and <style>', async () => {
    const gemini = await startGemini()
    const names = ['icon', 'og', 'style', 'inline', 'img', 'one', 'two', 'poster', 'shared']
    const site = await createSite({
      'index.html': `<!doctype html>
        <link rel="icon" href="./icon.prompt.md?gemini-image">
        <meta property="og:image" content="./og.prompt.md?gemini-image">
        <style>body { background: url(./style.prompt.md?gemini-image) }</style>
        <p style="background: url(./inline.prompt.md?gemini-image)"></p>
        <img src="./img.prompt.md?gemini-image" alt="">
        <picture><source srcset="./one.prompt.md?gemini-image 1x, ./two.prompt.md?gemini-image 2x"></picture>
        <video poster=./poster.prompt.md?gemini-image></video>
        <template><img src="/shared.prompt.md?gemini-image" alt=""></template>`,
      ...Object.fromEntries(names.map((name) => [`${name}.prompt.md`, promptFile(name)])),
    })
    await buildSite(site, { env: keyed(gemini) })
    expect(askedPrompts(gemini)).toEqual(names.toSorted())
    const html = await site.read('dist/index.html')
    expect(picturesIn(html)).toEqual(names.map((name) => `${name}.jpg`).toSorted())
    expect(html).not.toContain('prompt.md')
  })

  test('an attribute from which Vite takes no file is an error', async () => {
    const gemini = await startGemini()
    const site = await createSite({
      'index.html': '<!doctype html>\n<a href="./a.prompt.md?gemini-image">Look</a>',
      'a.prompt.md': promptFile('A'),
    })
    const said = await failingBuild(site, { env: keyed(gemini) })
    expect(said).toContain('UNRESOLVED_REFERENCE at index.html:2:4')
  })
})

test('an import of a prompt file that is not there is an error at the import', async () => {
  const site = await createSite({
    'index.html': module,
    'src/main.js': "\nimport a from './gone.prompt.md?gemini-image'\n",
  })
  expect(await failingBuild(site)).toContain('PROMPT_FILE_NOT_FOUND at src/main.js:2:16')
})

test('a prompt file is never shipped in place of its picture', async () => {
  const gemini = await startGemini()
  const site = await createSite({
    'index.html': module,
    'src/main.js': `
      import a from './a.prompt.md?gemini-image'
      import file from './a.prompt.md?url'
      document.title = a + file`,
    'src/a.prompt.md': promptFile('A secret recipe'),
  })
  for (const assetsInlineLimit of [0, 100_000]) {
    const said = await failingBuild(site, {
      env: keyed(gemini),
      config: { build: { assetsInlineLimit } },
    })
    expect(said).toContain('UNRESOLVED_REFERENCE')
    expect(said).toContain('src/a.prompt.md')
  }
})
