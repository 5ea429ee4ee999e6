import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { start } from '../support/process.ts'
import { createSite, promptFile } from '../support/site.ts'
import type { Outcome } from './work.ts'

// Memory that grows with anything but the text does not fit: a plan of a thousand pictures needs a third of it.
const MEGABYTES = 192

const WORK = path.join(import.meta.dirname, 'work.ts')

/** What came of a site in a process of limited memory. */
async function outcomeOf(files: Readonly<Record<string, string>>): Promise<Outcome> {
  const site = await createSite(files)
  const { ended } = start([`--max-old-space-size=${MEGABYTES}`, WORK], site.root, { CI: '' })
  const { code, stdout, stderr } = await ended
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return JSON.parse(stdout) as Outcome
}

/** Pictures `p1` to `p<count>`, all imported, of which each refers to what `referred` gives. */
function pictures(
  count: number,
  referred: (number: number) => readonly string[],
): Record<string, string> {
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  const files = numbers.map((number) => {
    const references = JSON.stringify(referred(number))
    return [
      `p${number}.prompt.md`,
      promptFile(`Panel ${number}`, references === '[]' ? {} : { references }),
    ]
  })
  const imports = numbers.map((number) => `import './p${number}.prompt.md?gemini-image'\n`)
  return { ...Object.fromEntries(files), 'main.js': imports.join('') }
}

/** The prompt files so many pictures before one, as far as there are any. */
function before(...distances: readonly number[]): (number: number) => readonly string[] {
  return (number) =>
    distances.flatMap((distance) => (number > distance ? `./p${number - distance}.prompt.md` : []))
}

describe('references', () => {
  test.each([
    ['in a chain', 3000, before(1)],
    ['in diamonds', 1000, before(1, 2)],
    ['in wide diamonds', 400, before(1, 2, 3, 4, 5, 6, 7, 8)],
  ])('%s are planned, and generated up to the first refusal', async (_, count, referred) => {
    const { rows, problems, failures } = await outcomeOf(pictures(count, referred))
    expect({ rows, problems }).toEqual({ rows: count, problems: [] })
    expect(failures).toEqual([{ code: 'BLOCKED', at: 'p1.prompt.md:5:1' }])
  })

  test('in a loop of thousands are told once', async () => {
    const count = 2000
    const previous = (number: number): string => `./p${number === 1 ? count : number - 1}.prompt.md`
    const { rows, problems } = await outcomeOf(pictures(count, (number) => [previous(number)]))
    expect({ rows, problems }).toEqual({
      rows: 0,
      problems: [{ code: 'CIRCULAR_REFERENCE', at: 'p1.prompt.md:3:14' }],
    })
  })

  test('in diamonds above a mistake tell it once for each reference that leads there', async () => {
    const files = pictures(1000, (number) =>
      number < 3 ? ['./nowhere.prompt.md'] : before(1, 2)(number),
    )
    const { problems, longest } = await outcomeOf(files)
    expect(new Set(problems.map(({ at }) => at))).toEqual(
      new Set(['p1.prompt.md:3:14', 'p2.prompt.md:3:14']),
    )
    expect(longest).toBeLessThan(1000)
  })

  test('in a chain of mistakes are told where they are, in messages that stay short', async () => {
    const files = pictures(1000, (number) => ['./nowhere.png', ...before(1)(number)])
    const { problems, longest } = await outcomeOf(files)
    expect(new Set(problems.map(({ at }) => at)).size).toBe(1000)
    expect(longest).toBeLessThan(5000)
  })
})

describe('turns', () => {
  const turns = (count: number): Record<string, string> => {
    const list = Array.from({ length: count }, (_, index) => `\n  - Change ${index + 1}`).join('')
    return { ...pictures(1, () => []), 'p1.prompt.md': promptFile('A fox', { turns: list }) }
  }

  test('are planned, as many as a context can hold', async () => {
    expect(await outcomeOf(turns(200))).toMatchObject({ rows: 1, problems: [] })
  })

  test('beyond that are refused at the first that is too many', async () => {
    const problem = { code: 'UNSUPPORTED_SETTING', at: 'p1.prompt.md:204:5' }
    expect(await outcomeOf(turns(3000))).toMatchObject({ rows: 0, problems: [problem] })
  })
})

