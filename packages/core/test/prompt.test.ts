import { mkdir, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPlace } from '../src/kernel/place.ts'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import type { PromptSources } from '../src/declare/prompt.ts'
import { validate, type ValidatedSpec } from '../src/declare/spec.ts'
import { isGeminiImageError, type GeminiImageError } from '../src/kernel/errors/error.ts'
import { fingerprint } from '../src/pin/fingerprint.ts'
import { toRequest } from '../src/plan/step.ts'
import { tempDir } from './support/temp-dir.ts'

function validated(source: string, sources: PromptSources = {}): ValidatedSpec {
  const { root = '/site' } = sources
  const file = path.join(root, 'src', 'a.prompt.md')
  return validate(parsePromptFile(source, file, root), { model: 'nano-banana', ...sources, root })
}

function promptOf(source: string, sources?: PromptSources): string {
  return validated(source, sources).spec.prompt
}

function printOf(source: string, sources?: PromptSources): string {
  return fingerprint(toRequest(validated(source, sources).spec, [], { variant: 1, turns: 0 }))
}

function refusal(source: string, sources?: PromptSources): GeminiImageError {
  try {
    validated(source, sources)
  } catch (error) {
    if (isGeminiImageError(error)) return error
    throw error
  }
  throw new Error('Expected one of our errors')
}

/** `CODE path:line:column` */
function told(source: string, sources?: PromptSources): string {
  const { code, place } = refusal(source, sources)
  return `${code} ${place ? formatPlace(place) : 'nowhere'}`
}

/** A project on disk with these files. */
async function site(files: Readonly<Record<string, string>>): Promise<string> {
  const root = path.join(await tempDir(), 'site')
  for (const [name, text] of Object.entries({ 'src/.keep': '', ...files })) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), text)
  }
  return root
}

describe('images in the text', () => {
  const BOTH =
    'references:\n  - { image: a.png, label: Anna }\n  - { image: b.png, label: the boat }'

  test('stay in the prompt as markers, which the fingerprint holds', () => {
    const source = (marker: string): string =>
      `---\n${BOTH}\n---\n${marker} in {{ image: the boat }}`
    expect(promptOf(source('{{image:Anna}}'))).toBe('{{image:Anna}} in {{image:the boat}}')
    expect(printOf(source('{{ image:  Anna }}'))).toBe(printOf(source('{{image:Anna}}')))
    expect(printOf(source('Anna'))).not.toBe(printOf(source('{{image:Anna}}')))
  })

  test('may stand in slots, styles and variables', () => {
    const source = `---\n${BOTH}\nstyle: ink\nvars: { who: "{{image:Anna}}" }\ntemplate: sticker\nslots: { subject: "{{who}}" }\n---\n`
    const prompt = promptOf(source, { styles: { ink: 'As in {{image:the boat}}.' } })
    expect(prompt).toContain('{{image:Anna}}')
    expect(prompt).toContain('As in {{image:the boat}}.')
  })

  test('with a backslash are no images', () => {
    expect(promptOf('A \\{{image:nobody}}')).toBe('A \\{{image:nobody}}')
  })

  test.for([
    ['A {{image:Anna}}', 'src/a.prompt.md:1:3'],
    [`---\n${BOTH}\n---\nA\nb {{image:anna}}`, 'src/a.prompt.md:7:3'],
    [`---\n${BOTH}\n---\n{{image:Anna}}\n\nand {{image:Anna}}`, 'src/a.prompt.md:8:5'],
    [`---\n${BOTH}\nturns: ["B {{image:Anna}}"]\n---\nA`, 'src/a.prompt.md:5:9'],
    [`---\n${BOTH}\nsystem: See {{image:Anna}}\n---\nA`, 'src/a.prompt.md:5:9'],
    [`---\n${BOTH}\nstyle: ink\n---\n{{image:Anna}}`, 'src/a.prompt.md:5:8'],
    [
      '---\nreferences: [{ image: a.png, label: A }, { image: b.png, label: A }]\n---\n{{image:A}}',
      'src/a.prompt.md:4:1',
    ],
  ] as const)('that are not there, or twice, in %j are refused at %s', ([source, at]) => {
    expect(told(source, { styles: { ink: 'As {{image:Anna}}.' } })).toBe(`UNKNOWN_LABEL ${at}`)
  })

  test('that are not there come with what is close', () => {
    const { fix } = refusal(`---\n${BOTH}\n---\n{{image:boat}}`)
    expect(fix).toContain('The labels are Anna and the boat.')
  })
})

