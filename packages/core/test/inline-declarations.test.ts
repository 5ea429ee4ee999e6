import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findAsked } from '../src/declare/inline/find.ts'
import { findPictureFields } from '../src/declare/inline/content.ts'
import {
  EVERY_FIELD,
  findInData,
  findInYaml,
  dataOf,
  type PictureFields,
} from '../src/declare/inline/data.ts'
import { digestOf } from '../src/declare/inline/inline-declaration.ts'
import { dedent } from '../src/declare/inline/literal.ts'
import { Source } from '../src/declare/inline/source.ts'
import { formatPlace } from '../src/kernel/place.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'

const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'\n"
const COMPONENTS = "import { GeminiImage, GeminiPicture } from 'astro-gemini-image/components'\n"

/** What a file declares: name, prompt, settings and place of each, or code and place of an error. */
function declared(
  text: string,
  file = 'src/page.ts',
  fields: PictureFields | undefined = new Set(['cover', 'gallery']),
): unknown[] {
  const { declarations } = findAsked(text, { file: `/site/${file}`, root: '/site' }, fields)
  return declarations.map((one) => {
    if (isGeminiImageError(one)) return [one.code, one.place && formatPlace(one.place)]
    const { name, prompt, settings, place } = one
    const values = Object.fromEntries([...settings].map(([key, { value }]) => [key, value]))
    return { name, prompt, ...values, at: formatPlace(place) }
  })
}

