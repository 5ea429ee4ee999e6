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
