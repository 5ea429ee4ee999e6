import type { ErrorCode } from '@gemini-image/core'
import { ERRORS } from '@gemini-image/core/errors'
import { expect, test } from 'vitest'
import { withAlt } from '../support/with-alt.ts'
import { exampleOf } from './example.ts'
import { PROVOKE } from './provoke.ts'
import { importing, leftIn, setStage } from './stage.ts'

const codes = Object.keys(ERRORS) as ErrorCode[]

/** What was provoked: code → the error as a page can show it. */
const examples = new Map<string, string>()

/** What a failure is called: by itself, by what it wraps, and by those that are listed in it. */
function codesOf(error: unknown): unknown[] {
  const { code, problems = [] } = error as { code?: unknown; problems?: readonly unknown[] }
  // Rolldown passes the text of our errors on, and not their fields.
  const named = /^GeminiImageError: ([A-Z_]+)/m.exec(String(error))?.[1]
  return [code, named, ...problems.flatMap(codesOf)]
}

test.for(codes)('%s', async (code) => {
  const { provoke, at, calls, leaves = [] } = PROVOKE[code]
  const stage = await setStage()
  const error = await provoke(stage)
  expect(codesOf(error)).toContain(code)
  const { message } = error as Error
  if (at !== undefined) expect(message).toContain(` at ${at}\n`)
  expect(message).toMatch(/^ +What to do: \S.*\S/m)
  expect(stage.gemini.requests).toHaveLength(calls)
  expect(await leftIn(stage.site)).toEqual(leaves)
  examples.set(code, exampleOf(code, message, stage.site.root))
})

test('docs show these errors ("vitest run test/errors/codes.test.ts -u" keeps them, "pnpm docs" shows them)', async () => {
  expect([...examples.keys()]).toEqual(codes)
  const text = `${JSON.stringify(Object.fromEntries(examples), undefined, 2)}\n`
  await expect(text).toMatchFileSnapshot('examples.json')
})

test('what is in the source is blamed on a place that an editor can open', async () => {
  for (const code of ['UNKNOWN_KEY', 'REFERENCE_NOT_FOUND', 'BLOCKED'] as const) {
    const stage = await setStage()
    const error = await PROVOKE[code].provoke(stage)
    const [file = '', line] = PROVOKE[code].at?.split(':') ?? []
    expect(error).toMatchObject({ loc: { file: stage.site.path(file), line: Number(line) } })
  }
})

/** What comes from elsewhere than our source must not look like a crash of ours. */
test('a failure shows no stack of our own code', async () => {
  const error = await PROVOKE.MISSING_KEY.provoke(await setStage())
  expect((error as Error).stack).not.toMatch(/^ +at /m)
})

test('a cache folder that cannot be made is told as well', async () => {
  const stage = await setStage({
    'main.js': importing('hero'),
    'hero.prompt.md': withAlt('A lighthouse'),
    node_modules: 'A file where the folder should be',
  })
  expect(await stage.fail()).toMatchObject({ code: 'WRITE_FAILED' })
  expect(stage.gemini.requests).toEqual([])
})

test('a lockfile that cannot be read is told as well', async () => {
  const stage = await setStage({
    'main.js': importing('hero'),
    'hero.prompt.md': withAlt('A lighthouse'),
    'gemini-image.lock/inside.txt': 'A folder where the file should be',
  })
  expect(await stage.fail()).toMatchObject({ code: 'CORRUPT_LOCKFILE' })
})