describe('the macro', () => {
  it('is read with its place, from a module', () => {
    const text = `${MACRO}export const leaf = geminiImage({\n  prompt: 'A leaf',\n  aspectRatio: '16:9',\n  alt: "A 'leaf'",\n  seed: -4,\n  turns: ['At night', { prompt: 'In snow' }],\n})\n`
    expect(declared(text)).toEqual([
      {
        name: 'page-a-leaf',
        prompt: 'A leaf',
        aspectRatio: '16:9',
        alt: "A 'leaf'",
        seed: -4,
        turns: ['At night', { prompt: 'In snow' }],
        at: 'src/page.ts:3:11',
      },
    ])
  })

  it('takes text in backticks without the indentation of the code, and text in parts', () => {
    const text = `${MACRO}a(geminiImage({ prompt: \`\n    A leaf\n      on paper\n  \` }), geminiImage({prompt: 'One ' + 'two'}))`
    expect(declared(text)).toMatchObject([{ prompt: 'A leaf\n  on paper' }, { prompt: 'One two' }])
  })

  it.each([
    [
      'src/a.astro',
      `---\n${MACRO}const a = geminiImage({ prompt: 'A leaf' })\n---\n<p>It's {a.alt}</p>`,
    ],
    ['src/a.astro', `---\n${MACRO}---\n<p>Don't</p>{geminiImage({ prompt: 'A leaf' }).alt}`],
    [
      'src/a.vue',
      `<template><p>it's</p></template>\n<script setup lang="ts">\n${MACRO}const a = geminiImage({ prompt: 'A leaf' }) as Picture\n</script>`,
    ],
    [
      'src/a.svelte',
      `<script lang="ts">\n${MACRO}let a: X = geminiImage({ prompt: 'A leaf' })\n</script>\n<img alt="it's">`,
    ],
    [
      'src/a.tsx',
      `${MACRO}const a = <p>don't // no comment {geminiImage({ prompt: 'A leaf' }).alt}</p>`,
    ],
    ['src/a.mdx', `${MACRO}\n# It's\n\n{geminiImage({ prompt: 'A leaf' }).alt}\n`],
    ['src/a.ts', `${MACRO}const a = <T,>(b: T) => geminiImage({ prompt: 'A leaf', })!`],
    ['src/a.js', `${MACRO}const a = { ...geminiImage({ prompt: 'A leaf' }) }`],
    [
      'src/a.ts',
      MACRO.replace('geminiImage', 'geminiImage as draw') + "draw ( { 'prompt': 'A leaf' } )",
    ],
  ])('is found in %s', (file, text) => {
    expect(declared(text, file)).toMatchObject([{ prompt: 'A leaf' }])
  })

  it.each([
    ['without our import', "geminiImage({ prompt: 'A leaf' })", 'src/a.ts'],
    ['in a line comment', `${MACRO}// geminiImage({ prompt: 'A leaf' })`, 'src/a.ts'],
    ['in a block comment', `${MACRO}/* geminiImage({ prompt: 'A leaf' }) */`, 'src/a.tsx'],
    ['in a text', `${MACRO}a("geminiImage({ prompt: 'A leaf' })")`, 'src/a.tsx'],
    ['in a template', `${MACRO}a(\`geminiImage({ prompt: 'A leaf' })\`)`, 'src/a.ts'],
    [
      'in a text of a component',
      `<script>\n${MACRO}const a = "geminiImage({ prompt: 'A leaf' })"\n</script>`,
      'src/a.vue',
    ],
    [
      'in a code block',
      `${MACRO}\n- so:\n  ~~~ts\n  geminiImage({ prompt: 'A leaf' })\n  ~~~\n`,
      'src/a.mdx',
    ],
    ['in a post about it', `${MACRO}geminiImage({ prompt: 'A leaf' })`, 'src/a.md'],
    [
      'in a comment of a fence',
      `---\n${MACRO}// geminiImage({ prompt: 'A leaf' })\n---\n`,
      'a.astro',
    ],
    [
      'in a comment of markup',
      `---\n${MACRO}---\n<!-- {geminiImage({ prompt: 'A' })} -->`,
      'a.astro',
    ],
    [
      'in a comment of an expression',
      `---\n${MACRO}---\n{/* geminiImage({ prompt: 'A' }) */}`,
      'a.astro',
    ],
    [
      'where the import is commented out',
      `// ${MACRO}geminiImage({ prompt: 'A leaf' })`,
      'src/a.ts',
    ],
    ['as a member', `${MACRO}my.geminiImage({ prompt: 'A leaf' })`, 'src/a.ts'],
  ])('declares nothing %s', (_, text, file) => {
    expect(declared(text, file)).toEqual([])
  })

  it.each([
    ['a variable', 'geminiImage({ prompt: text })', 'src/page.ts:2:23'],
    ['a part of a text', 'geminiImage({ prompt: `A ${leaf}` })', 'src/page.ts:2:28'],
    ['a spread', "geminiImage({ ...base, prompt: 'A leaf' })", 'src/page.ts:2:15'],
    ['a call', "geminiImage({ prompt: 'A leaf', alt: t('leaf') })", 'src/page.ts:2:38'],
    ['no object', 'geminiImage(options)', 'src/page.ts:2:13'],
    ['two arguments', "geminiImage({ prompt: 'A leaf' }, 2)", 'src/page.ts:2:13'],
    ['a type', "geminiImage({ prompt: 'A leaf' as const })", 'src/page.ts:2:32'],
    ['a computed key', "geminiImage({ ['prompt']: 'A leaf' })", 'src/page.ts:2:15'],
    ['nothing', 'geminiImage()', 'src/page.ts:2:13'],
  ])('is refused with %s, at its place', (_, call, place) => {
    expect(declared(MACRO + call)).toEqual([['NOT_STATIC', place]])
  })

  it('says where a part of a setting stands', () => {
    const text = `${MACRO}geminiImage({\n  prompt: 'A leaf',\n  references: [\n    './a.png',\n    { image: './b.png', as: 'style' },\n  ],\n})`
    const [one] = findAsked(text, { file: '/site/a.ts', root: '/site' }, undefined).declarations
    if (!one || isGeminiImageError(one)) throw one
    const references = one.settings.get('references')
    expect(references && formatPlace(references.keyPlace())).toBe('a.ts:4:3')
    expect(references && formatPlace(references.valuePlace([1]))).toBe('a.ts:6:5')
    expect(references && formatPlace(references.valuePlace([1, 'as']))).toBe('a.ts:6:29')
    expect(references && formatPlace(references.keyPlace([1, 'as']))).toBe('a.ts:6:25')
  })

  it('never throws, whatever the source', () => {
    const pieces = [
      'geminiImage(',
      '{',
      '}',
      ')',
      'prompt:',
      "'a'",
      '`',
      '${',
      '//',
      '/*',
      '*/',
      '<',
      '>',
      '\n',
      '"',
      '---\n',
      '<script>',
      '</script>',
      '<!--',
      '-->',
      '[',
      ',',
      'GeminiImage ',
      '=',
      ' ',
    ]
    const wild = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((all) => all.join(''))
    const file = fc.constantFrom(
      'a.ts',
      'a.tsx',
      'a.astro',
      'a.vue',
      'a.mdx',
      'a.md',
      'a.yaml',
      'a.json',
    )
    fc.assert(
      fc.property(wild, file, (text, name) => {
        expect(() => declared(MACRO + COMPONENTS + text, name, 'any')).not.toThrow()
      }),
      { numRuns: 400 },
    )
  })
})