describe('a value in a prompt file', () => {
  const SEVERAL = 'a: &a [x, x, x, x, x, x, x, x, x, x]\n'
  const bomb = Array.from('bcdefghij', (name, index) => {
    const before = `*${'abcdefghij'[index]}`
    return `${name}: &${name} [${Array.from({ length: 10 }, () => before).join(', ')}]\n`
  }).join('')

  test.each([
    [
      'aliases of aliases',
      `vars:\n  ${(SEVERAL + bomb).replaceAll('\n', '\n  ')}`,
      'INVALID_VALUE 3:3',
    ],
    ['an alias of what holds it', 'references: &all\n  - *all', 'MALFORMED_YAML 3:3'],
    ['an alias of nothing', 'references: *none', 'MALFORMED_YAML 2:13'],
    ['keys in keys', `vars:\n  ${'? '.repeat(60)}x`, 'MALFORMED_YAML 3:3'],
    ['keys in keys, deeper', `vars:\n  ${'? '.repeat(5000)}x`, 'MALFORMED_YAML 2:1'],
    ['lists in lists', `vars: ${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'MALFORMED_YAML 2:1'],
    ['thousands of keys', `vars:\n${'  same: x\n'.repeat(5000)}`, 'SEVERAL_PROBLEMS 4:3'],
    ['a number that is none', 'vars: { a: .nan }', 'INVALID_VALUE 2:12'],
    ['an endless number', 'temperature: -.inf', 'INVALID_VALUE 2:14'],
    ['half a character', String.raw`system: "A fox \ud83e"`, 'INVALID_VALUE 2:9'],
    ['half a character in a key', String.raw`vars: { "\udd8a": fox }`, 'INVALID_VALUE 2:9'],
  ])('that is %s is refused where it stands', async (_, settings, told) => {
    const files = { 'main.js': "import './p1.prompt.md?gemini-image'\n" }
    const text = `---\n${settings}\nalt: A\n---\n\nA fox\n`
    const { problems } = await outcomeOf({ ...files, 'p1.prompt.md': text })
    expect(problems.map(({ code, at }) => `${code} ${at?.replace('p1.prompt.md:', '')}`)).toContain(
      told,
    )
  })
})

/** What is wrong in a file that declares pictures inline, as `CODE line:column`, and how many pictures there are. */
async function inlineOutcome(
  file: string,
  text: string,
): Promise<{ rows: number; told: string[] }> {
  const { rows, problems } = await outcomeOf({
    'src/content.config.js': `
      import { geminiImage } from 'astro-gemini-image/schema'
      export const schema = ({ image }) => ({ cover: geminiImage({ image }) })\n`,
    [`src/${file}`]: text,
  })
  return {
    rows,
    told: problems.map(({ code, at }) => `${code} ${at?.replace(`src/${file}:`, '')}`),
  }
}

describe('content', () => {
  const post = { title: 'A template', text: 'A prompt. '.repeat(100) }
  const posts = Array.from({ length: 20_000 }, (_, id) => ({ id, ...post }))
  const cover = { cover: { prompt: 'A fox', alt: 'A fox' } }
  const yaml = (lines: number): string =>
    `${'- { title: A template, text: A prompt }\n'.repeat(lines)}- cover: { prompt: A fox, alt: A fox }\n`

  test.each([
    ['20 MB of JSON', 'posts.json', JSON.stringify([...posts, cover]), 1, []],
    [
      'JSON with a thousand pictures',
      'posts.json',
      JSON.stringify(Array.from({ length: 1000 }, (_, id) => ({ cover: { prompt: `Fox ${id}` } }))),
      1000,
      [],
    ],
    [
      'JSON that is nested as deep as you like',
      'a.json',
      `{ "a": ${'['.repeat(100_000)}${']'.repeat(100_000)}, "cover": { "prompt": "A fox" } }`,
      1,
      [],
    ],
    [
      'half a character',
      'a.json',
      String.raw`{ "cover": { "prompt": "A \ud83e" } }`,
      0,
      ['INVALID_VALUE 1:24'],
    ],
    ['thousands of lines of YAML', 'posts.yaml', yaml(5000), 1, []],
    ['more YAML than can be read', 'posts.yaml', yaml(30_000), 0, ['MALFORMED_YAML 1:1']],
    [
      'aliases of aliases',
      'a.yaml',
      `a: &a [x, x]\n${Array.from('bcdefghijklmnopqrstuvwxyz', (name, index) => {
        const before = 'abcdefghijklmnopqrstuvwxyz'[index]
        return `${name}: &${name} [*${before}, *${before}]\n`
      }).join('')}cover: { prompt: A fox, style: *z }\n`,
      0,
      ['INVALID_VALUE 27:32'],
    ],
    [
      'what holds itself',
      'a.yaml',
      'all: &all\n  cover: { prompt: A fox }\n  more: [*all]\n',
      1,
      [],
    ],
    [
      'a cover that holds itself',
      'a.yaml',
      'cover: &c { prompt: A fox, style: [*c] }\n',
      0,
      ['MALFORMED_YAML 1:35'],
    ],
    [
      'a number that is none',
      'a.md',
      '---\ncover:\n  prompt: A fox\n  seed: .nan\n---\n',
      0,
      ['INVALID_VALUE 4:9'],
    ],
    [
      'a path that is no encoding',
      'a.md',
      '---\ntitle: A\n---\n\nA ![fox](./a%zz.prompt.md)\n',
      0,
      ['PROMPT_FILE_NOT_FOUND 5:10'],
    ],
  ])('with %s is planned, or refused where it stands', async (_, file, text, rows, told) => {
    expect(await inlineOutcome(file, text)).toEqual({ rows, told })
  })
})

describe('a macro', () => {
  test.each([
    ['an endless number', '{ prompt: "A fox", temperature: 1e999 }', 0, ['INVALID_VALUE 2:45']],
    ['half a character', String.raw`{ prompt: "A fox \ud83e" }`, 0, ['INVALID_VALUE 2:23']],
    // How deep the parser of expressions can go depends on the stack that is left.
    ['a text in thousands of parts', `{ prompt: ${'"A " + '.repeat(2000)}"fox" }`, 1, []],
    [
      'lists in lists',
      `{ vars: ${'['.repeat(50_000)} }`,
      0,
      [expect.stringMatching(/^NOT_STATIC 2:/)],
    ],
  ])('with %s is planned, or refused where it stands', async (_, settings, rows, told) => {
    const text = `import { geminiImage } from 'unplugin-gemini-image/macro'\ngeminiImage(${settings})\n`
    expect(await inlineOutcome('a.js', text)).toEqual({ rows, told })
  })
})
