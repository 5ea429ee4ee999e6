import { marked } from 'marked'
import { parse, parseFragment, type DefaultTreeAdapterTypes } from 'parse5'
import { describe, expect, test } from 'vitest'
import { runCommand } from '../support/command.ts'
import { startGemini } from '../support/gemini.ts'
import { pageOf, promptFile, type Site } from '../support/site.ts'
import { commitAll, drawn, entryOf, git, pinned, plain, runJson, siteOf } from './stage.ts'

type Node = DefaultTreeAdapterTypes.ChildNode | DefaultTreeAdapterTypes.ParentNode
type Element = DefaultTreeAdapterTypes.Element

const GITHUB = { GITHUB_SERVER_URL: 'https://github.example', GITHUB_REPOSITORY: 'a/b' }

function elements(node: Node, name: string): Element[] {
  const below = 'childNodes' in node ? node.childNodes.flatMap((one) => elements(one, name)) : []
  return 'tagName' in node && node.tagName === name ? [node, ...below] : below
}

function textOf(node: Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

function attribute(element: Element | undefined, name: string): string | undefined {
  return element?.attrs.find((one) => one.name === name)?.value
}

interface Row {
  readonly cells: readonly string[]
  readonly images: readonly { src?: string | undefined; alt?: string | undefined }[]
}

interface Report {
  readonly code: number | null
  readonly markdown: string
  readonly html: string
  readonly page: DefaultTreeAdapterTypes.Document
  readonly rows: readonly Row[]
}

async function reportOf(
  site: Pick<Site, 'root'>,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<Report> {
  const all = ['plan', '--format', 'markdown', ...args]
  const { code, stdout } = await runCommand(site.root, all, env)
  const html = await marked.parse(stdout, { gfm: true })
  const page = parse(html)
  const rows = elements(page, 'tr').slice(1)
  return {
    code,
    markdown: stdout,
    html,
    page,
    rows: rows.map((row) => ({
      cells: elements(row, 'td').map(textOf),
      images: elements(row, 'img').map((image) => ({
        src: attribute(image, 'src'),
        alt: attribute(image, 'alt'),
      })),
    })),
  }
}

/** `kind path`, sorted. */
function changesIn({ rows }: Report): string[] {
  return rows.map(({ cells }) => cells[0] ?? '').toSorted()
}

describe('against another commit', () => {
  test('it shows what is new, changed, removed, missing and stale, with links to both commits', async () => {
    const gemini = await startGemini()
    const site = await siteOf({
      ...plain('same', 'changed', 'removed', 'picked'),
      stale: promptFile('stale', { fresh: '1d', grounding: '{ web: true }' }),
    })
    await site.write('src/picked.prompt.md', promptFile('picked', { variants: '3' }))
    await drawn(site, gemini)
    await site.write('src/picked.prompt.md', promptFile('picked', { variants: '3', pick: '1' }))
    const base = commitAll(site)
    const before = await entryOf(site, 'src/changed.prompt.md')
    await site.write('src/changed.prompt.md', promptFile('changed in rain'))
    await site.write('src/picked.prompt.md', promptFile('picked', { variants: '3', pick: '2' }))
    await site.remove('src/removed.prompt.md')
    await site.write('src/new.prompt.md', promptFile('new', { alt: 'A new one' }))
    for (const [file, text] of Object.entries(
      pageOf(['same', 'changed', 'new', 'stale', 'picked']),
    )) {
      await site.write(file, text)
    }
    await drawn(site, gemini)
    await site.write('src/missing.prompt.md', promptFile('missing'))
    const lock = await site.read('gemini-image.lock')
    const aged = lock.replaceAll(/.*stale\.prompt\.md.*/g, (line) =>
      line.replace(/"created":"\d{4}/, '"created":"2020'),
    )
    await site.write('gemini-image.lock', aged)
    const names = ['same', 'changed', 'new', 'stale', 'picked', 'missing']
    for (const [file, text] of Object.entries(pageOf(names))) await site.write(file, text)
    git(site.root, 'add', '--all')
    git(site.root, 'commit', '--quiet', '--message=Two')
    const now = git(site.root, 'rev-parse', 'HEAD').trim()
    const report = await reportOf(site, ['--base', base], { ...GITHUB, GITHUB_SHA: now })
    expect(report.code).toBe(2)
    expect(changesIn(report)).toEqual([
      'changedsrc/changed.prompt.md',
      'changedsrc/picked.prompt.md',
      'missingsrc/missing.prompt.md',
      'newsrc/new.prompt.md',
      'removedsrc/removed.prompt.md',
      'stalesrc/stale.prompt.md',
    ])
    const changed = report.rows.find(({ cells }) => cells[0] === 'changedsrc/changed.prompt.md')
    const after = [...(await pinned(site)).values()].find(
      ({ from, file }) => from === 'src/changed.prompt.md' && file !== before.file,
    )
    expect(changed?.images).toEqual([
      {
        src: `https://github.example/a/b/blob/${base}/.gemini-image/${before.file}?raw=true`,
        alt: 'before',
      },
      {
        src: `https://github.example/a/b/blob/${now}/.gemini-image/${after?.file}?raw=true`,
        alt: 'A picture',
      },
    ])
    expect(changed?.cells[4]).toMatch(/^\$0\.\d+ paid$/)
    const missing = report.rows.find(({ cells }) => cells[0]?.startsWith('missing'))
    expect(missing?.cells[4]).toMatch(/^\$0\.\d+/)
  })

  test('a prompt file that was renamed has not changed its picture', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one', 'two')), gemini)
    const base = commitAll(site)
    await site.remove('src/one.prompt.md')
    await site.write('src/moved/three.prompt.md', promptFile('one'))
    for (const [file, text] of Object.entries(pageOf(['moved/three', 'two'])))
      await site.write(file, text)
    const report = await reportOf(site, ['--base', base])
    expect(report.rows).toEqual([])
    expect(report.code).toBe(0)
    expect(report.markdown).toContain('No picture has changed since')
  })

  test('what the other branch has added meanwhile is no change of this one', async () => {
    const gemini = await startGemini()
    const site = await drawn(await siteOf(plain('one')), gemini)
    commitAll(site)
    git(site.root, 'checkout', '--quiet', '-b', 'feature/x')
    git(site.root, 'checkout', '--quiet', 'main')
    await site.write('src/late.prompt.md', promptFile('late'))
    await site.write('src/main.js', "import './late.prompt.md?gemini-image'\n")
    await drawn(site, gemini)
    commitAll(site)
    git(site.root, 'checkout', '--quiet', 'feature/x')
    expect((await reportOf(site, ['--base', 'main'])).rows).toEqual([])
  })

  test('everything is new where the other commit has no lockfile', async () => {
    const gemini = await startGemini()
    const site = await siteOf({})
    const base = commitAll(site)
    for (const [file, text] of Object.entries(pageOf(['one']))) await site.write(file, text)
    await site.write('src/one.prompt.md', promptFile('one'))
    await drawn(site, gemini)
    expect(changesIn(await reportOf(site, ['--base', base]))).toEqual(['newsrc/one.prompt.md'])
  })

  test('an unknown commit, or an option in its place, is an error', async () => {
    const site = await siteOf(plain('one'))
    commitAll(site)
    for (const base of ['nowhere', '--output=x']) {
      const { code, output } = await runCommand(site.root, [
        'plan',
        '--format',
        'markdown',
        `--base=${base}`,
      ])
      expect(output).toContain('INVALID_ARGUMENT')
      expect(code).toBe(1)
    }
    expect(await site.list('.')).not.toContain('x')
  })
})

describe('links', () => {
  async function sourceOf(env: Record<string, string>): Promise<string | undefined> {
    const gemini = await startGemini()
    const site = await siteOf({})
    const base = commitAll(site)
    const web = { root: site.path('my web#1') }
    await site.write('my web#1/package.json', '{}')
    await site.write('my web#1/one.prompt.md', promptFile('one'))
    await site.write('my web#1/main.js', "import './one.prompt.md?gemini-image'\n")
    await runCommand(web.root, ['generate', '--yes'], {
      GEMINI_API_KEY: 'a-key-for-tests',
      GOOGLE_GEMINI_BASE_URL: gemini.url,
    })
    return (await reportOf(web, ['--base', base], env)).rows[0]?.images[0]?.src?.replace(
      /one\.\w+/,
      'one',
    )
  }

  test.each([
    [
      'GitHub',
      { ...GITHUB, GITHUB_SHA: 'abc' },
      'https://github.example/a/b/blob/abc/my%20web%231/.gemini-image/one.jpg?raw=true',
    ],
    [
      'GitLab',
      { CI_PROJECT_URL: 'https://gitlab.example/a/b', CI_COMMIT_SHA: 'abc' },
      'https://gitlab.example/a/b/-/raw/abc/my%20web%231/.gemini-image/one.jpg',
    ],
    ['neither', {}, 'my%20web%231/.gemini-image/one.jpg'],
  ])('of %s', async (_, env, expected) => {
    const none = { GITHUB_SERVER_URL: '', GITHUB_REPOSITORY: '', GITHUB_SHA: '' }
    expect(await sourceOf({ ...none, CI_PROJECT_URL: '', CI_COMMIT_SHA: '', ...env })).toBe(
      expected,
    )
  })
})

const HOSTILE = [
  'a | b || c',
  '<script>alert(1)</script><img src=x onerror=alert(1)>',
  '"> <a href="https://evil.example">x</a>',
  '</pre></details></td></table><h1>out</h1>',
  '[link](https://evil.example) ![image](https://evil.example/x.png)',
  'https://evil.example www.evil.example me@evil.example',
  '`code` ``` ~~~ **bold** _it_ ~~gone~~ # head - [ ] task',
  'ping @octocat and @org/team, #12, org/repo#3, GH-4, !5, $6, %7, &8',
  '&lt;b&gt; &amp; \\| \\',
  'a\u202Eb\u0007c',
]

describe('what people write', () => {
  test.each(HOSTILE)('cannot break the report: %s', async (text) => {
    const gemini = await startGemini()
    const alt = JSON.stringify(text)
    const site = await siteOf({
      hero: promptFile(`First line\n\n${text}\n\n| x |\n\n/close`, { alt }),
    })
    await drawn(site, gemini)
    const base = commitAll(site)
    await site.write('src/hero.prompt.md', promptFile(`${text}\n\n${text}`, { alt }))
    await drawn(site, gemini)
    const { rows, page, html } = await reportOf(site, ['--base', base])
    expect(rows).toHaveLength(1)
    expect(rows[0]?.cells).toHaveLength(5)
    const shown = text.replaceAll(/[\u202E\p{Cc}]/gu, ' ')
    const visible = (value = ''): string => value.replaceAll(/\u200B/g, '')
    expect(visible(rows[0]?.cells[3])).toBe(shown)
    expect(visible(rows[0]?.images[1]?.alt)).toBe(shown)
    const pre = elements(page, 'pre')
    const now = pre.map(({ childNodes }) =>
      childNodes.flatMap((node) => (node.nodeName === 'del' ? [] : textOf(node))).join(''),
    )
    expect(now).toEqual([`${shown}\n\n${shown}`])
    const deleted = elements(page, 'del')
    expect(deleted.every(({ parentNode }) => parentNode === pre[0])).toBe(true)
    for (const tag of ['a', 'script', 'h1', 'strong', 'em', 'input']) {
      const found = elements(page, tag).map(textOf)
      expect(`${tag} ${found.join()}`).toBe(`${tag} ${tag === 'strong' ? 'changed' : ''}`)
    }
    expect(elements(page, 'img')).toHaveLength(2)
    // Code hosts look for people and issues in rendered text, but not in code.
    const outside = elements(parseFragment(html) as Node, 'td')
      .map(textOf)
      .join('\n')
    expect(outside).not.toMatch(/@\w|#\d/)
  })

  test('and their paths, refs, notes and errors cannot either', async () => {
    const gemini = await startGemini()
    const name = 'a|b <b>@octocat</b> `x` #1'.replaceAll('/', '')
    const site = await siteOf({})
    await site.write(`src/${name}.prompt.md`, 'No alternative text here')
    await site.write(
      'src/main.js',
      "import.meta.glob('./*.prompt.md', { query: '?gemini-image', eager: true })\n",
    )
    await site.write('src/bad.prompt.md', '---\nsize: "```<b>@octocat"\n---\nBad')
    commitAll(site)
    git(site.root, 'branch', 'a`b`@octocat')
    const { code, rows, page } = await reportOf(site, ['--base', 'a`b`@octocat'])
    expect(gemini.requests).toEqual([])
    expect(code).toBe(1)
    expect(rows.map(({ cells }) => cells[0])).toEqual([`missingsrc/${name}.prompt.md`])
    expect(elements(page, 'b')).toEqual([])
    const [problem] = elements(page, 'pre').map(textOf)
    expect(problem).toContain('```<b>@octocat')
    expect(elements(page, 'blockquote').map(textOf).join()).not.toMatch(/@\w/)
    expect(elements(page, 'blockquote').map(textOf).join()).toContain('no alternative text')
  })
})

test('hundreds of changes are shortened to what a comment holds, with a count', async () => {
  const names = Array.from({ length: 900 }, (_, index) => `picture-${index}`)
  const prompts = names.map((name) => [name, promptFile(`${name} ${'ä long prompt '.repeat(60)}`)])
  const site = await siteOf(Object.fromEntries(prompts))
  const base = commitAll(site)
  const { markdown, rows } = await reportOf(site, ['--base', base], GITHUB)
  expect(Buffer.byteLength(markdown)).toBeLessThan(65_536)
  expect(rows.length).toBeGreaterThan(50)
  expect(markdown).toContain(`… and ${900 - rows.length} more pictures`)
  expect(markdown).toMatch(/… and \d+ more prompts/)
})

test('one endless prompt does not crowd out the others', async () => {
  const site = await siteOf({ one: promptFile('x'.repeat(100_000)), ...plain('two') })
  commitAll(site)
  const { markdown, page } = await reportOf(site, ['--base', 'HEAD'])
  expect(Buffer.byteLength(markdown)).toBeLessThan(65_536)
  expect(elements(page, 'pre').map(textOf)).toEqual([
    expect.stringMatching(/^x{4000} … and 96000 more characters$/),
    'two',
  ])
})

test('without a base, what is not pinned is shown beside what it was', async () => {
  const gemini = await startGemini()
  const site = await drawn(await siteOf(plain('one', 'two')), gemini)
  const { file } = await entryOf(site, 'src/one.prompt.md')
  await site.write('src/one.prompt.md', promptFile('one more'))
  const { rows } = await reportOf(site)
  expect(rows.map(({ cells }) => cells[0])).toEqual(['missingsrc/one.prompt.md'])
  expect(rows[0]?.images[0]?.src).toContain(file)
})

test('flags that contradict each other are refused', async () => {
  const site = await siteOf(plain('one'))
  const both = await runJson(site, ['plan', '--format', 'markdown'])
  expect(both).toMatchObject({ code: 1, report: { error: { code: 'INVALID_ARGUMENT' } } })
  const alone = await runCommand(site.root, ['plan', '--base', 'HEAD'])
  expect(alone.code).toBe(1)
  expect(alone.stderr).toContain('--format markdown')
})
