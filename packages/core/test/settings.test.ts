import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { Declaration } from '../src/declare/declaration.ts'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { checkSettings, plainSettings } from '../src/declare/settings.ts'
import { validate, type ImageSpec, type ValidatedSpec } from '../src/declare/spec.ts'
import { isGeminiImageError, type GeminiImageError } from '../src/kernel/errors/error.ts'
import { formatPlace } from '../src/kernel/place.ts'

const ROOT = '/site'
const STYLES = { ink: 'Drawn in ink.', oil: 'Painted in oil.' }

/** Validates a prompt file with this frontmatter, which begins on line 2, and a body. */
function validated(frontmatter: string, body = 'A fox'): ValidatedSpec {
  const source = `---\n${frontmatter}\n---\n${body}`
  return validate(parsePromptFile(source, `${ROOT}/a.prompt.md`, ROOT), {
    model: 'nano-banana',
    root: ROOT,
    styles: STYLES,
    remoteHosts: ['example.com'],
  })
}

/** The single problems with a frontmatter; anything else that is thrown is a failure. */
function problemsOf(frontmatter: string, body?: string): readonly GeminiImageError[] {
  try {
    validated(frontmatter, body)
  } catch (error) {
    if (!isGeminiImageError(error)) throw error
    return error.problems.length > 0 ? error.problems : [error]
  }
  return []
}

/** `CODE line:column` of each problem. */
function told(frontmatter: string, body?: string): string[] {
  return problemsOf(frontmatter, body).map(
    ({ code, place }) => `${code} ${place?.line}:${place?.column}`,
  )
}