describe('variables', () => {
  test('are replaced in the body, in turns, in the system instruction and in styles', () => {
    const source =
      '---\nvars: { who: a fox }\nsystem: Draw {{who}}.\nturns: ["{{ who }} asleep"]\nstyle: ink\n---\n{{who}} and {{ who }}{{who}}'
    const { spec } = validated(source, { styles: { ink: 'Ink of {{who}}.' } })
    expect(spec.prompt).toBe('a fox and a foxa fox\n\nInk of a fox.')
    expect(spec.turns[0]?.prompt).toBe('a fox asleep')
    expect(spec.system).toBe('Draw a fox.')
  })

  test('of the declaration beat a style file’s, and those beat the configuration’s', async () => {
    const root = await site({
      'src/a.style.md': '---\nvars: { a: style, b: style }\n---\n',
      'src/b.style.md': '---\nvars: { b: later style }\n---\n',
    })
    const vars = { a: 'config', b: 'config', c: 'config' }
    const body = '{{a}} {{b}} {{c}}'
    const style = 'style: [./a.style.md]'
    expect(promptOf(body, { root, vars })).toBe('config config config')
    expect(promptOf(`---\n${style}\n---\n${body}`, { root, vars })).toBe('style style config')
    expect(promptOf(`---\n${style}\nvars: { a: own }\n---\n${body}`, { root, vars })).toBe(
      'own style config',
    )
    const both = 'style: [./a.style.md, ./b.style.md]'
    expect(promptOf(`---\n${both}\n---\n${body}`, { root, vars })).toBe('style later style config')
  })

  test('may be numbers and truth values, and may be empty', () => {
    expect(promptOf('---\nvars: { n: 3, t: true, e: "" }\n---\n{{n}}-{{t}}-{{e}}')).toBe('3-true-')
  })

  test('with a backslash before them stay, without it', () => {
    expect(promptOf('---\nvars: { x: y }\n---\n\\{{x}} {{x}} \\{{ unknown }}')).toBe(
      '{{x}} y {{ unknown }}',
    )
  })

  test('are not looked for in what they stand for', () => {
    expect(promptOf('---\nvars: { a: "{{b}}", b: c }\n---\n{{a}} {{b}}')).toBe('{{b}} c')
    expect(promptOf('---\nvars: { a: "$& $1 $$" }\n---\n{{a}}')).toBe('$& $1 $$')
  })

  test('braces around anything else mean nothing', () => {
    const body = '{x} {{}} {{a b}} {{ä}} { {x} }'
    expect(promptOf(body)).toBe(body)
  })

  test.for([
    ['{{x}}', 'src/a.prompt.md:1:1'],
    ['A {{x}}', 'src/a.prompt.md:1:3'],
    ['   A {{x}}', 'src/a.prompt.md:1:6'],
    ['A\n\n  b {{x}}', 'src/a.prompt.md:3:5'],
    ['---\nvars: { y: z }\n---\n\n\nA {{y}}\n{{y}} {{ x }}', 'src/a.prompt.md:7:7'],
    ['---\r\nalt: A\r\n---\r\n\r\nA\r\nb {{x}}', 'src/a.prompt.md:6:3'],
    ['---\nsystem: A {{x}}\n---\nB', 'src/a.prompt.md:2:9'],
    ['---\nturns:\n  - A\n  - B {{x}}\n---\nB', 'src/a.prompt.md:4:5'],
    ['---\nstyle: [ink, oil]\n---\nB', 'src/a.prompt.md:2:14'],
    ['---\ntemplate: sticker\nslots: { subject: "{{x}}" }\n---\n', 'src/a.prompt.md:3:8'],
  ] as const)('unknown in %j are refused at %s', ([source, at]) => {
    expect(told(source, { styles: { ink: 'Ink.', oil: 'Oil {{x}}.' } })).toBe(
      `UNKNOWN_VARIABLE ${at}`,
    )
  })

  test('an unknown one comes with what is close, and with what there is', () => {
    const { fix } = refusal('---\nvars: { animal: fox }\n---\nA {{anmal}}', {
      vars: { hue: 'red' },
    })
    expect(fix).toContain('Did you mean "animal"?')
    expect(fix).toContain('hue and animal')
  })

  test.for(['constructor', '__proto__', 'toString'])('%s is no variable of its own', (name) => {
    expect(told(`A {{${name}}}`)).toBe('UNKNOWN_VARIABLE src/a.prompt.md:1:3')
    expect(promptOf(`---\nvars: { constructor: fox }\n---\n{{constructor}}`)).toBe('fox')
  })

  test('any value arrives as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(promptOf('A {{x}}.', { vars: { x: value } })).toBe(`A ${value}.`)
      }),
    )
  })
})

