import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nameOf, parsePromptFile } from '../src/declare/prompt-file.ts'
import { isGeminiImageError, type GeminiImageError } from '../src/kernel/errors/error.ts'

const parse = (source: string): ReturnType<typeof parsePromptFile> =>
  parsePromptFile(source, '/site/src/a.prompt.md', '/site')

function refusal(source: string): GeminiImageError {
  try {
    parse(source)
  } catch (error) {
    if (isGeminiImageError(error)) return error
    throw error
  }
  throw new Error(`It was to be refused: ${source}`)
}

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

describe('what only looks like frontmatter is an error with a place', () => {
  test.for([
    ['a blank line above it', '\n---\nalt: A\n---\nA fox', '2:1', 'delete it'],
    ['lines of blanks above it', ' \n\t\n---\nalt: A\n---\nA fox', '3:1', 'delete it'],
    ['indented dashes', '   ---\nalt: A\n---\nA fox', '1:4', 'delete the spaces'],
    ['four dashes', '----\nalt: A\n----\nA fox', '1:1', 'three dashes (---) above'],
    ['two dashes', '--\nalt: A\n--\nA fox', '1:1', 'three dashes (---) above'],
    ['a long dash', '\u2014\nalt: A\n\u2014\nA fox', '1:1', 'three dashes (---) above'],
    ['dashes and a language', '---yaml\nalt: A\n---\nA fox', '1:1', 'three dashes (---) above'],
    ['dashes and a comment', '--- # settings\nalt: A\n---\nA fox', '1:1', '"--- # settings"'],
    ['TOML', '+++\nalt = "A"\n+++\nA fox', '1:1', 'as YAML'],
    ['JSON', ';;;\n"alt": "A"\n;;;\nA fox', '1:1', 'as YAML'],
    ['no dashes at all', 'alt: A\n\nA fox', '1:1', '"alt:" is a setting'],
    ['dashes below alone', 'alt: A\nsize: 1K\n---\nA fox', '1:1', 'three dashes (---) above'],
    ['no dashes, and a blank line', '\naspectRatio:\nA fox', '2:1', '"aspectRatio:" is a setting'],
    ['it never closed', '---\nalt: A\n----\nA fox', '1:1', 'never closed'],
  ] as const)('%s', ([, source, at, says]) => {
    for (const text of [source, source.replaceAll('\n', '\r\n'), `\uFEFF${source}`]) {
      const error = refusal(text)
      expect(error).toMatchObject({ code: 'MALFORMED_YAML' })
      expect(error.message).toContain(` at src/a.prompt.md:${at}\n`)
      expect(error.message).toContain(says)
    }
  })

  test.for([
    'A fox\n\n---\n\nin snow',
    '- a fox\n- in snow',
    '-- a fox',
    '\u2014 a fox',
    '+ a fox',
    '# Fox\n---\nalt: A\n---\nin snow',
    'Style: ink\nA fox',
    'Altitude: high',
    '{ "subject": "a fox", "alt": 1 }',
    'A sign that says: alt: A',
  ])('a prompt is none: %j', (source) => {
    expect(parse(source).prompt).toBe(source)
  })

  test('whatever stands below an empty frontmatter is the prompt', () => {
    for (const prompt of ['+++\nA fox', '----', 'alt: A', '---\nalt: A\n---']) {
      expect(parse(`---\n---\n${prompt}`).prompt).toBe(prompt)
    }
  })

  test('conflict markers are an error wherever they stand', () => {
    const conflict = '<<<<<<< HEAD\nOurs\n=======\nTheirs\n>>>>>>> branch\n'
    for (const [source, at] of [
      [`---\n${conflict}---\nA fox`, '2:1'],
      [`---\nalt: A\n---\nA fox\n${conflict}`, '5:1'],
      [conflict, '1:1'],
      ['A fox\n>>>>>>> branch', '2:1'],
    ] as const) {
      expect(refusal(source).message).toContain(`MERGE_CONFLICT at src/a.prompt.md:${at}\n`)
    }
    expect(parse('A sign: <<<<<<< and\n=======').prompt).toBe('A sign: <<<<<<< and\n=======')
  })
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