describe('a good value arrives', () => {
  const good: readonly [string, Partial<ImageSpec>][] = [
    ['model: nano-banana-pro', { model: 'nano-banana-pro' }],
    ['model:', { model: 'nano-banana' }],
    ['aspectRatio: 16:9', { aspectRatio: '16:9' }],
    ['aspectRatio: "1:8"', { aspectRatio: '1:8' }],
    ['size: 4K', { size: '4K' }],
    ['model: gemini-3.1-flash-image\nsize: 512', { size: '512' }],
    ["alt: ''", { alt: '' }],
    ['alt: A fox', { alt: 'A fox' }],
    ['alt:', { alt: undefined }],
    ['alt:\naltDraft: A fox', { alt: undefined, altDraft: 'A fox' }],
    ['system: " Be calm. "', { system: 'Be calm.' }],
    ['seed: -2147483648', { seed: -2_147_483_648 }],
    ['seed: 2147483647', { seed: 2_147_483_647 }],
    ['temperature: 0', { temperature: 0 }],
    ['temperature: 2', { temperature: 2 }],
    ['temperature: 0.7', { temperature: 0.7 }],
    ['thinking: high', { thinking: 'high' }],
    ['keepThoughts: true', { keepThoughts: true }],
    ['', { keepThoughts: false, variants: 1, output: 'image', size: '1K', aspectRatio: '1:1' }],
    ['variants: 16\npick: 16', { variants: 16, pick: 16 }],
    ['pick: 1', { variants: 1, pick: 1 }],
    ['output: text-and-image', { output: 'text-and-image' }],
    ['format: png', { format: 'png' }],
    ['output: images', { output: 'images' }],
    ['format: jpeg\ntransport: interactions', { format: 'jpeg' }],
    ['transport: interactions', { transport: 'interactions' }],
    ['safety:\n  harassment: off', { safety: { harassment: 'off' } }],
    ['grounding: { web: true }', { grounding: { web: true }, output: 'text-and-image' }],
    ['grounding: { images: true }', { grounding: { images: true } }],
    ['grounding: { web: false }', { grounding: undefined, output: 'image' }],
    ['transparent: true', { transparent: { key: '#ff00ff' } }],
    ['transparent: false', { transparent: undefined }],
    ['transparent: {}', { transparent: { key: '#ff00ff' } }],
    ['transparent: { key: "#00FF00" }', { transparent: { key: '#00ff00' } }],
    ['style: ink', { prompt: 'A fox\n\nDrawn in ink.' }],
    ['style: [oil, ink]', { prompt: 'A fox\n\nPainted in oil.\n\nDrawn in ink.' }],
  ]
  test.for(good)('%j', ([frontmatter, expected]) => {
    const { spec } = validated(frontmatter)
    for (const [key, value] of Object.entries(expected)) {
      expect(spec[key as keyof ImageSpec]).toEqual(value)
    }
  })

  test.for([
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
  ] as const)('fresh: %s is %i ms', ([age, milliseconds]) => {
    expect(validated(`grounding: { web: true }\nfresh: ${age}`).spec.fresh).toBe(milliseconds)
  })

  test.for(['low-and-above', 'medium-and-above', 'only-high', 'none', 'off'] as const)(
    'safety with %s for every category',
    (threshold) => {
      const categories = [
        'harassment',
        'hate-speech',
        'sexually-explicit',
        'dangerous-content',
        'civic-integrity',
      ]
      const lines = categories.map((category) => `  ${category}: ${threshold}`).join('\n')
      const expected = Object.fromEntries(categories.map((category) => [category, threshold]))
      expect(validated(`safety:\n${lines}`).spec.safety).toEqual(expected)
    },
  )

  test('turns, plain and with a shape of their own, which otherwise is the picture’s', () => {
    const { spec } = validated(
      'aspectRatio: 16:9\nsize: 2K\nturns:\n  - At night\n  - prompt: " In rain "\n    aspectRatio: 1:1\n    size: 4K\n',
    )
    expect(spec.turns).toEqual([
      { prompt: 'At night', aspectRatio: '16:9', size: '2K' },
      { prompt: 'In rain', aspectRatio: '1:1', size: '4K' },
    ])
  })

  test('turns with settings of their own, and what follows from them', () => {
    const { spec } = validated(
      [
        'references: [./a.png]',
        'turns:',
        '  - { prompt: One, thinking: high, references: [./b.png] }',
        '  - { prompt: Two, grounding: { web: true } }',
        '  - { prompt: Three, output: text-and-image, references: [./c.png] }',
      ].join('\n'),
    )
    const shape = { aspectRatio: '1:1', size: '1K' }
    expect(spec.turns).toEqual([
      { prompt: 'One', ...shape, thinking: 'high' },
      { prompt: 'Two', ...shape, grounding: { web: true }, output: 'text-and-image' },
      { prompt: 'Three', ...shape, output: 'text-and-image' },
    ])
    expect(
      spec.references.map(({ target, turn, place: { line } }) => [target, turn, line]),
    ).toEqual([
      ['/site/a.png', 0, 2],
      ['/site/b.png', 1, 4],
      ['/site/c.png', 3, 6],
    ])
  })

  test('references: files, from the root, declarations and addresses', () => {
    const { spec } = validated(
      [
        'references:',
        '  - a.png',
        '  - image: /img/b.png',
        '    as: character',
        '    label: Ann',
        '  - image: ./c.prompt.md',
        '  - https://example.com/d.png#top',
      ].join('\n'),
    )
    const none = { as: undefined, label: undefined }
    expect(spec.references).toMatchObject([
      { kind: 'file', target: '/site/a.png', ...none, place: { line: 3, column: 5 } },
      { kind: 'file', target: '/site/img/b.png', as: 'character', label: 'Ann' },
      { kind: 'declaration', target: '/site/c.prompt.md', ...none },
      { kind: 'remote', target: 'https://example.com/d.png', ...none },
    ])
  })
})