describe('a component', () => {
  it('takes settings as attributes, and leaves the others', () => {
    const text = `---\n${COMPONENTS}---\n<GeminiImage\n  prompt="A leaf"\n  aspectRatio={'16:9'} class:list={[a ? "b}" : \`c\${{}}\`]}\n  {...rest}\n  alt=""\n  style="width: 1px"\n  settings={{ style: 'brand' }}\n  widths={[400, 800]}\n/>\n<GeminiPicture prompt=\`A tree\`>{x}</GeminiPicture>`
    expect(declared(text, 'src/a.astro')).toEqual([
      {
        name: 'a-a-leaf',
        prompt: 'A leaf',
        aspectRatio: '16:9',
        alt: '',
        style: 'brand',
        at: 'src/a.astro:5:11',
      },
      { name: 'a-a-tree', prompt: 'A tree', at: 'src/a.astro:13:23' },
    ])
  })

  it.each([
    ['an expression', '<GeminiImage prompt={post.title} alt="" />', 'src/a.astro:4:22'],
    ['a template with a part', '<GeminiImage prompt=`A ${leaf}` alt="" />', 'src/a.astro:4:26'],
    ['a shorthand', '<GeminiImage {prompt} alt="" />', 'src/a.astro:4:15'],
  ])('is refused with %s for a prompt', (_, tag, place) => {
    expect(declared(`---\n${COMPONENTS}---\n${tag}`, 'src/a.astro')).toEqual([
      ['NOT_STATIC', place],
    ])
  })

  it.each([
    ['without our import', '---\n---\n<GeminiImage prompt="A leaf" />'],
    ['in a comment', `---\n${COMPONENTS}---\n<!-- <GeminiImage prompt="A leaf" /> -->`],
    [
      'with a picture that is declared elsewhere',
      `---\n${COMPONENTS}---\n<GeminiImage picture={leaf} />`,
    ],
    ['of another name', `---\n${COMPONENTS}---\n<GeminiImages prompt="A leaf" />`],
  ])('declares nothing %s', (_, text) => {
    expect(declared(text, 'src/a.astro')).toEqual([])
  })
})

