import { mkdtempSync, rmSync, writeFileSync, mkdirSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Declaration } from '../src/declare/declaration.ts'
import {
  applyEdit,
  proposeEdit,
  type DeclarationChange,
  type ProposedEdit,
} from '../src/declare/edit/propose.ts'
import { EVERY_FIELD } from '../src/declare/inline/data.ts'
import { findAsked } from '../src/declare/inline/find.ts'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'gemini-image-edit-'))
  mkdirSync(path.join(root, 'src'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

function declared(file: string, text: string): readonly Declaration[] {
  if (file.endsWith('.prompt.md')) return [parsePromptFile(text, file, root)]
  return findAsked(text, { file, root }, EVERY_FIELD).declarations.filter(
    (one): one is Declaration => !isGeminiImageError(one),
  )
}

function valuesOf({ prompt, settings }: Declaration): Record<string, unknown> {
  return { ...Object.fromEntries([...settings].map(([key, { value }]) => [key, value])), prompt }
}

/** Proposes an edit of the declaration of this number in a file of this text. */
function propose(name: string, text: string, change: DeclarationChange, number = 0): ProposedEdit {
  const file = path.join(root, 'src', name)
  writeFileSync(file, text)
  const one = declared(file, text)[number]
  if (!one) throw new Error(`${name} declares nothing`)
  return proposeEdit({ options: { root } }, one.id, change)
}

const MACRO = "import { geminiImage } from 'unplugin-gemini-image/macro'\n"
const TAG = "---\nimport { GeminiImage } from 'astro-gemini-image/components'\n---\n"

describe('an edit changes nothing else', () => {
  test.each<[string, string, string, DeclarationChange, string]>([
    [
      'frontmatter, below a note',
      'a.prompt.md',
      '---\nalt: x # so\nturns:\n  - One # first\n  # last\n---\n\nA fox\n',
      { turn: 'Two: more' },
      '---\nalt: x # so\nturns:\n  - One # first\n  - "Two: more"\n  # last\n---\n\nA fox\n',
    ],
    [
      'a setting that is taken out',
      'a.prompt.md',
      '---\nalt: x\npick: 2 # best\nseed: 1\n---\nA',
      { settings: { pick: undefined } },
      '---\nalt: x\nseed: 1\n---\nA',
    ],
    [
      'the prompt, with CRLF',
      'a.prompt.md',
      '---\r\nalt: x\r\n---\r\n\r\nA fox\r\n\r\n',
      { prompt: 'A red fox\nat night' },
      '---\r\nalt: x\r\n---\r\n\r\nA red fox\r\nat night\r\n\r\n',
    ],
    [
      'a prompt that looks like settings',
      'a.prompt.md',
      'A fox\n',
      { prompt: 'alt: A fox' },
      '---\n---\n\nalt: A fox\n',
    ],
    [
      'a macro in one line',
      'a.js',
      `${MACRO}const a = geminiImage({ prompt: 'A', alt: "" }) // x\n`,
      { settings: { pick: 2 } },
      `${MACRO}const a = geminiImage({ prompt: 'A', alt: "", pick: 2 }) // x\n`,
    ],
    [
      'a macro in lines, with notes',
      'a.ts',
      `${MACRO}geminiImage({\n  prompt: "A", // what\n  alt: "", // none\n  /* end */\n})\n`,
      { settings: { style: 'ink' } },
      `${MACRO}geminiImage({\n  prompt: "A", // what\n  alt: "", // none\n  /* end */\n  style: "ink",\n})\n`,
    ],
    [
      'a macro without a comma at the end',
      'a.ts',
      `${MACRO}geminiImage({\n  prompt: 'A',\n  alt: '' // none\n})\n`,
      { settings: { pick: 2 } },
      `${MACRO}geminiImage({\n  prompt: 'A',\n  alt: '', // none\n  pick: 2\n})\n`,
    ],
    [
      'the prompt between backticks',
      'a.ts',
      `${MACRO}geminiImage({\n  prompt: \`\n    A fox\n    here\n  \`,\n  alt: '',\n})\n`,
      { prompt: "It's\n\na fox" },
      `${MACRO}geminiImage({\n  prompt: \`\n    It's\n\n    a fox\n  \`,\n  alt: '',\n})\n`,
    ],
    [
      'a turn of a macro',
      'a.ts',
      `${MACRO}geminiImage({ prompt: 'A', turns: ['One'], alt: '' })\n`,
      { turn: "It's warmer" },
      `${MACRO}geminiImage({ prompt: 'A', turns: ['One', 'It\\'s warmer'], alt: '' })\n`,
    ],
    [
      'attributes of a component',
      'a.astro',
      `${TAG}<GeminiImage\n  prompt="A"\n  alt="" {...rest}\n/>\n`,
      { settings: { alt: 'A "fox"', seed: 3 } },
      `${TAG}<GeminiImage\n  prompt="A"\n  alt={'A "fox"'}\n  seed={3} {...rest}\n/>\n`,
    ],
    [
      'the settings of a component',
      'a.astro',
      `${TAG}<GeminiImage settings={{ prompt: 'A', alt: '' }} class="x" />\n`,
      { settings: { style: 'ink' } },
      `${TAG}<GeminiImage settings={{ prompt: 'A', alt: '', style: 'ink' }} class="x" />\n`,
    ],
    [
      'a field of frontmatter',
      'a.md',
      '---\ntitle: "A # b" # t\ncover: # c\n  prompt: A\n  alt: x # y\ndate: 2026-01-01\n---\n\nText\n',
      { settings: { pick: 3 } },
      '---\ntitle: "A # b" # t\ncover: # c\n  prompt: A\n  alt: x # y\n  pick: 3\ndate: 2026-01-01\n---\n\nText\n',
    ],
    [
      'below a dash',
      'a.yaml',
      'all:\n  - prompt: A\n    alt: x\n\n  - prompt: B # b\n    alt: y\n',
      { settings: { seed: 1 } },
      'all:\n  - prompt: A\n    alt: x\n    seed: 1\n\n  - prompt: B # b\n    alt: y\n',
    ],
    [
      'a long prompt in YAML',
      'a.yaml',
      'cover:\n  prompt: |\n    A fox\n    here\n  alt: x\n',
      { prompt: 'One\n\nTwo' },
      'cover:\n  prompt: |-\n    One\n\n    Two\n  alt: x\n',
    ],
    [
      'JSON, as it is indented',
      'a.json',
      '{\n\t"cover": {\n\t\t"prompt": "A",\n\t\t"alt": "x"\n\t},\n\t"n": 1.50\n}\n',
      { settings: { pick: 2 } },
      '{\n\t"cover": {\n\t\t"prompt": "A",\n\t\t"alt": "x",\n\t\t"pick": 2\n\t},\n\t"n": 1.50\n}\n',
    ],
    [
      'TOML',
      'a.toml',
      '# all\n[cover] # c\nprompt = "A" # p\nalt = \'x\'\n\n[n]\na = 1.50\n',
      { settings: { alt: 'y', pick: 2 } },
      '# all\n[cover] # c\nprompt = "A" # p\npick = 2\nalt = "y"\n\n[n]\na = 1.50\n',
    ],
    [
      'TOML in one line',
      'a.md',
      '+++\ncover = { prompt = "A", alt = "x" }\n+++\nText\n',
      { settings: { pick: 2, alt: undefined } },
      '+++\ncover = { prompt = "A", pick = 2 }\n+++\nText\n',
    ],
    [
      'a fence in a list',
      'a.md',
      '- one\n\n  ```gemini-image\n  ---\n  alt: x # y\n  ---\n  A fox\n  ```\n',
      { settings: { pick: 2 }, prompt: 'A\n\nfox' },
      '- one\n\n  ```gemini-image\n  ---\n  alt: x # y\n  pick: 2\n  ---\n  A\n\n  fox\n  ```\n',
    ],
  ])('%s', (_, name, before, change, after) => {
    const edit = propose(name, before, change)
    expect(edit.after).toBe(after)
    expect(edit.diff).toContain(`+++ b/src/${name}\n`)
  })
})

test('the second of two is edited, and the first stays; the id tells it apart afterwards', () => {
  const text = `${MACRO}geminiImage({ prompt: 'A', alt: '' })\ngeminiImage({ prompt: 'B', alt: '' })\n`
  const edit = propose('two.js', text, { settings: { pick: 2 } }, 1)
  expect(edit.after).toBe(text.replace("'B', alt: ''", "'B', alt: '', pick: 2"))
  expect(declared(edit.file, edit.after).map(({ id }) => id)).toContain(edit.id)
})

test('what says the same twice, or is anchored elsewhere, is refused, and so is what came between', async () => {
  const twice = `${MACRO}geminiImage({ prompt: 'A', alt: '' })\ngeminiImage({ prompt: 'A', alt: '' })\n`
  expect(() => propose('a.js', twice, { settings: { pick: 2 } })).toThrow('NOT_EDITABLE')
  const anchored = 'a: &a\n  prompt: A\n  alt: &x hi\nb: *x\n'
  expect(() => propose('b.yaml', anchored, { settings: { alt: undefined } })).toThrow(
    'NOT_EDITABLE',
  )
  const edit = propose('c.prompt.md', '\uFEFFA fox\n', { prompt: 'A red fox' })
  await applyEdit({ options: { root } }, edit)
  expect(readFileSync(edit.file, 'utf8')).toBe('\uFEFFA red fox\n')
  await expect(applyEdit({ options: { root } }, edit)).rejects.toThrow('SOURCE_CHANGED')
  rmSync(edit.file)
  await expect(applyEdit({ options: { root } }, edit)).rejects.toThrow('SOURCE_CHANGED')
})

/** Texts with what must be found in them after every edit, as often as before. */
const KEPT: readonly (readonly [name: string, text: string, kept: readonly string[]])[] = [
  [
    'p.prompt.md',
    '---\n# top\nalt: A fox # said\nseed: 4\nturns:\n  - One # 1\nvars: { a: "b" }\n---\n\nA fox.\n',
    ['# top', '# said', 'vars: { a: "b" }', '---\n\n'],
  ],
  [
    'p.ts',
    `${MACRO}// top\nconst a = geminiImage({\n  prompt: 'A fox.', // said\n  alt: "x", /* alt */\n  seed: 4,\n  vars: { a: "b" },\n});\nconst b = geminiImage({ prompt: 'B', alt: '' })\n`,
    [
      '// top',
      '// said',
      '/* alt */',
      'vars: { a: "b" }',
      "geminiImage({ prompt: 'B', alt: '' })",
      '});\n',
    ],
  ],
  [
    'p.md',
    '---\n# top\ntitle:   "T"\ncover:\n  # said\n  prompt: A fox.\n  alt: \'x\' # alt\n  seed: 4\n  vars: { a: "b" }\nother: { prompt: B, alt: "" }\n---\n\nText\n',
    [
      '# top',
      'title:   "T"',
      '# said',
      '# alt',
      'vars: { a: "b" }',
      'other: { prompt: B, alt: "" }',
      '\n\nText\n',
    ],
  ],
  [
    'p.json',
    '{\n  "n": 1.50,\n  "cover": {\n    "prompt": "A fox.",\n    "alt": "x",\n    "seed": 4,\n    "vars": {"a":"b"}\n  },\n  "other": {"prompt":"B","alt":""}\n}\n',
    ['"n": 1.50', '"vars": {"a":"b"}', '{"prompt":"B","alt":""}'],
  ],
  [
    'p.toml',
    '# top\nn = 1.50\n[cover]\nprompt = "A fox." # said\nalt = \'x\' # alt\nseed = 4\nvars = { a = "b" }\n[other]\nprompt = "B"\nalt = ""\n',
    ['# top', 'n = 1.50', '# said', 'vars = { a = "b" }', '[other]\nprompt = "B"\nalt = ""\n'],
  ],
  [
    'p.astro',
    `${TAG}<!-- top -->\n<GeminiImage prompt="A fox." alt="x" seed={4}\n  vars={{ a: "b" }} class="c" />\n<p>end</p>\n`,
    ['<!-- top -->', 'vars={{ a: "b" }}', 'class="c" />\n<p>end</p>\n'],
  ],
]

test('whatever is set or taken out, the rest stays byte for byte, and the value is read again', () => {
  const words = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom(
      'A: b',
      '# no',
      'true',
      '007',
      "it's",
      'say "so"',
      '{{a}}',
      '${a}',
      '`b`',
      'a\\b',
      'a\n\nb',
      ' x',
    ),
  )
  const setting = fc.oneof(
    fc.tuple(
      fc.constantFrom('alt', 'style', 'system', 'model'),
      fc.option(words, { nil: undefined }),
    ),
    fc.tuple(
      fc.constantFrom('seed', 'pick'),
      fc.option(fc.integer({ min: 1, max: 99 }), { nil: undefined }),
    ),
    fc.tuple(fc.constant('turns'), fc.array(words, { minLength: 1, maxLength: 3 })),
    fc.tuple(fc.constant('grounding'), fc.constant({ web: true, images: false })),
  )
  const tally = { written: 0, refused: 0 }
  fc.assert(
    fc.property(
      fc.constantFrom(...KEPT),
      setting,
      fc.constantFrom('\n', '\r\n'),
      ([name, lf, kept], [key, value], newline) => {
        const text = lf.replaceAll('\n', newline)
        const file = path.join(root, 'src', name)
        writeFileSync(file, text)
        const all = declared(file, text)
        const index = all.findIndex(({ prompt }) => prompt === 'A fox.')
        const one = all[index] as Declaration
        try {
          const { after } = proposeEdit({ options: { root } }, one.id, {
            settings: { [key]: value },
          })
          const expected: Record<string, unknown> = { ...valuesOf(one), [key]: value }
          if (value === undefined) delete expected[key]
          const read = declared(file, after)
          expect(valuesOf(read[index] as Declaration)).toEqual(expected)
          expect(read.filter((_, at) => at !== index).map(({ id }) => id)).toEqual(
            all.filter((_, at) => at !== index).map(({ id }) => id),
          )
          const whose = key === 'alt' && value === undefined ? /alt/ : /^$/
          for (const part of kept.filter((fragment) => !whose.test(fragment))) {
            const fragment = part.replaceAll('\n', newline)
            expect(after.split(fragment).length).toBeGreaterThanOrEqual(text.split(fragment).length)
          }
          if (newline === '\r\n') expect(after).not.toMatch(/(?<!\r)\n/)
          tally.written += 1
        } catch (error) {
          if (!isGeminiImageError(error)) throw error
          tally.refused += 1
        }
      },
    ),
    { numRuns: 300 },
  )
  expect(tally.written).toBeGreaterThan(280)
})