describe('a bad value is refused where it stands', () => {
  test.for([
    ['model: 3', '2:8'],
    ['aspectRatio: 3', '2:14'],
    ['size: true', '2:7'],
    ['size: [1K]', '2:7'],
    ['alt: 3', '2:6'],
    ['alt: Fox\nseed: 1.5', '3:7'],
    ['seed: 2147483648', '2:7'],
    ['seed: "1"', '2:7'],
    ['temperature: -0.1', '2:14'],
    ['temperature: 2.1', '2:14'],
    ['temperature: .nan', '2:14'],
    ['temperature: warm', '2:14'],
    ['thinking: deep', '2:11'],
    // It cannot be switched off.
    ['thinking: off', '2:11'],
    ['thinking: false', '2:11'],
    ['format: webp', '2:9'],
    ['turns:\n  - { prompt: A, grounding: { web: false } }', '3:29'],
    ['turns:\n  - { prompt: A, thinking: deep }', '3:28'],
    ['turns:\n  - { prompt: A, references: [] }', '3:30'],
    ['keepThoughts: "true"', '2:15'],
    ['transparent: "yes"', '2:14'],
    ['transparent: { key: green }', '2:21'],
    ['transparent: { key: "#ffffff" }', '2:21'],
    ['transparent: { key: "#ffc0cb" }', '2:21'],
    ['transparent: { key: #00ff00\n}', '2:21'],
    ['variants: 0', '2:11'],
    ['variants: 17', '2:11'],
    ['variants: 1.5', '2:11'],
    ['pick: 0', '2:7'],
    ['output: words', '2:9'],
    ['transport: grpc', '2:12'],
    ['fresh: 0d', '2:8'],
    ['fresh: 1y', '2:8'],
    ['fresh: 90', '2:8'],
    ["system: '  '", '2:9'],
    ['template: 3', '2:11'],
    ['slots: [a]', '2:8'],
    ['style: {a: b}', '2:8'],
    ["style: [ink, '']", '2:14'],
    ['style: 3', '2:8'],
    ['vars: text', '2:7'],
    ['vars: [a]', '2:7'],
    ['vars:\n  a: [b]', '3:6'],
    ['vars:\n  b: c\n  a: {b: c}', '4:6'],
    ['references: a.png', '2:13'],
    ['references: []', '2:13'],
    ['references: [a.png, 3]', '2:21'],
    ["references: [a.png, '']", '2:21'],
    ['references:\n  - a.png\n  - image: b.png\n    as: objct', '5:9'],
    ['references:\n  - a.png\n  - image: b.png\n    label: 3', '5:12'],
    ['references:\n  - as: object', '3:5'],
    ['turns: At night', '2:8'],
    ['turns: []', '2:8'],
    ['turns:\n  - prompt: At night\n    size: [4K]', '4:11'],
    ['turns:\n  - A\n  - prompt: B\n    aspectRatio: 3', '5:18'],
    ['turns:\n  - size: 4K', '3:5'],
    ['grounding: true', '2:12'],
    ['grounding: { web: "yes" }', '2:19'],
    ['grounding:\n  images: 1', '3:11'],
    ['safety: off', '2:9'],
    ['safety:\n  harassment: never', '3:15'],
    ['safety:\n  hate-speech: none\n  civic-integrity: 3', '4:20'],
  ] as const)('%j at %s', ([frontmatter, at]) => {
    expect(told(frontmatter)).toEqual([`INVALID_VALUE ${at}`])
  })

  test('and its message names the way to it, what stands there and what may', () => {
    const [problem] = problemsOf('references:\n  - a.png\n  - image: b.png\n    as: objct')
    expect(problem?.message).toMatch(/"references\.1\.as" cannot be "objct"[\s\S]*"as: object"/)
    expect(problem?.place && formatPlace(problem.place)).toBe('a.prompt.md:5:9')
  })

  test('every setting of another kind names itself, and no other', () => {
    const keys = 'model alt system thinking seed temperature references turns safety vars'.split(
      ' ',
    )
    for (const key of keys) {
      expect(problemsOf(`${key}: true`)[0]?.what).toBe(`"${key}" cannot be true.`)
    }
  })
})