describe('content', () => {
  it('declares in the fields of the schema, with places in the frontmatter', () => {
    const text =
      '---\ntitle: A post\nauthor: { prompt: What is it? }\ncover:\n  prompt: |\n    A harbour\n    at dawn\n  aspectRatio: 16:9\ngallery:\n  - { prompt: One, alt: First }\n  - ./two.prompt.md\n---\n\ntext\n'
    const asked = findAsked(
      text,
      { file: '/site/post.md', root: '/site' },
      new Set(['cover', 'gallery']),
    )
    expect(asked.files.map(({ specifier }) => specifier)).toEqual(['./two.prompt.md'])
    expect(declared(text, 'post.md')).toEqual([
      { name: 'post-cover', prompt: 'A harbour\nat dawn', aspectRatio: '16:9', at: 'post.md:5:11' },
      { name: 'post-gallery', prompt: 'One', alt: 'First', at: 'post.md:10:15' },
    ])
  })

  it.each([
    ['data.yaml', 'ann:\n  cover: { prompt: A face }\n'],
    ['data.json', '{"ann": {"cover": {"prompt": "A face"}}}'],
    ['data.json', '[{"id": "ann", "cover": {"prompt": "A face"}}]'],
    ['post.mdx', '---\r\ncover: { prompt: A face }\r\n---\r\ntext'],
    ['post.md', '---\nbase: &base { prompt: A face }\ncover: *base\n---\n'],
    ['post.md', '+++\n[cover]\nprompt = "A face"\n+++\ntext'],
    ['post.mdx', "\uFEFF\r\n+++\r\ncover.prompt = 'A face'\r\n+++\r\ntext"],
    ['post.markdown', '+++\ncover = { prompt = "A face" }\n+++\n'],
    ['data.toml', "[ann.cover]\nprompt = '''\nA face'''"],
    ['data.toml', '[[people]]\nname = "ann"\n[people.cover]\n"prompt" = "A face"\n'],
  ])('declares in %s', (file, text) => {
    expect(declared(text, file)).toMatchObject([{ prompt: 'A face' }])
  })

  it('is left alone in fields that no schema declares, and where it cannot be read', () => {
    expect(declared('---\nquiz: { prompt: What is it? }\n---\n', 'post.md')).toEqual([])
    expect(declared('---\ncover: { prompt: [\n---\n', 'post.md')).toEqual([])
    expect(declared('cover: { prompt: A }', 'post.md')).toEqual([])
    expect(declared('---\ncover: { prompt: A }\n---\n', 'post.prompt.md')).toEqual([])
  })

  it('declares in any field where the schema cannot be read, if it holds settings alone', () => {
    const text = '---\na: { prompt: A leaf, alt: A leaf }\nb: { prompt: What?, answer: 4 }\n---\n'
    expect(declared(text, 'post.md', 'any')).toMatchObject([{ prompt: 'A leaf' }])
  })

  it('says the same in TOML as in YAML, at places of its own', () => {
    const asked = (text: string): unknown[][] => {
      const declaring = { file: '/site/post.md', root: '/site' }
      const { files, declarations } = findAsked(text, declaring, new Set(['cover', 'gallery']))
      return [
        files.map(({ specifier, place }) => [specifier, formatPlace(place)]),
        declarations.map((one) => (isGeminiImageError(one) ? one.code : one.id)),
      ]
    }
    const yaml = `---
date: 2026-01-02
cover: { prompt: A face, seed: 7, turns: [At night, { prompt: In snow }] }
gallery: [./two.prompt.md, { prompt: One }]
---
`
    const toml = `+++
date = 2026-01-02
gallery = ["./two.prompt.md", { prompt = "One" }]
[cover]
prompt = "A face"
seed = 7 # of luck
turns = ["At night", { prompt = "In snow" }]
+++
`
    const [files, ids] = asked(yaml)
    expect(files).toEqual([['./two.prompt.md', 'post.md:4:11']])
    expect(asked(toml)).toEqual([[['./two.prompt.md', 'post.md:3:12']], ids?.toReversed()])
    const wrong = '+++\n[cover]\nprompt = ["A"]\n+++\n'
    expect(declared(wrong, 'post.md')).toEqual([['INVALID_VALUE', 'post.md:3:10']])
  })

  it.each([
    ['cover = { prompt = "A" '],
    ['cover = { prompt = "A" }\ncover = 1'],
    [`prompt = ${'['.repeat(1e5)}`],
  ])('is left to others as TOML that is none', (toml) => {
    expect(declared(`+++\n${toml}\n+++\n`, 'post.md')).toEqual([])
  })

  it('is an error as TOML that is too much, as YAML is', () => {
    const toml = `x = "${'a'.repeat(1e6)}"\n[cover]\nprompt = "A"`
    expect(declared(`+++\n${toml}\n+++\n`, 'post.md')).toEqual([['MALFORMED_YAML', 'post.md:2:1']])
    expect(declared('\uFEFF[cover]\nprompt = "A"', 'data.toml')).toMatchObject([{ prompt: 'A' }])
  })

  it('has its prompt checked', () => {
    expect(declared('---\ncover: { prompt: [A] }\n---\n', 'p.md')).toEqual([
      ['INVALID_VALUE', 'p.md:2:18'],
    ])
  })
})

