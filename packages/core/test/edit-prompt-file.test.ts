import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { writeSettings } from '../src/declare/edit/propose.ts'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'

function setSetting(text: string, key: string, value: unknown): string {
  return writeSettings(text, { [key]: value }, { file: '/a.prompt.md', root: '/' })
}

function settingsOf(text: string): Record<string, unknown> {
  const { settings, prompt } = parsePromptFile(text, '/a.prompt.md', '/')
  return { prompt, ...Object.fromEntries([...settings].map(([key, { value }]) => [key, value])) }
}

describe('one setting is written', () => {
  test.each([
    ['without frontmatter', 'A fox\n', '---\npick: 2\n---\n\nA fox\n'],
    ['without frontmatter, with CRLF', 'A\r\nfox', '---\r\npick: 2\r\n---\r\n\r\nA\r\nfox'],
    ['with a byte order mark', '\uFEFFA fox', '\uFEFF---\npick: 2\n---\n\nA fox'],
    ['with empty frontmatter', '---\n---\nA fox', '---\npick: 2\n---\nA fox'],
    ['below the others', '---\nalt: x # so\n---\nA', '---\nalt: x # so\npick: 2\n---\nA'],
    ['in its place', '---\npick: 1\nalt: x\n---\nA', '---\npick: 2\nalt: x\n---\nA'],
    ['before its note', '---\npick: 1  # best\n---\nA', '---\npick: 2  # best\n---\nA'],
    ['with CRLF', '---\r\npick: 1\r\n---\r\nA\r\n', '---\r\npick: 2\r\n---\r\nA\r\n'],
    [
      'with a mark and CRLF',
      '\uFEFF---\r\nalt: x\r\n---\r\nA',
      '\uFEFF---\r\nalt: x\r\npick: 2\r\n---\r\nA',
    ],
    [
      'where the prompt has rules of its own',
      'A\n---\npick: 1\n---\nB',
      '---\npick: 2\n---\n\nA\n---\npick: 1\n---\nB',
    ],
    [
      'where a text holds its name',
      '---\nalt: |\n  a\n  pick: 1\n---\nA',
      '---\nalt: |\n  a\n  pick: 1\npick: 2\n---\nA',
    ],
    ['in a flow mapping', '---\n{ alt: x }\n---\nA', '---\n{ alt: x, pick: 2 }\n---\nA'],
    ['under a quoted name', '---\n"pick": 1\n---\nA', '---\n"pick": 2\n---\nA'],
    [
      'where another setting goes by it',
      '---\npick: &p 1\nseed: *p\nvars: { x: *p }\n---\nA',
      '---\npick: 2\nseed: 1\nvars: { x: 1 }\n---\nA',
    ],
    [
      'where another setting goes by a part of it',
      '---\npick: [&p { a: &q 1, b: *q }]\nvars: *p\nseed: *q\n---\nA',
      '---\npick: 2\nvars: { a: &q 1, b: 1 }\nseed: *q\n---\nA',
    ],
    ['where only a comment stands', '---\n# none\n---\nA', '---\n# none\npick: 2\n---\nA'],
  ])('%s', (_, before, after) => {
    expect(setSetting(before, 'pick', 2)).toBe(after)
  })

  test('a text stays a text', () => {
    for (const value of ['true', '1.5', 'null', 'a: b', '#', 'gemini-3', '- x', '007', '']) {
      expect(settingsOf(setSetting('---\nalt: x\n---\nA', 'model', value))['model']).toBe(value)
    }
  })

  test('what cannot be read is not written', () => {
    for (const text of ['---\nalt: x\n', '---\na: [\n---\nA', '---\n- a\n---\nA']) {
      expect(() => setSetting(text, 'pick', 2)).toThrow('MALFORMED_YAML')
    }
  })
})

test('whatever the file, all else reads as before, and the setting has its value', () => {
  const newline = fc.constantFrom('\n', '\r\n', '\r')
  const piece = fc.constantFrom(
    '---',
    '--- ',
    ' ---',
    '',
    '# note',
    'alt: x',
    'alt: "a # b"  # c',
    'pick: 1',
    'pick:',
    'pick : 3',
    '"pick": 4',
    '  pick: 5',
    'model: &m nano-banana',
    'alias: *m',
    'vars: { x: *m }',
    'pick: &p 1',
    'seed: *p',
    'text: |',
    '  pick: 9',
    'list: [a,',
    '  b]',
    '{ alt: x, pick: 1 }',
    '{}',
    'null',
    '? pick',
    ': 2',
    '<<: { a: 1 }',
    'A prompt.',
    '\t',
    '...',
    'a: "',
    '"',
    '1: one',
    '%YAML 1.2',
  )
  const anything = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }))
  const line = fc.oneof({ weight: 9, arbitrary: piece }, { weight: 1, arbitrary: anything })
  const framed = fc.tuple(fc.array(line, { maxLength: 5 }), fc.array(line, { maxLength: 3 }))
  const lines = fc.oneof(
    fc.array(line, { maxLength: 8 }),
    framed.map(([yaml, body]) => ['---', ...yaml, '---', ...body]),
  )
  const text = fc
    .tuple(fc.constantFrom('', '\uFEFF'), lines, newline)
    .map(([mark, all, end]) => mark + all.join(end))
  const setting = fc.oneof(
    fc.tuple(fc.constant('pick'), fc.integer({ min: 1, max: 8 })),
    fc.tuple(fc.constantFrom('model', 'alt'), fc.string()),
  )
  let written = 0
  fc.assert(
    fc.property(text, setting, (before, [key, value]) => {
      try {
        const after = setSetting(before, key, value)
        expect(settingsOf(after)).toEqual({ ...settingsOf(before), [key]: value })
        written += 1
      } catch (error) {
        // A file that cannot be read, or that is written too strangely, is left alone.
        if (!isGeminiImageError(error)) throw error
      }
    }),
    { numRuns: 5000 },
  )
  expect(written).toBeGreaterThan(1500)
})
