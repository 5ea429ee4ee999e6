import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameOf, parsePromptFile } from '../src/declare/prompt-file.ts'
import { isGeminiImageError } from '../src/kernel/errors/error.ts'

const parse = (source: string): ReturnType<typeof parsePromptFile> =>
  parsePromptFile(source, '/site/src/a.prompt.md', '/site')

test('places point at the key, the value and the prompt, with either line ending', () => {
  const lines = ['---', 'aspectRatio:   16:9', '# a comment', 'alt: "A"', '---', '', '  ', 'Prompt']
  for (const ending of ['\n', '\r\n', '\r']) {
    const { settings, place, prompt } = parse(lines.join(ending))
    expect(prompt).toBe('Prompt')
    expect(place).toMatchObject({ path: 'src/a.prompt.md', line: 8, column: 1 })
    const ratio = settings.get('aspectRatio')
    expect(ratio?.value).toBe('16:9')
    expect(ratio?.keyPlace()).toMatchObject({ line: 2, column: 1 })
    expect(ratio?.valuePlace()).toMatchObject({ line: 2, column: 16 })
    expect(settings.get('alt')?.valuePlace()).toMatchObject({ line: 4, column: 6 })
  }
})

test('a file without frontmatter is all prompt, and a rule in the prompt is part of it', () => {
  expect(parse('A fox\n\n---\n\nin snow').prompt).toBe('A fox\n\n---\n\nin snow')
  expect(parse('---\n---\nA fox').prompt).toBe('A fox')
})

test('any prompt comes back as it was, but for white space around it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const body = text.replaceAll(/\r\n?/g, '\n').trim()
      fc.pre(body !== '')
      expect(parse(`---\nalt: A\n---\n\n${text}\n`).prompt).toBe(body)
    }),
  )
})

test('whatever a file holds, it is read or refused with a place', () => {
  const noise = fc.array(
    fc.constantFrom(
      '---',
      '\n',
      '\r\n',
      'alt:',
      ' ',
      '"',
      '[',
      '{',
      '&a',
      '*a',
      '- x',
      '\t',
      'ü',
      '!!js',
    ),
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        noise.map((parts) => parts.join('')),
      ),
      (source) => {
        try {
          parse(source)
        } catch (error) {
          expect(isGeminiImageError(error)).toBe(true)
          expect((error as { place?: { line: number } }).place?.line).toBeGreaterThan(0)
        }
      },
    ),
    { numRuns: 1000 },
  )
})

describe('names', () => {
  test.for([
    ['hero.prompt.md', 'hero'],
    ['Über Café!.prompt.md', 'uber-cafe'],
    ['..prompt.md', 'picture'],
    ['日本.prompt.md', 'picture'],
    [`${'x'.repeat(200)}.prompt.md`, 'x'.repeat(60)],
  ] as const)('%s is %s', ([file, name]) => {
    expect(nameOf(`/site/${file}`)).toBe(name)
  })
})