describe('an unknown key is refused where it stands', () => {
  test.for([
    ['aspect_ratio: 1:1', '2:1', 'aspectRatio'],
    ['alt: A\nSize: 1K', '3:1', 'size'],
    ['refrences: [a.png]', '2:1', 'references'],
    ['keepthoughts: true', '2:1', 'keepThoughts'],
    ['grounding: { wep: true }', '2:14', 'web'],
    ['transparent: { keys: "#00ff00" }', '2:16', 'key'],
    ['safety: { harasment: none }', '2:11', 'harassment'],
    ['safety: { hate_speech: none }', '2:11', 'hate-speech'],
    ['references:\n  - a.png\n  - image: b.png\n    labell: x', '5:5', 'label'],
    ['turns:\n  - A\n  - prompt: B\n    sise: 4K', '5:5', 'size'],
  ] as const)('%j at %s, and %s is suggested', ([frontmatter, at, meant]) => {
    expect(told(frontmatter)).toEqual([`UNKNOWN_KEY ${at}`])
    expect(problemsOf(frontmatter)[0]?.fix).toContain(`Did you mean "${meant}"?`)
  })

  test.for(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'null'])('also %s', (key) => {
    expect(told(`${key}: { size: 2K }`)).toEqual(['UNKNOWN_KEY 2:1'])
  })
})

test('several problems are all listed, each with its place', () => {
  const frontmatter = 'size: true\nlabel: x\nturns: [A, 3]\nsafety: { harassment: x, rude: off }'
  expect(told(frontmatter).toSorted()).toEqual([
    'INVALID_VALUE 2:7',
    'INVALID_VALUE 4:12',
    'INVALID_VALUE 5:23',
    'UNKNOWN_KEY 3:1',
    'UNKNOWN_KEY 5:26',
  ])
  expect(() => validated(frontmatter)).toThrow(/SEVERAL_PROBLEMS\n {2}5 problems:/)
})

test('an unknown model is refused with what is close to it', () => {
  expect(told('model: nano-bananna')).toEqual(['UNKNOWN_MODEL 2:8'])
  expect(problemsOf('model: nano-bananna')[0]?.fix).toContain('Did you mean "nano-banana"?')
})

test.for([
  ['http://example.com/a.png', 'not an https address'],
  ['https://ann@example.com/a.png', 'not an https address'],
  ['https://:secret@example.com/a.png', 'not an https address'],
  ['file:///etc/passwd', 'not an https address'],
  ['data:image/png;base64,AAAA', 'not an https address'],
  ['https://', 'not an https address'],
  ['https://example.org/a.png', 'example.org are not allowed'],
  ['https://example.com:8443/a.png', 'example.com:8443 are not allowed'],
  ['https://example.com.evil.test/a.png', 'not allowed'],
] as const)('a reference to %s is refused', ([image, said]) => {
  const frontmatter = `references:\n  - a.png\n  - image: ${JSON.stringify(image)}`
  expect(told(frontmatter)).toEqual(['REFERENCE_NOT_ALLOWED 4:5'])
  expect(problemsOf(frontmatter)[0]?.what).toContain(said)
})

describe('YAML’s anchors', () => {
  test('stand for what they name', () => {
    expect(validated('alt: &a A fox\nsystem: *a').spec.system).toBe('A fox')
  })

  const laughs = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, index, all) => {
    const before = index === 0 ? 'x' : `*${all[index - 1]}`
    return `${name}: &${name} [${Array(9).fill(before).join(', ')}]`
  })
  test.for([
    ['that nobody set', 'alt: *a'],
    ['inside of themselves', 'vars: &a { x: *a }'],
    ['in a list of themselves', 'turns: &a [*a]'],
    ['that grow without end', laughs.join('\n')],
  ] as const)('%s are refused with a place', ([, frontmatter]) => {
    const problems = problemsOf(frontmatter)
    expect(problems.length).toBeGreaterThan(0)
    for (const { place } of problems) expect(place?.line).toBeGreaterThan(1)
  })
})