describe('styles', () => {
  test('by name, by file beside the declaration, and by file from the root', async () => {
    const root = await site({
      'src/near.style.md': '\nNear.\n',
      'brand/far.style.md': '---\nvars: { hue: red }\n---\n\nFar, {{hue}}.\n',
      'up.style.md': 'Up.',
    })
    const styles = { ink: 'Ink.' }
    const list = '[ink, ./near.style.md, /brand/far.style.md, ../up.style.md]'
    const { spec, sources } = validated(`---\nstyle: ${list}\n---\nA fox`, { root, styles })
    expect(spec.prompt).toBe('A fox\n\nInk.\n\nNear.\n\nFar, red.\n\nUp.')
    const files = ['src/near.style.md', 'brand/far.style.md', 'up.style.md']
    expect(sources).toEqual(files.map((file) => path.join(root, file)))
  })

  test('a style’s variables hold for the body, and the body’s for a style', async () => {
    const root = await site({ 'src/s.style.md': '---\nvars: { a: 1 }\n---\nStyle {{b}}' })
    expect(promptOf('---\nstyle: ./s.style.md\nvars: { b: 2 }\n---\nBody {{a}}', { root })).toBe(
      'Body 1\n\nStyle 2',
    )
  })

  test.for([
    ['inkk', { ink: 'Ink.' }, 'Did you mean "ink"? The styles are ink.'],
    ['ink', {}, 'No style is configured.'],
    ['constructor', {}, 'No style is configured.'],
  ] as const)('an unknown name, %s, is refused where it stands', ([name, styles, said]) => {
    const source = `---\nalt: A\nstyle: [ ${name} ]\n---\nA fox`
    expect(told(source, { styles })).toBe('UNKNOWN_STYLE src/a.prompt.md:3:10')
    expect(refusal(source, { styles }).fix).toContain(said)
    expect(told(`---\nstyle: ${name}\n---\nA fox`, { styles })).toBe(
      'UNKNOWN_STYLE src/a.prompt.md:2:8',
    )
  })

  test.for([
    ['./none.style.md', 'There is no style file src/none.style.md.'],
    ['/none.style.md', 'There is no style file none.style.md.'],
    ['./', 'There is no style file src'],
    ['../../outside.style.md', 'The style file ../outside.style.md is outside the project.'],
    ['/../outside.style.md', 'The style file ../outside.style.md is outside the project.'],
  ] as const)('a file that cannot be had, %s, is refused where it stands', async ([name, said]) => {
    const root = await site({ '../outside.style.md': 'Secret.' })
    const source = `---\nstyle:\n  - ${name}\n---\nA fox`
    expect(told(source, { root })).toBe('UNKNOWN_STYLE src/a.prompt.md:3:5')
    expect(refusal(source, { root }).what).toContain(said)
  })

  test('a link to a file outside is refused: such a text is never sent to Google', async () => {
    const root = await site({ '../outside.md': 'Secret.' })
    await symlink(path.join(root, '../outside.md'), path.join(root, 'src/link.style.md'))
    expect(told('---\nstyle: ./link.style.md\n---\nA fox', { root })).toBe(
      'UNKNOWN_STYLE src/a.prompt.md:2:8',
    )
  })

  test.for([
    ['---\nsize: 1K\n---\nS', 'UNKNOWN_KEY src/s.style.md:2:1'],
    ['---\nvars: { a: [b] }\n---\nS', 'INVALID_VALUE src/s.style.md:2:7'],
    ['---\nvars: text\n---\nS', 'INVALID_VALUE src/s.style.md:2:7'],
    ['---\nvars: [a, b]\n---\nS', 'INVALID_VALUE src/s.style.md:2:7'],
    ['---\nvars: 3\n---\nS', 'INVALID_VALUE src/s.style.md:2:7'],
    ['---\nvars: { a: b\n---\nS', 'MALFORMED_YAML src/s.style.md:2:13'],
    ['A\nb {{x}}', 'UNKNOWN_VARIABLE src/s.style.md:2:3'],
    ['---\nvars: { y: z }\n---\n\nA {{x}}', 'UNKNOWN_VARIABLE src/s.style.md:5:3'],
  ] as const)('a style file with something wrong, %j, is %s', async ([text, expected]) => {
    const root = await site({ 'src/s.style.md': text })
    expect(told('---\nstyle: ./s.style.md\n---\nA fox', { root })).toBe(expected)
  })

  test('a style file with nothing but variables, or with none, adds no paragraph', async () => {
    const root = await site({
      'src/s.style.md': '---\nvars: { a: b }\n---\n',
      'src/t.style.md': '---\nvars:\n---\nT',
    })
    const source = '---\nstyle: [./s.style.md, ./t.style.md]\n---\n{{a}}'
    expect(promptOf(source, { root })).toBe('b\n\nT')
  })
})