/** What a text asks for, as it is read and as the YAML parser reads all of it. */
function readBothWays(
  text: string,
  file: string,
  fields: PictureFields = new Set(['cover', 'gallery']),
): unknown[] {
  const source = new Source(text, { file: `/site/${file}`, root: '/site' })
  const part = dataOf(source)
  return [findInData(source, fields), part && findInYaml(part, source, fields)].map((asks) => [
    asks?.files,
    asks?.declarations.map((one) =>
      isGeminiImageError(one)
        ? [one.code, one.place]
        : [
            one.id,
            one.name,
            one.place,
            [...one.settings].map(([key, setting]) => [
              key,
              setting.keyPlace(),
              setting.valuePlace(),
              setting.valuePlace([1]),
            ]),
          ],
    ),
  ])
}

describe('JSON', () => {
  it('is read as a YAML parser reads it', () => {
    const text = fc.constantFrom(
      '',
      'A "leaf"',
      'back\\slash',
      '}{][,',
      './a.prompt.md',
      '\ud83e\udd8a',
    )
    const key = fc.constantFrom('cover', 'gallery', 'title', 'prompt', 'alt', 'template', '"', 'x')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { withCrossShrink: true },
        text,
        fc.constantFrom(null, true, 4.5),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }))
    const fields = fc.constantFrom<PictureFields>('any', EVERY_FIELD, new Set(['cover', 'gallery']))
    let found = 0
    fc.assert(
      fc.property(value, fields, fc.constantFrom(0, 2, '\t'), (json, of, indent) => {
        const [fast, slow] = readBothWays(JSON.stringify(json, undefined, indent), 'a.json', of)
        expect(fast).toEqual(slow)
        found += JSON.stringify(fast) === '[[],[]]' ? 0 : 1
      }),
      { numRuns: 1000 },
    )
    expect(found).toBeGreaterThan(50)
  })
})