describe('whatever the known settings hold', () => {
  const keys =
    'model aspectRatio size alt references turns template slots style vars system seed temperature safety thinking keepThoughts grounding fresh variants pick output transport transparent'.split(
      ' ',
    )
  const inner =
    'image as label prompt aspectRatio size web images key harassment subject a 1 constructor __proto__'
  const words =
    'nano-banana imagen-4.0-generate-001 #00ff00 16:9 1K 2K 512 constructor __proto__ toString object high off 1d sticker ink ./x.style.md interactions text-and-image https://example.com/a.png {{a}} {{__proto__}}'
  const word = fc.constantFrom(...words.split(' '))
  const scalar = fc.oneof(
    word,
    fc.string({ unit: 'grapheme' }),
    fc.integer({ min: -2, max: 20 }),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
  )
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, scalar, tie('list'), tie('map')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(fc.oneof(fc.constantFrom(...inner.split(' ')), fc.string()), tie('value'), {
      maxKeys: 3,
    }),
  }))
  const settings = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 3 })

  test('they are validated, or refused with a place in the file', () => {
    fc.assert(
      fc.property(settings, fc.constantFrom('A fox', '', 'A {{a}}'), (written, body) => {
        for (const { place } of problemsOf(stringify(written).trimEnd(), body)) {
          expect(place?.path).toBe('a.prompt.md')
          expect(place?.line).toBeGreaterThan(0)
          expect(place?.column).toBeGreaterThan(0)
        }
      }),
      { numRuns: 600 },
    )
  })

  test('the plain ones are read as the schema reads them', () => {
    let found = 0
    const text = fc.oneof(word, fc.constantFrom('', ' ', ' a ', '\u00A0'), fc.string())
    const key = fc.constantFrom(...keys.slice(0, 6), '__proto__')
    const content = fc.oneof(
      { weight: 4, arbitrary: text },
      { weight: 4, arbitrary: fc.array(text, { maxLength: 3 }) },
      { weight: 1, arbitrary: value },
    )
    const written = fc.dictionary(key, content, { maxKeys: 3 })
    // Numbers that are not finite are refused when the file is read.
    const declarationOf = (source: string): Declaration | undefined => {
      try {
        return parsePromptFile(source, '/site/a.prompt.md', '/site')
      } catch (error) {
        if (isGeminiImageError(error) && error.code === 'INVALID_VALUE') return undefined
        throw error
      }
    }
    fc.assert(
      fc.property(written, (chosen) => {
        const source = `---\n${stringify(chosen)}---\nA fox`
        const declaration = declarationOf(source)
        const settings = declaration && plainSettings(declaration, 'nano-banana')
        if (!settings) return
        found += declaration.settings.size
        expect(settings).toEqual(checkSettings(declaration, 'nano-banana'))
      }),
      { numRuns: 2000 },
    )
    expect(found).toBeGreaterThan(200)
  })
})

test('a size that another model has names that model', () => {
  const [problem] = problemsOf('size: 512')
  expect(problem?.message).toMatch(/Models that do: gemini-3\.1-flash-image\b.*Its sizes are/)
})

