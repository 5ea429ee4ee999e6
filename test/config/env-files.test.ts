import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { readEnvFiles, withEnvFiles } from '@gemini-image/core/internal'
import { beforeAll, expect, test } from 'vitest'
import * as vite from 'vite'
import * as vite7 from 'vite-7'
import { withEnv } from '../support/with-env.ts'

let dir: string

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'env-files-'))
  return () => rm(dir, { recursive: true })
})

/** What Vite reads of an env file that lies in a folder alone, and what we read. */
async function readBoth(
  text: string,
  env: Record<string, string>,
  { loadEnv }: Pick<typeof vite, 'loadEnv'>,
) {
  await writeFile(path.join(dir, '.env'), text)
  return withEnv(env, async () => {
    const ours = withEnvFiles({ dir, mode: 'production' }, process.env)
    const names = Object.keys({ ...readEnvFiles(dir, {}), ...env })
    const pick = (all: Readonly<Record<string, string | undefined>>) =>
      Object.fromEntries(names.map((name) => [name, all[name]]))
    return [pick(ours), pick(loadEnv('production', dir, 'GEMINI_'))]
  })
}

const KEY = 'AIza-key'

test.for([
  ['plain', `GEMINI_API_KEY=${KEY}`],
  ['Windows’ line ends', `GEMINI_API_KEY=${KEY}\r\nGEMINI_B=2\r\n`],
  ['quotes and a comment', `GEMINI_API_KEY = '${KEY}' # mine`],
  ['export', `export GEMINI_API_KEY="${KEY}"`],
  ['a reference', `GEMINI_MY=${KEY}\nGEMINI_API_KEY=\${GEMINI_MY}`],
  ['a reference to what comes later', `GEMINI_API_KEY=$GEMINI_MY\nGEMINI_MY=${KEY}`],
  ['a default', `GEMINI_API_KEY=\${GEMINI_NOTHING:-${KEY}}`],
  ['an escaped dollar sign', `GEMINI_API_KEY=a\\$GEMINI_B\nGEMINI_B=2`],
  ['nothing', 'GEMINI_API_KEY=\n'],
  [
    'a reference to what is empty outside',
    'GEMINI_API_KEY=$GEMINI_MY\nGEMINI_MY=1',
    { GEMINI_MY: '' },
  ],
] as const)('%s is read as Vite reads it, in each of its versions', async ([, text, env = {}]) => {
  for (const one of [vite, vite7]) {
    const [ours, theirs] = await readBoth(text, env, one)
    expect(ours).toEqual(theirs)
    expect(Object.keys(ours ?? {})).toContain('GEMINI_API_KEY')
  }
})

test('a byte order mark is no part of a name, as in Vite 7', async () => {
  const [ours, theirs] = await readBoth(`\uFEFFGEMINI_API_KEY=${KEY}`, {}, vite7)
  expect(ours).toEqual({ GEMINI_API_KEY: KEY })
  expect(ours).toEqual(theirs)
})

test('files of a mode go before the others, and the process before all, as in Vite', async () => {
  const at = path.join(dir, 'order')
  await mkdir(at)
  const names = ['.env', '.env.local', '.env.staging', '.env.staging.local']
  for (const [index, name] of names.entries()) {
    const lines = names.slice(0, names.length - index).map((_, n) => `GEMINI_${n}=${name}`)
    await writeFile(path.join(at, name), lines.join('\n'))
  }
  await withEnv({ GEMINI_0: 'process' }, async () => {
    const theirs = vite.loadEnv('staging', at, 'GEMINI_')
    expect(withEnvFiles({ dir: at, mode: 'staging' }, process.env)).toMatchObject(theirs)
    expect(theirs).toMatchObject({
      GEMINI_0: 'process',
      GEMINI_1: '.env.staging',
      GEMINI_3: '.env',
    })
  })
})

const NAMES = ['GEMINI_A', 'GEMINI_B', 'GEMINI_C', 'GEMINI_OUT']

/** Text with references to some of the names. */
function textWith(names: readonly string[]): fc.Arbitrary<string> {
  const signs = fc.constantFrom(
    'a',
    '-',
    ':-',
    '+',
    ' ',
    '#',
    '\\$',
    '\\',
    '$',
    '$$',
    '{',
    '}',
    '=',
  )
  const name = fc.constantFrom(...names, 'GEMINI_NOTHING')
  const other = fc.constantFrom('', 'x', 'y-z', ...names.map((one) => `$${one}`))
  const inBraces = fc.tuple(name, fc.constantFrom('', '-', ':-', '+', ':+'), other)
  const part = fc.oneof(
    signs,
    name.map((one) => `$${one}`),
    inBraces.map(([one, operator, text]) => `\${${one}${operator}${operator && text}}`),
  )
  return fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''))
}

/** Lines that set variables. No references go round in circles: Vite would fill them in for ever. */
const lines = fc
  .tuple(
    ...NAMES.map((name, index) => {
      const text = textWith(NAMES.slice(index + 1))
      const written = fc.oneof(
        text,
        text.map((one) => `"${one}"`),
        text.map((one) => `'${one}'`),
      )
      return fc.option(written.map((one) => `${name}=${one}`))
    }),
  )
  .chain((all) => fc.shuffledSubarray(all.filter((line) => line !== null)))

test('any file is read as Vite reads it', async () => {
  await fc.assert(
    fc.asyncProperty(lines, fc.option(textWith([])), async (all, outside) => {
      const env = outside === null ? {} : { GEMINI_OUT: outside }
      const [ours, theirs] = await readBoth(all.join('\n'), env, vite)
      expect(ours).toEqual(theirs)
    }),
    { numRuns: 500 },
  )
})

test('references that go round in circles come to an end', async () => {
  const text = 'GEMINI_A=1$GEMINI_B\nGEMINI_B=2$GEMINI_C\nGEMINI_C=3$GEMINI_B\nGEMINI_D=$GEMINI_D'
  await writeFile(path.join(dir, '.env'), text)
  expect(withEnvFiles({ dir }, {})).toMatchObject({ GEMINI_D: '' })
})