describe('plain frontmatter', () => {
  const pieces = [
    'title: A post',
    'date: 2026-11-05',
    'tags: [one, two]',
    'tags:\n  - one\n  - two',
    'cover:',
    'cover: ./a.prompt.md',
    'cover: text',
    'gallery: [./a.prompt.md, ./b.prompt.md]',
    'gallery:\n  - ./a.prompt.md',
    'gallery:\n  - { prompt: One }',
    'author:\n  cover:\n    prompt: Deep inside',
    '  prompt: A leaf',
    '  prompt: "A leaf: green"',
    '  prompt: >\n    A leaf\n    in snow',
    '  prompt: [A]',
    '  aspectRatio: 16:9',
    '  alt: ""',
    '  seed: 4',
    '  references:\n    - ./a.png\n    - ./b.png',
    '  references: [./a.png]',
    '  # prompt: nothing',
    '   alt: too deep',
    '',
    'quiz:\n  prompt: What is it?',
    'template: x',
    'prompt: On the first level',
    ': broken',
  ]
  it('is read as a YAML parser reads it', () => {
    const wild = fc.array(fc.constantFrom(...pieces), { maxLength: 8 })
    fc.assert(
      fc.property(wild, (lines) => {
        const [fast, slow] = readBothWays(`---\n${lines.join('\n')}\n---\n`, 'post.md')
        expect(fast).toEqual(slow)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the body of a text', () => {
  it('asks for prompt files in images, and declares in fences', () => {
    const text =
      '---\ntitle: x\n---\n\n![A leaf](./leaf.prompt.md)\n![B][b]\n\n[b]: ../b.prompt.md "B"\n\n[a link](./no.prompt.md)\n<!-- ![](./no.prompt.md) -->\n\n```gemini-image\n---\nalt: A tree\naspectRatio: 16:9\n---\nA tree\n```\n\n- item\n\n  ~~~gemini-image\n  A bush\n  ~~~\n'
    const asked = findAsked(text, { file: '/site/post.md', root: '/site' }, new Set())
    expect(asked.files.map(({ specifier }) => specifier)).toEqual([
      './leaf.prompt.md',
      '../b.prompt.md',
    ])
    expect(declared(text, 'post.md')).toEqual([
      {
        name: 'post-a-tree',
        prompt: 'A tree',
        alt: 'A tree',
        aspectRatio: '16:9',
        at: 'post.md:18:1',
      },
      { name: 'post-a-bush', prompt: 'A bush', at: 'post.md:24:1' },
    ])
  })
})

describe('a code block of a text', () => {
  it.each([
    ['another language', '```js\n![A](./a.prompt.md)\n```\n'],
    ['a longer fence around it', '````md\n```gemini-image\nA tree\n```\n````\n'],
    ['a fence of another kind around it', '~~~\n```gemini-image\nA tree\n```\n~~~\n'],
    ['a fence that is never closed', '```\n\n```gemini-image\nA tree\n'],
    ['a comment around it', '<!--\n```gemini-image\nA tree\n```\n-->\n'],
    ['a longer word', '```gemini-images\nA tree\n```\n'],
  ])('asks for nothing with %s', (_, text) => {
    const place = { file: '/site/post.md', root: '/site' }
    expect(findAsked(text, place, new Set())).toEqual({ files: [], declarations: [] })
  })

  it.each([
    ['more words', '```gemini-image wide\nA tree\n```\n'],
    ['what looks like a shorter fence in it', '````gemini-image\nA tree\n```\n````\n'],
    ['nothing that closes it', '```gemini-image\nA tree'],
    ['one before it', '```js\n1\n```\n```gemini-image\nA tree\n```'],
    ['code in a line before it', '```js``` and\n```gemini-image\nA tree\n```'],
  ])('declares with %s', (_, text) => {
    expect(declared(text, 'post.md')).toMatchObject([
      { prompt: expect.stringMatching(/^A tree/), at: expect.stringMatching(/^post\.md:\d:1$/) },
    ])
  })
})

describe('the fields of a schema', () => {
  const helper = "import { geminiImage } from 'astro-gemini-image/schema'\n"
  const fields = (text: string): unknown =>
    findPictureFields(
      new Source(helper + text, { file: '/site/src/content.config.ts', root: '/site' }),
    )

  it.each([
    ['z.object({ cover: geminiImage({ image }) })', new Set(['cover'])],
    ['z.object({ cover: z.union([geminiImage({ image }), image()]) })', new Set(['cover'])],
    [
      "z.object({ 'og-image': z.optional(geminiImage({ image })), gallery: z.array(\n  geminiImage({ image }),\n) })",
      new Set(['og-image', 'gallery']),
    ],
    ['const picture = geminiImage({ image })\nz.object({ cover: picture })', 'any'],
    ['// cover: geminiImage({ image })', new Set()],
  ])('are read from %s', (text, expected) => {
    expect(fields(text)).toEqual(expected)
  })

  it('are not there without the helper', () => {
    const source = new Source('cover: geminiImage({})', { file: '/site/a.ts', root: '/site' })
    expect(findPictureFields(source)).toBeUndefined()
  })
})

describe('a digest', () => {
  it('stands for what is said, not for how', () => {
    const digest = digestOf({ prompt: 'A leaf\n', alt: null, seed: 1 })
    expect(digest).toMatch(/^[0-9a-f]{16}$/)
    expect(digestOf({ seed: 1, prompt: ' A leaf' })).toBe(digest)
    expect(digestOf({ seed: 2, prompt: 'A leaf' })).not.toBe(digest)
  })
})

describe('text without the indentation of the code', () => {
  it('is what is left of all lines but the first', () => {
    expect(dedent('  \n    a\n\n      b\n  ')).toBe('a\n\n  b')
    expect(dedent('a\n    b\n    c')).toBe('a\nb\nc')
  })
})