describe('what a model cannot do', () => {
  const references = (count: number, as?: string): string =>
    `references:\n${Array.from({ length: count }, (_, i) => `  - image: ${i}.png${as ? `\n    as: ${as}` : ''}`).join('\n')}`
  const FLASH = 'model: gemini-3.1-flash-image'
  const OLD = 'model: gemini-2.5-flash-image'
  const PRO = 'model: gemini-3-pro-image'
  const IMAGEN = 'model: imagen-4.0-generate-001'
  const FAST = 'model: imagen-4.0-fast-generate-001'

  test.for([
    ['size: 512', 'UNSUPPORTED_SIZE 2:7'],
    ['size: 2k', 'UNSUPPORTED_SIZE 2:7'],
    ['size: constructor', 'UNSUPPORTED_SIZE 2:7'],
    ['size: __proto__', 'UNSUPPORTED_SIZE 2:7'],
    [`${OLD}\nsize: 2K`, 'UNSUPPORTED_SIZE 3:7'],
    [`${FAST}\nsize: 2K`, 'UNSUPPORTED_SIZE 3:7'],
    ['turns:\n  - A\n  - prompt: B\n    size: 512', 'UNSUPPORTED_SIZE 5:11'],
    ['aspectRatio: 7:5', 'UNSUPPORTED_ASPECT_RATIO 2:14'],
    ['aspectRatio: auto', 'UNSUPPORTED_ASPECT_RATIO 2:14'],
    [
      'aspectRatio: auto\nreferences: [https://example.com/a.png, ./b.png]',
      'UNSUPPORTED_ASPECT_RATIO 2:14',
    ],
    ['format: jpeg\ntransparent: true', 'UNSUPPORTED_SETTING 2:9'],
    [
      'aspectRatio: auto\nturns:\n  - { prompt: A, references: [./a.png] }',
      'UNSUPPORTED_ASPECT_RATIO 2:14',
    ],
    ['format: png\ntransport: generate-content', 'UNSUPPORTED_SETTING 2:9'],
    ['grounding: { web: true }\noutput: images', 'UNSUPPORTED_SETTING 3:9'],
    [
      'turns:\n  - { prompt: A, grounding: { web: true }, output: image }',
      'UNSUPPORTED_SETTING 3:52',
    ],
    [
      'model: gemini-2.5-flash-image\nturns:\n  - { prompt: A, thinking: high }',
      'UNSUPPORTED_THINKING 4:28',
    ],
    [`${IMAGEN}\nformat: png`, 'UNSUPPORTED_SETTING 3:9'],
    ['aspectRatio: constructor', 'UNSUPPORTED_ASPECT_RATIO 2:14'],
    [`${PRO}\naspectRatio: 1:8`, 'UNSUPPORTED_ASPECT_RATIO 3:14'],
    [`${IMAGEN}\naspectRatio: 21:9`, 'UNSUPPORTED_ASPECT_RATIO 3:14'],
    ['turns:\n  - prompt: A\n    aspectRatio: 7:5', 'UNSUPPORTED_ASPECT_RATIO 4:18'],
    [references(15), 'TOO_MANY_REFERENCES 3:3'],
    [references(15, 'object'), 'TOO_MANY_REFERENCES 3:3'],
    [`${OLD}\n${references(4)}`, 'TOO_MANY_REFERENCES 4:3'],
    ['thinking: low', 'UNSUPPORTED_THINKING 2:11'],
    [`${FLASH}\nthinking: medium`, 'UNSUPPORTED_THINKING 3:11'],
    [`${PRO}\nthinking: high`, 'UNSUPPORTED_THINKING 3:11'],
    [`${OLD}\nkeepThoughts: true`, 'UNSUPPORTED_THINKING 3:15'],
    [`${PRO}\ngrounding: { images: true }`, 'UNSUPPORTED_GROUNDING 3:22'],
    [`${OLD}\ngrounding: { web: true }`, 'UNSUPPORTED_GROUNDING 3:19'],
    ['grounding: { web: true }\noutput: image', 'UNSUPPORTED_SETTING 3:9'],
    ['fresh: 1d', 'UNSUPPORTED_SETTING 2:8'],
    ['grounding: { web: false }\nfresh: 1d', 'UNSUPPORTED_SETTING 3:8'],
    ['pick: 2', 'UNSUPPORTED_SETTING 2:7'],
    ['variants: 3\npick: 4', 'UNSUPPORTED_SETTING 3:7'],
    [`${IMAGEN}\n${references(1)}`, 'UNSUPPORTED_SETTING 4:3'],
    [`${IMAGEN}\nturns: [A]`, 'UNSUPPORTED_SETTING 3:8'],
    [`${IMAGEN}\nsystem: A`, 'UNSUPPORTED_SETTING 3:9'],
    [`${IMAGEN}\nseed: 0`, 'UNSUPPORTED_SETTING 3:7'],
    [`${IMAGEN}\ntemperature: 0`, 'UNSUPPORTED_SETTING 3:14'],
    [`${IMAGEN}\nsafety: { harassment: off }`, 'UNSUPPORTED_SETTING 3:9'],
    [`${IMAGEN}\nthinking: high`, 'UNSUPPORTED_SETTING 3:11'],
    [`${IMAGEN}\ngrounding: { web: true }`, 'UNSUPPORTED_SETTING 3:12'],
    [`${IMAGEN}\ntransport: interactions`, 'UNSUPPORTED_SETTING 3:12'],
    [`${IMAGEN}\nkeepThoughts: true`, 'UNSUPPORTED_SETTING 3:15'],
    [`${IMAGEN}\noutput: text-and-image`, 'UNSUPPORTED_SETTING 3:9'],
    ['template: inpaint\nslots: { part: sofa, content: chair }', 'UNSUPPORTED_SETTING 2:11'],
    [
      `template: combine\nslots: { elements: a, scene: b }\n${references(1)}`,
      'UNSUPPORTED_SETTING 2:11',
    ],
    ['template: grounded-graphic\nslots: { topic: a, lookUp: b }', 'UNSUPPORTED_SETTING 2:11'],
  ] as const)('%j is %s', ([frontmatter, expected]) => {
    expect(told(frontmatter)).toEqual([expected])
  })

  test.for([
    ['model: nano-banana-2\nsize: 4K'],
    [`${FLASH}\nsize: 512\naspectRatio: 8:1`],
    [`${OLD}\naspectRatio: 21:9`],
    [`${PRO}\nsize: 4K\naspectRatio: 21:9`],
    ['turns:\n  - prompt: A\n    size: 4K\n    aspectRatio: 1:8'],
    [references(14)],
    [references(10, 'object')],
    [references(4, 'character')],
    [`${PRO}\n${references(5, 'character')}`],
    [`${OLD}\n${references(3)}`],
    ['thinking: medium'],
    [`${FLASH}\nthinking: minimal`],
    [`${PRO}\nkeepThoughts: true`],
    [`${OLD}\nkeepThoughts: false`],
    [`${PRO}\ngrounding: { web: true, images: false }`],
    [`${OLD}\ngrounding: { web: false }`],
    ['grounding: { web: true, images: true }\noutput: text-and-image\nfresh: 30m'],
    ['variants: 4\npick: 4'],
    [`${IMAGEN}\nsize: 2K\naspectRatio: 4:3`],
    [`${IMAGEN}\nstyle: ink\nvariants: 2\npick: 2\nalt: A`],
    [`${IMAGEN}\nkeepThoughts: false\noutput: image`],
    [`template: inpaint\nslots: { part: sofa, content: chair }\n${references(1)}`],
    [`template: combine\nslots: { elements: a, scene: b }\n${references(2)}`],
    ['template: grounded-graphic\nslots: { topic: a, lookUp: b }\ngrounding: { web: true }'],
  ] as const)('%j is fine', ([frontmatter]) => {
    expect(told(frontmatter)).toEqual([])
  })

  test('a small k is told apart from an unknown size', () => {
    expect(problemsOf('size: 2k')[0]?.fix).toContain('capital K: 2K')
    expect(problemsOf('size: 3K')[0]?.fix).not.toContain('capital')
  })

  const ids = (frontmatter: string): string[] => validated(frontmatter).models.map(({ id }) => id)

  test.for([
    ['', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image', 'gemini-2.5-flash-image']],
    ['size: 2K', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    ['aspectRatio: 1:8', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    ['turns: [{ prompt: A, size: 2K }]', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    ['thinking: medium', ['gemini-nano-banana-2.1']],
    ['keepThoughts: true', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    ['thinking: high', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    ['grounding: { images: true }', ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    [references(4), ['gemini-nano-banana-2.1', 'gemini-3.1-flash-image']],
    ['model: gemini-2.5-flash-image', ['gemini-2.5-flash-image']],
  ] as const)('%j leaves of an alias those that can draw it: %j', ([frontmatter, expected]) => {
    expect(ids(frontmatter)).toEqual(expected)
  })

  test('the pixels are those of the first candidate', () => {
    expect(validated('aspectRatio: 16:9').pixels).toEqual({ width: 1376, height: 768 })
    expect(validated(`${OLD}\naspectRatio: 16:9`).pixels).toEqual({ width: 1344, height: 768 })
  })
})