describe('templates', () => {
  const sticker = (rest: string, body = ''): string =>
    `---\ntemplate: sticker\n${rest}\n---\n${body}`

  test('come first, then the body, then the styles, a paragraph each', () => {
    const source = sticker(
      'slots: { subject: "{{who}}" }\nvars: { who: a fox }\nstyle: ink',
      'Body.',
    )
    const [first, ...others] = promptOf(source, { styles: { ink: 'Ink.' } }).split('\n\n')
    expect(first).toContain('a fox')
    expect(first).not.toContain('{{')
    expect(others).toEqual(['Body.', 'Ink.'])
  })

  test('need no body', () => {
    const whole = promptOf(sticker('slots: { subject: a fox }'))
    expect(whole).toContain('a fox')
    expect(promptOf(sticker('slots: { subject: a fox }', '\n \n'))).toBe(whole)
  })

  test('take a slot with nothing behind it for absent', () => {
    expect(promptOf(sticker('slots:\n  subject: a fox\n  palette:'))).toBe(
      promptOf(sticker('slots: { subject: a fox }')),
    )
  })

  test.for([
    ['slots: { palette: red }', ['INVALID_SLOT 3:8']],
    ['alt: A', ['INVALID_SLOT 2:11']],
    ["slots: { subject: ' ' }", ['INVALID_SLOT 3:19']],
    ['slots:\n  subject: a fox\n  pallete: red', ['INVALID_SLOT 5:12']],
    ['slots:\n  subject: [a fox]', ['INVALID_SLOT 4:12']],
    ['slots:\n  subject: 3', ['INVALID_SLOT 4:12']],
    [
      'slots:\n  pallete: red\n  style: 3',
      ['INVALID_SLOT 4:12', 'INVALID_SLOT 4:3', 'INVALID_SLOT 5:10'],
    ],
  ] as const)('with the slots %j are refused: %j', ([rest, expected]) => {
    const error = refusal(sticker(rest))
    const single = error.problems.length > 0 ? error.problems : [error]
    const shown = single.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`)
    expect(shown.toSorted()).toEqual(expected)
  })

  test('a misspelt slot comes with what is close', () => {
    expect(refusal(sticker('slots: { subject: a, pallete: b }')).fix).toContain(
      'Did you mean "palette"?',
    )
  })

  test.for(['stiker', 'constructor', '__proto__'])('%s is no template', (name) => {
    const source = `---\nslots: { subject: a }\ntemplate: ${name}\n---\n`
    expect(told(source)).toBe('UNKNOWN_TEMPLATE src/a.prompt.md:3:11')
    if (name === 'stiker') expect(refusal(source).fix).toContain('Did you mean "sticker"?')
  })
})

test.for([
  [''],
  [' \n\n'],
  ['---\nalt: A\n---\n'],
  ['---\nturns: [A]\nsystem: B\nvars: { a: b }\n---\n\n\n'],
  ['---\n---'],
] as const)('without template, body and style, %j is an empty prompt', ([source]) => {
  const [, line] = /^EMPTY_PROMPT src\/a\.prompt\.md:(\d+):1$/.exec(told(source) ?? '') ?? []
  expect(Number(line)).toBeGreaterThan(0)
  expect(Number(line), 'a line of the file').toBeLessThanOrEqual(source.split('\n').length)
})

describe('the fingerprint', () => {
  const source = '---\nstyle: ink\n---\nA {{who}}'
  const sources = { styles: { ink: 'Ink.' }, vars: { who: 'fox' } }

  test('goes by what is sent, not by how it is put together', async () => {
    const expected = printOf('A fox\n\nInk.')
    expect(printOf(source, sources)).toBe(expected)
    expect(
      printOf('---\nstyle: pen\n---\nA {{x}}', { styles: { pen: 'Ink.' }, vars: { x: 'fox' } }),
    ).toBe(expected)
    expect(printOf('---\nvars: { who: fox }\nstyle: ink\n---\nA {{ who }}', sources)).toBe(expected)
    const root = await site({ 'b/x.style.md': '---\nvars: { unused: y }\n---\n\nInk.\n' })
    expect(printOf('---\nstyle: /b/x.style.md\n---\nA {{who}}', { ...sources, root })).toBe(
      expected,
    )
  })

  test('changes with the text behind a style or a variable', () => {
    const before = printOf(source, sources)
    expect(printOf(source, { ...sources, styles: { ink: 'Black ink.' } })).not.toBe(before)
    expect(printOf(source, { ...sources, vars: { who: 'hare' } })).not.toBe(before)
    expect(printOf(source, { ...sources, vars: { who: 'fox', unused: 'x' } })).toBe(before)
  })

  test('of a template is that of the same words written out', () => {
    const template = '---\ntemplate: sticker\nslots: { subject: a fox }\n---\n'
    expect(printOf(template)).toBe(printOf(promptOf(template)))
  })
})
