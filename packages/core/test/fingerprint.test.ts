import { toRequest } from '../src/plan/step.ts'
import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { validate } from '../src/declare/spec.ts'
import { fingerprint } from '../src/pin/fingerprint.ts'
import type { ImageRequest } from '../src/providers/request.ts'

function printOf(source: string, file = '/site/src/a.prompt.md', root = '/site'): string {
  const { spec } = validate(parsePromptFile(source, file, root), { model: 'nano-banana' })
  return fingerprint(toRequest(spec, [], { variant: 1, turns: 0 }))
}

const source = '---\nmodel: nano-banana\naspectRatio: 16:9\nalt: A fox\n---\n\nA fox\nin snow\n'

test('format 1 never changes: this value stands in the lockfiles of users', () => {
  expect(printOf(source)).toBe(
    fingerprint({
      prompt: 'A fox\nin snow',
      model: 'nano-banana',
      aspectRatio: '16:9',
      size: '1K',
    }),
  )
  expect(printOf(source)).toMatchInlineSnapshot(
    `"9836a4306fe1e5133d22e987e02b092f1d404db875c6af50c634237f40e86836"`,
  )
})

test('the words that ask for a background never change, nor does the choice of its colour', () => {
  const prompts = [
    'A cup',
    'A pink cup',
    'A purple cup with green leaves',
    'A pink rose, green leaves and the blue sea',
  ]
  const prints = prompts.map((prompt) => {
    const settings = '---\ntransparent: true\nturns: [Now in red]\n---\n'
    const declaration = parsePromptFile(settings + prompt, '/site/a.prompt.md', '/site')
    const { spec } = validate(declaration, { model: 'nano-banana' })
    return [spec.transparent?.key, fingerprint(toRequest(spec, [], { variant: 1, turns: 1 }))]
  })
  expect(prints).toMatchInlineSnapshot(`
    [
      [
        "#ff00ff",
        "dd9bb49bbdceb8483bc01b0d9803bfa41abf9344fc517c4dc6e07965a0b253a5",
      ],
      [
        "#00ff00",
        "dec448e15b71aba78daa0a5255de4efd5d778693b07537ce9e9def78dffc0566",
      ],
      [
        "#0000ff",
        "5723d77836627c7e030077d8bf148b08c80bccc6038cb751f02af5503b91cc8d",
      ],
      [
        "#ff00ff",
        "a98dc9fd997bb82bf7bc4c6b555498d708e743ecd8f27bddc6402a2611b6375a",
      ],
    ]
  `)
})

test.for([
  ['Windows line endings', source.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${source}`],
  [
    'keys in another order',
    '---\nalt: A fox\naspectRatio: 16:9\nmodel: nano-banana\n---\nA fox\nin snow',
  ],
  ['defaults left out', '---\naspectRatio: 16:9\n---\nA fox\nin snow'],
  ['defaults written out', '---\naspectRatio: "16:9"\nsize: 1K\n---\nA fox\nin snow'],
  ['no transparency asked for', source.replace('alt:', 'transparent: false\nalt:')],
  ['another alternative text', source.replace('alt: A fox', "alt: ''")],
  ['a draft of one', source.replace('alt: A fox', 'altDraft: A fox')],
  [
    'blank lines around the prompt',
    source.replace('---\n\nA fox', '---\n\n\n\nA fox').concat('\n\n'),
  ],
] as const)('the same with %s', ([, other]) => {
  expect(printOf(other)).toBe(printOf(source))
})

test('the same in another folder and under another name', () => {
  expect(printOf(source, '/elsewhere/deep/b.prompt.md', '/elsewhere')).toBe(printOf(source))
})

test.for([
  ['the prompt', source.replace('snow', 'rain')],
  ['a line break in it', source.replace('A fox\nin', 'A fox in')],
  ['the model', source.replace('nano-banana', 'nano-banana-pro')],
  [
    'the model by its id in place of an alias',
    source.replace('nano-banana', 'gemini-nano-banana-2.1'),
  ],
  ['the ratio', source.replace('16:9', '9:16')],
  ['the size', source.replace('alt:', 'size: 2K\nalt:')],
] as const)('another with %s changed', ([, other]) => {
  expect(printOf(other)).not.toBe(printOf(source))
})

test('two requests have one fingerprint exactly if they are equal', () => {
  const text = fc.string({ unit: 'binary' }).map((value) => value.toWellFormed())
  const request = fc.record({ prompt: text, model: text, aspectRatio: text, size: text })
  fc.assert(
    fc.property(request, request, (a: ImageRequest, b: ImageRequest) => {
      const reordered = {
        size: a.size,
        aspectRatio: a.aspectRatio,
        model: a.model,
        prompt: a.prompt,
      }
      expect(fingerprint(reordered)).toBe(fingerprint(a))
      const equal = JSON.stringify(a) === JSON.stringify(b)
      expect(fingerprint(a) === fingerprint(b)).toBe(equal)
    }),
  )
})

test('is the SHA-256 of RFC 8785’s canonical JSON, whatever is in the request', () => {
  const text = fc.string({ unit: 'binary' })
  const request = fc.record(
    { prompt: text, model: text, aspectRatio: text, size: text, system: text, seed: fc.integer() },
    { requiredKeys: ['prompt', 'model', 'aspectRatio', 'size'] },
  )
  fc.assert(
    fc.property(request, (one) => {
      const canonical = `gemini-image/1\n${canonicalize(one)}`
      expect(fingerprint(one as ImageRequest)).toBe(hash('sha256', canonical))
    }),
  )
})
