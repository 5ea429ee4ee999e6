import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LockEntry } from '../src/pin/lock-entry.ts'
import { formatLockfile, parseLockfile } from '../src/pin/lockfile-text.ts'
import { openLockfile } from '../src/pin/lockfile.ts'
import { entry, print } from './support/entry.ts'
import { tempDir } from './support/temp-dir.ts'

const place = { file: '/site/gemini-image.lock', path: 'gemini-image.lock', line: 1, column: 1 }
const parse = (text: string): ReturnType<typeof parseLockfile> => parseLockfile(text, place)

describe('the text', () => {
  test('comes back as it was, in an order of its own', () => {
    const seeds = fc.uniqueArray(fc.nat(), { maxLength: 30 })
    fc.assert(
      fc.property(seeds, (chosen) => {
        const entries = new Map(chosen.map((seed) => [print(seed), entry(seed)]))
        const text = formatLockfile(entries)
        expect(new Map(parse(text).entries)).toEqual(entries)
        expect(formatLockfile(new Map([...entries].toReversed()))).toBe(text)
        expect(parse(text.replaceAll('\n', '\r\n')).entries).toEqual(entries)
      }),
    )
  })

  test('keeps what a newer version wrote', () => {
    const text = formatLockfile(new Map([[print(1), { ...entry(1), credits: ['x'] } as LockEntry]]))
    expect(formatLockfile(parse(text).entries)).toBe(text)
    expect(text).toContain('credits')
  })

  const line = (seed: number, change?: Partial<LockEntry>): string =>
    `  ${print(seed)}: ${JSON.stringify(entry(seed, change))}`

  test('with conflict markers is the union of both sides, without the ancestor', () => {
    const text = [
      'version: 1',
      'pictures:',
      line(1),
      '<<<<<<< HEAD',
      line(2),
      '||||||| base',
      line(9),
      '=======',
      line(3),
      '>>>>>>> branch',
      '',
    ].join('\n')
    const { entries, hasConflicts } = parse(text)
    expect(hasConflicts).toBe(true)
    expect([...entries.keys()]).toEqual([print(1), print(2), print(3)])
  })

  test('settles on the older of two pictures for one request, whichever stands first', () => {
    const older = line(1, { created: '2026-01-01T00:00:00Z', object: print(5) })
    const newer = line(1, { created: '2026-02-01T00:00:00Z', object: print(4) })
    for (const lines of [
      [older, newer],
      [newer, older],
    ]) {
      expect(parse(lines.join('\n')).entries.get(print(1))?.object).toBe(print(5))
    }
  })

  test.for([
    ['another version', 'version: 2\n', 'layout is version 2'],
    ['a line of something else', `version: 1\nhello\n`, 'not an entry'],
    ['a cut-off entry', `version: 1\n${line(1).slice(0, 100)}\n`, 'not an entry'],
    [
      'a file outside of the store',
      `version: 1\n${line(1, { file: '../../etc/x.jpg' })}\n`,
      'does not hold',
    ],
    ['an absolute file', `version: 1\n${line(1, { file: '/etc/x.jpg' })}\n`, 'does not hold'],
    ['a negative width', `version: 1\n${line(1, { width: -1 })}\n`, 'does not hold'],
  ] as const)('with %s is refused', ([, text, said]) => {
    expect(() => parse(text)).toThrow(said)
    expect(() => parse(text)).toThrow('CORRUPT_LOCKFILE at gemini-image.lock:')
  })
})

describe('the file', () => {
  test('loses none of many additions made at once, and is written far less often', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const lock = openLockfile(dir, file)
    const seeds = Array.from({ length: 200 }, (_, i) => i)
    await Promise.all(seeds.map((seed) => lock.add(print(seed), entry(seed))))
    expect((await openLockfile(dir, file).read()).entries.size).toBe(200)
  })

  test('keeps what another process added between two additions', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const [ours, theirs] = [openLockfile(dir, file), openLockfile(dir, file)]
    await ours.add(print(1), entry(1))
    await theirs.add(print(2), entry(2))
    await ours.add(print(3), entry(3))
    expect([...(await theirs.read()).entries.keys()]).toEqual([print(1), print(2), print(3)])
  })

  test('is not touched when it cannot be read', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    await writeFile(file, 'version: 1\nnonsense\n')
    await expect(openLockfile(dir, file).add(print(1), entry(1))).rejects.toThrow(
      'CORRUPT_LOCKFILE',
    )
    expect(await readFile(file, 'utf8')).toBe('version: 1\nnonsense\n')
  })

  test('of two branches that each add pictures merges by itself', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const git = (...args: string[]): void => {
      const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
      execFileSync('git', [...who, ...args], { cwd: dir, stdio: 'pipe' })
    }
    const commitWith = async (seeds: readonly number[]): Promise<void> => {
      await writeFile(
        file,
        formatLockfile(new Map(seeds.map((seed) => [print(seed), entry(seed)]))),
      )
      git('add', '-A')
      git('commit', '-qm', 'pictures')
    }
    const range = (from: number, step: number): number[] =>
      Array.from({ length: 20 }, (_, i) => from + i * step)
    git('init', '-q', '-b', 'main')
    await writeFile(path.join(dir, '.gitattributes'), 'gemini-image.lock merge=union\n')
    await commitWith([1])
    git('checkout', '-qb', 'other')
    await commitWith([1, ...range(1000, 7)])
    git('checkout', '-q', 'main')
    await commitWith([1, ...range(1003, 7)])
    git('merge', '-q', '--no-edit', 'other')
    const { entries, hasConflicts } = parse(await readFile(file, 'utf8'))
    expect(entries.size).toBe(41)
    expect(hasConflicts).toBe(false)
  })
})
