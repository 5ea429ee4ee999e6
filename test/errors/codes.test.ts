import type { ErrorCode } from '@gemini-image/core'
import { ERROR_CODES } from '@gemini-image/core/internal'
import { expect, test } from 'vitest'
import { withAlt } from '../support/with-alt.ts'
import { PROVOKE } from './provoke.ts'
import { importing, leftIn, setStage } from './stage.ts'

const codes = Object.keys(ERROR_CODES) as ErrorCode[]

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
