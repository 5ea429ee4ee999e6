import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import {
  parseSelection,
  promptPathOf,
  queryOfSelection,
  splitSelection,
  toSelection,
  writtenSelection,
} from '../src/declare/selection.ts'
import { fileOfId, selectionOfId } from '../src/declare/declaration.ts'
import { select, selectionsOf } from '../src/declare/sets.ts'
import { validate, type ValidatedSpec } from '../src/declare/spec.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'

const FILE = '/site/poster.prompt.md'

function declared(text: string, selection: string = ''): ValidatedSpec {
  const declaration = parsePromptFile(text, FILE, '/site')
  const { selection: written } = splitSelection(selection)
  return validate(select(declaration, written), { model: 'nano-banana', root: '/site' })
}

/** `CODE line:column` and the message, of what is wrong. */
function told(text: string, selection?: string): string {
  try {
    declared(text, selection)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return `${error.code} ${error.place?.line}:${error.place?.column} ${error.message}`
  }
  return 'nothing'
}

const SET =
  '---\nalt: In {{language}}, {{view}}\neach:\n  language: [English, Spanish]\n  view: [front, 2]\n---\nA {{view}} view in {{language}}\n'

describe('a selection', () => {
  const value = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((one) => !one.includes(';'))
    .map((one) => one.normalize('NFC'))
  const selection = fc.record({
    each: fc.uniqueArray(value, { maxLength: 3 }),
    turn: fc.option(fc.nat(200).map(String), { nil: undefined }),
  })

  test('is the same by whatever way it comes, and whatever it says', () => {
    fc.assert(
      fc.property(selection, fc.constantFrom('', '&w=400', '&as=url'), (one, rest) => {
        const canonical = toSelection(one)
        const query =
          canonical === '' ? rest.replace('&', '?') : `?${queryOfSelection(canonical)}${rest}`
        expect(splitSelection(query)).toEqual({
          selection: canonical,
          query: rest.replace('&', '?'),
        })
        // What was read once is read again, by whoever takes it for a query.
        expect(splitSelection(canonical).selection).toBe(canonical)
        expect(splitSelection(writtenSelection(canonical)).selection).toBe(canonical)
        expect(parseSelection(canonical)).toEqual({
          each: one.each.length === 0 ? [] : expect.arrayContaining(one.each),
          turn: one.turn,
        })
        const id = FILE + canonical
        expect(selectionOfId(id)).toBe(canonical)
        expect(fileOfId(id)).toBe(FILE)
        // Nothing in it has a meaning to a bundler, a browser or a file system.
        expect(canonical).toMatch(/^[\w.;=&?~-]*$/)
        expect(decodeURI(canonical)).toBe(canonical)
      }),
    )
  })

  test.each([
    ['./a.prompt.md', './a.prompt.md'],
    ['./a.prompt.md?each=b', './a.prompt.md?each=b'],
    ['./a.prompt.md?gemini-image&each=b;a', './a.prompt.md?each=a;b'],
    ['./a.prompt.md?each=New York&turn=0', './a.prompt.md?each=New~20York&turn=0'],
    ['./a.prompt.md?each=a;a', './a.prompt.md?each=a'],
    ['./a.prompt.md?each=e\u0301', './a.prompt.md?each=~C3~A9'],
    ['./a.prompt.md?w=1', undefined],
    ['./a.jpg?each=b', undefined],
    ['./what?each.prompt.md', './what?each.prompt.md'],
  ])('of %s', (written, path) => {
    expect(promptPathOf(written)).toBe(path)
  })
})

describe('a set', () => {
  test('has a picture for each combination', () => {
    const declaration = parsePromptFile(SET, FILE, '/site')
    const pictures = selectionsOf(declaration).map((one) => {
      const { spec } = declared(SET, one)
      return [select(declaration, one).name, spec.prompt, spec.alt]
    })
    expect(pictures).toEqual([
      ['poster-english-front', 'A front view in English', 'In English, front'],
      ['poster-english-2', 'A 2 view in English', 'In English, 2'],
      ['poster-spanish-front', 'A front view in Spanish', 'In Spanish, front'],
      ['poster-spanish-2', 'A 2 view in Spanish', 'In Spanish, 2'],
    ])
  })

  test('says the same in whatever order its values are named', () => {
    expect(declared(SET, '?each=2;Spanish').spec).toEqual(declared(SET, '?each=Spanish;2').spec)
  })

  test.each([
    [
      'no picture is named',
      SET,
      '',
      'NOT_IN_SET 4:3 ',
      '"./poster.prompt.md?each=English;front&gemini-image"',
    ],
    ['a list is left out', SET, '?each=front', 'NOT_IN_SET', '"language" is not said'],
    ['two values of one list', SET, '?each=English;Spanish;front', 'NOT_IN_SET', 'of one list'],
    ['another value', SET, '?each=English;front;back', 'NOT_IN_SET', 'no picture "back"'],
    [
      'a value of a file without a set',
      'A fox',
      '?each=English',
      'NOT_IN_SET',
      'declares one picture',
    ],
    [
      'a turn that is not there',
      '---\nturns: [More]\n---\nA fox',
      '?turn=2',
      'NOT_IN_SET',
      'from 0, the prompt, to 1',
    ],
    [
      'a turn where there are none',
      'A fox',
      '?turn=1',
      'NOT_IN_SET 1:1',
      'write turn=0, the prompt',
    ],
    ['a turn that is no number', '---\nturns: [More]\n---\nA fox', '?turn=-1', 'NOT_IN_SET', ''],
    [
      'a variable that nothing names',
      '---\neach: { view: [front] }\n---\nA fox',
      '?each=front',
      'INVALID_VALUE 2:9',
      'write {{view}}',
    ],
    [
      'the same value twice',
      '---\neach: { a: [b], c: [b] }\n---\n{{a}} {{c}}',
      '?each=b',
      'INVALID_VALUE',
      'each value once',
    ],
    ['a semicolon', '---\neach: { a: [b;c] }\n---\n{{a}}', '?each=b', 'INVALID_VALUE', ''],
    ['an empty list', '---\neach: { a: [] }\n---\n{{a}}', '?each=b', 'INVALID_VALUE', ''],
    [
      'too many',
      `---\neach: { a: [${Array.from({ length: 101 }, (_, i) => i).join(', ')}] }\n---\n{{a}}`,
      '?each=1',
      'INVALID_VALUE',
      '100 pictures',
    ],
    [
      'variants',
      '---\nvariants: 2\neach: { a: [b] }\n---\n{{a}}',
      '?each=b',
      'UNSUPPORTED_SETTING 2:11',
      'one variant',
    ],
  ])('%s is told', (_, text, selection, code, words) => {
    expect(told(text, selection)).toContain(code)
    expect(told(text, selection)).toContain(words)
  })
})

describe('a turn', () => {
  const TURNS = '---\nturns:\n  - Now {{what}}\n  - At last\nvars: { what: warmer }\n---\nA fox'

  test.each([
    ['?turn=0', []],
    ['?turn=1', ['Now warmer']],
    ['?turn=2', ['Now warmer', 'At last']],
    ['', ['Now warmer', 'At last']],
  ])('%s', (selection, prompts) => {
    expect(declared(TURNS, selection).spec.turns.map(({ prompt }) => prompt)).toEqual(prompts)
  })
})
