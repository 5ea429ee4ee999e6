import { execFileSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inPlaceOf, resultsOf, type LockEntry, type StoredImage } from '../src/pin/lock-entry.ts'
import {
  formatLockfile,
  parseLockfile,
  type ParsedLockfile,
  type RemotePin,
} from '../src/pin/lockfile-text.ts'
import { openLockfile } from '../src/pin/lockfile.ts'
import { formatResult } from '../src/team/team-store.ts'
import { entry, print } from './support/entry.ts'
import { tempDir } from './support/temp-dir.ts'

const place = { file: '/site/gemini-image.lock', path: 'gemini-image.lock', line: 1, column: 1 }
const parse = (text: string): ParsedLockfile => parseLockfile(text, place)

const pin = (seed: number): RemotePin => ({ object: print(seed), type: 'image/png', size: seed })

/** The picture of an entry. */
const image = (seed: number): StoredImage => {
  const { file, object, type, width, height } = entry(seed)
  return { file, object, type, width, height }
}

/** The entry as one line of a lockfile. */
const line = (seed: number, change?: Partial<LockEntry>): string =>
  `  ${print(seed)}: ${JSON.stringify(entry(seed, change))}`

const CITED = { sources: [{ url: 'https://a.test' }], queries: [] }
const CITATION = { start: 0, end: 4, sources: [0] }

const remoteLine = (url: string, seed: number): string =>
  `  ${JSON.stringify(url)}: ${JSON.stringify(pin(seed))}`

describe('results', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({
      unit: fc.constantFrom('\u2028', '\u2029', '\u0085', '\n', '\r', '"', '\\', '}', ' '),
    }),
  )
  const source = fc.record({ url: text, title: text, imageUrl: text }, { requiredKeys: ['url'] })
  const grounding = fc.record(
    { searchSuggestions: text, sources: fc.array(source), queries: fc.array(text) },
    { requiredKeys: ['sources', 'queries'] },
  )
  const replay = fc.record(
    { api: text, items: fc.array(fc.jsonValue()), id: text },
    { requiredKeys: ['api', 'items'] },
  )
  // Its own picture is the last of all that it names.
  const images = fc.array(fc.nat().map(image)).map((others) => [...others, image(1)])
  const part = fc.oneof(fc.record({ text }), fc.record({ image: fc.constant(0) }))
  const change = fc.record(
    { images, parts: fc.array(part), grounding, replay },
    { requiredKeys: [] },
  )
  const entries = fc
    .dictionary(fc.nat().map(print), change, { maxKeys: 5 })
    .map((all) => new Map(Object.entries(all).map(([key, more]) => [key, entry(1, more)])))
  const remotes = fc
    .array(fc.tuple(fc.webUrl({ validSchemes: ['https'], withQueryParameters: true }), fc.nat()))
    .map((all) => new Map(all.map(([url, seed]) => [url, pin(seed)])))

  test('and addresses come back byte for byte', () => {
    fc.assert(
      fc.property(entries, remotes, (pictures, pins) => {
        const written = formatLockfile(pictures, pins)
        const read = parse(written)
        expect(formatLockfile(read.entries, read.remotes)).toBe(written)
        expect(read.entries.size).toBe(pictures.size)
        expect(read.remotes).toEqual(pins)
        const reversed = new Map([...pins].toReversed())
        expect(formatLockfile(new Map([...pictures].toReversed()), reversed)).toBe(written)
      }),
    )
  })

  test.for([
    ['a line separator of Unicode', '\u2028'],
    ['a paragraph separator of Unicode', '\u2029'],
    ['half of a character', '\uD800'],
    ['a line break', 'a\r\n<<<<<<< b\nc'],
    ['what looks like an entry’s end', '"}\n  remotes:\n'],
  ] as const)('with %s in a text come back from disk', async ([, inside]) => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const parts = [{ text: `A${inside}B` }, { image: 0 }]
    const replay = { api: 'interactions', items: [{ type: 'text', text: inside }] }
    await openLockfile(dir, file).add(print(1), entry(1, { parts, replay }))
    const { entries: read } = await openLockfile(dir, file).read()
    expect(read.get(print(1))).toEqual(entry(1, { parts, replay }))
  })

  test.for([
    ['an entry', { credits: 1 }],
    ['a count', { tokens: { input: 1, image: 2, text: 3, audio: 4 } }],
    ['an image', { images: [{ ...image(2), bits: 8 }, image(1)] }],
    ['a part', { parts: [{ text: 'A', language: 'en' }] }],
    ['a part of a new kind', { parts: [{ text: 'A' }, { image: 0, caption: 'B' }] }],
    ['the grounding', { grounding: { sources: [], queries: [], supports: [] } }],
    ['a citation', { grounding: { ...CITED, citations: [{ ...CITATION, sure: 0.9 }] } }],
    ['a source', { grounding: { sources: [{ url: 'https://a.test', rank: 1 }], queries: [] } }],
    ['the replay', { replay: { api: 'a', items: [], version: 2 } }],
  ] as const)('with something newer in %s keep it', ([, more]) => {
    const written = formatLockfile(new Map([[print(1), { ...entry(1), ...more } as LockEntry]]))
    expect(formatLockfile(parse(written).entries)).toBe(written)
  })

  test('have no section for addresses where there is none', () => {
    expect(formatLockfile(new Map([[print(1), entry(1)]]))).not.toContain('remotes')
    expect(formatLockfile(new Map(), new Map([['https://a.test/', pin(1)]]))).toMatch(
      /\npictures:\nremotes:\n {2}"https:\/\/a\.test\/": \{.*\}\n$/,
    )
  })
})

describe('what cannot be read', () => {
  const good = 'version: 1\npictures:\nremotes:\n'
  const url = 'https://a.test/x.png'
  test.for([
    ['http', remoteLine('http://a.test/x.png', 1), 'not an entry'],
    ['no quotes', remoteLine(url, 1).replaceAll(/"(?=https)|(?<=png)"/g, ''), 'not an entry'],
    ['a cut end', remoteLine(url, 1).slice(0, -1), 'not an entry'],
    ['no object', `  "${url}": {}`, 'pinned address'],
    ['a short hash', remoteLine(url, 1).replace('0000', ''), 'pinned address'],
    ['another type', remoteLine(url, 1).replace('image/png', 'image/gif'), 'pinned address'],
    ['a negative size', remoteLine(url, -1), 'pinned address'],
    ['a broken address', `  "https:\\x": ${JSON.stringify(pin(1))}`, 'pinned address'],
    ['broken JSON', `  "${url}": {"object":}`, 'pinned address'],
    ['no indentation', remoteLine(url, 1).trim(), 'not an entry'],
  ] as const)('in an address: %s, is refused with its line', ([, bad, said]) => {
    const text = `${good}${remoteLine('https://b.test/', 2)}\n${bad}\n`
    expect(() => parse(text)).toThrow('CORRUPT_LOCKFILE at gemini-image.lock:5:1')
    expect(() => parse(text)).toThrow(said)
  })

  test.for([
    ['images outside of the store', { images: [{ ...image(3), file: '../x.jpg' }, image(2)] }],
    ['an image without an object', { images: [{ file: 'a.jpg' }, image(2)] }],
    ['no images', { images: [] }],
    ['images of others', { images: [image(3)] }],
    ['its own image before others', { images: [image(2), image(3)] }],
    ['its own image with another hash', { images: [{ ...image(2), object: print(3) }] }],
    ['its own image in another size', { images: [{ ...image(2), width: 9 }] }],
    ['a part of an image that is not there', { parts: [{ image: 1 }] }],
    ['parts of nothing', { parts: [{}] }],
    ['a part with a negative number', { parts: [{ image: -1 }] }],
    ['grounding without sources', { grounding: { queries: [] } }],
    ['a citation without a place', { grounding: { ...CITED, citations: [{ sources: [0] }] } }],
    ['a source without an address', { grounding: { sources: [{}], queries: [] } }],
    ['a replay without items', { replay: { api: 'a' } }],
  ] as const)('in a result: %s, is refused with its line', ([, more]) => {
    const text = `version: 1\npictures:\n${line(1)}\n${line(2, more as unknown as LockEntry)}\n`
    expect(() => parse(text)).toThrow('CORRUPT_LOCKFILE at gemini-image.lock:4:1')
    expect(() => parse(text)).toThrow('what a pinned picture needs')
  })

  test('is all told at once', () => {
    const text = `${good}nonsense\n${line(1)}\n  "https:": {}\n`
    expect(() => parse(text)).toThrow(/2 problems[\s\S]*lock:4:1[\s\S]*lock:6:1/)
  })
})

describe('former results', () => {
  const at = (day: number, change: Partial<LockEntry> = {}): LockEntry =>
    entry(day, { created: `2026-01-0${day}T00:00:00Z`, ...change })

  test('come back as they were, and are shared with nobody', () => {
    const all = new Map([[print(1), at(3, { redrawn: 2, former: [at(2), at(1)] })]])
    expect(parse(formatLockfile(all)).entries).toEqual(all)
    const [[, first] = []] = all
    const shared: unknown = JSON.parse(Buffer.from(formatResult(first as LockEntry)).toString())
    expect(shared).toEqual(at(3, { redrawn: 2 }))
  })

  test.for([
    ['a file outside of the store', { ...at(1), file: '../x.jpg' }],
    ['no hash', { ...at(1), object: 'x' }],
    ['nothing', {}],
  ])('with %s are refused', ([, former]) => {
    expect(() => parse(line(1, { former: [former as LockEntry] }))).toThrow('does not hold')
  })

  test('are all kept where branches have asked anew, in whatever order they stand', () => {
    const origin = at(1)
    const result = fc.integer({ min: 2, max: 9 }).map((day) => at(day, { redrawn: 1 }))
    const branch = fc
      .array(result, { minLength: 1, maxLength: 3 })
      .map((all) =>
        all.reduce(
          (before, one, index) => inPlaceOf(before, { ...one, redrawn: index + 1 }, true),
          origin,
        ),
      )
    fc.assert(
      fc.property(fc.array(branch, { minLength: 2, maxLength: 3 }), fc.nat(), (all, turn) => {
        const lines = all.map((one) => `  ${print(1)}: ${JSON.stringify(one)}`)
        const merged = parse(lines.join('\n')).entries.get(print(1)) as LockEntry
        const paid = (one: LockEntry): string[] => resultsOf(one).map(({ created }) => created)
        expect(new Set(paid(merged))).toEqual(new Set(all.flatMap(paid)))
        expect(paid(merged)).toHaveLength(new Set(paid(merged)).size)
        const most = Math.max(...all.map(({ redrawn = 0 }) => redrawn))
        expect(merged.redrawn).toBe(most)
        const at = turn % lines.length
        const other = [...lines.slice(at), ...lines.slice(0, at)].toReversed()
        expect(parse(other.join('\n')).entries.get(print(1))).toEqual(merged)
        expect(parse(formatLockfile(new Map([[print(1), merged]]))).entries.get(print(1))).toEqual(
          merged,
        )
      }),
    )
  })

  test('of an entry that is replaced unasked stay, and it does not become one', () => {
    const before = at(2, { former: [at(1)] })
    expect(inPlaceOf(before, at(3), false)).toEqual(at(3, { former: [at(1)] }))
    expect(inPlaceOf(before, at(3), true)).toEqual(at(3, { former: [at(2), at(1)] }))
    expect(inPlaceOf(undefined, at(3), true)).toEqual(at(3))
  })
})

describe('a merge', () => {
  const grounding = { sources: [], queries: ['x'] }

  test.for([
    ['the older of two plain pictures', undefined, '2026-01-01T00:00:00Z'],
    ['the newer of two of looked-up data', grounding, '2026-02-01T00:00:00Z'],
  ] as const)('takes %s, in either order', ([, looked, expected]) => {
    const lines = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'].map((created, index) =>
      line(1, { created, object: print(9 - index), ...(looked && { grounding: looked }) }),
    )
    for (const both of [lines, lines.toReversed()]) {
      expect(parse(both.join('\n')).entries.get(print(1))?.created).toBe(expected)
    }
  })

  test('settles every clone on the same picture, in whatever order they stand', () => {
    const change = fc.record({
      created: fc.constantFrom(1, 2, 3).map((month) => `2026-0${month}-01T00:00:00Z`),
      object: fc.constantFrom(print(4), print(5), print(6)),
      // Google does not always say what it looked up.
      isGrounded: fc.boolean(),
    })
    const several = fc.array(change, { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(several, fc.nat(), (all, turn) => {
        const lines = all.map(({ isGrounded, ...one }) =>
          line(1, { ...one, ...(isGrounded && { grounding }) }),
        )
        const at = turn % lines.length
        const other = [...lines.slice(at), ...lines.slice(0, at)].toReversed()
        const winner = parse(lines.join('\n')).entries.get(print(1))
        expect(parse(other.join('\n')).entries.get(print(1))).toEqual(winner)
      }),
    )
  })

  test('takes the same one of two pins of an address, in either order', () => {
    const url = 'https://a.test/x.png'
    const lines = [remoteLine(url, 7), remoteLine(url, 3)]
    for (const both of [lines, lines.toReversed()]) {
      expect(parse(both.join('\n')).remotes.get(url)).toEqual(pin(3))
    }
  })

  test('with conflict markers in both sections is the union, without the ancestor', () => {
    const text = [
      'version: 1',
      'pictures:',
      line(1),
      '<<<<<<< HEAD',
      line(2),
      'remotes:',
      remoteLine('https://a.test/2', 2),
      '||||||| base',
      line(9),
      remoteLine('https://a.test/9', 9),
      '=======',
      line(3),
      'remotes:',
      remoteLine('https://a.test/3', 3),
      '>>>>>>> branch',
      remoteLine('https://a.test/4', 4),
    ].join('\r\n')
    const { entries, remotes, hasConflicts } = parse(text)
    expect(hasConflicts).toBe(true)
    expect([...entries.keys()]).toEqual([1, 2, 3].map(print))
    expect([...remotes.keys()]).toEqual([2, 3, 4].map((seed) => `https://a.test/${seed}`))
  })

  test('of two branches that each add pictures and addresses happens by itself', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const git = (...args: string[]): void => {
      const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid']
      execFileSync('git', [...who, ...args], { cwd: dir, stdio: 'pipe' })
    }
    const url = (seed: number): string => `https://a.test/${seed}.png`
    const commitWith = async (seeds: readonly number[]): Promise<void> => {
      const pictures = new Map(seeds.map((seed) => [print(seed), entry(seed, { grounding })]))
      const pins = new Map(seeds.map((seed) => [url(seed), pin(seed)]))
      await writeFile(file, formatLockfile(pictures, pins))
      git('add', '-A')
      git('commit', '-qm', 'pictures')
    }
    git('init', '-q', '-b', 'main')
    await writeFile(path.join(dir, '.gitattributes'), 'gemini-image.lock merge=union\n')
    await writeFile(file, formatLockfile(new Map([[print(1), entry(1)]])))
    git('add', '-A')
    git('commit', '-qm', 'before there were addresses')
    git('checkout', '-qb', 'other')
    await commitWith([10, 30, 50, 70])
    git('checkout', '-q', 'main')
    await commitWith([20, 30, 60])
    git('merge', '-q', '--no-edit', 'other')
    const { entries, remotes, hasConflicts } = parse(await readFile(file, 'utf8'))
    const all = [10, 20, 30, 50, 60, 70]
    for (const seed of all) expect(entries.get(print(seed))).toEqual(entry(seed, { grounding }))
    expect(new Set(remotes.keys())).toEqual(new Set(all.map(url)))
    expect(hasConflicts).toBe(false)
  })
})

describe('the file', () => {
  test('takes pictures and addresses at once, and keeps both', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const [ours, theirs] = [openLockfile(dir, file), openLockfile(dir, file)]
    await Promise.all([
      ours.add(print(1), entry(1)),
      ours.pin('https://a.test/1', pin(1)),
      ours.pin('https://a.test/2', pin(2)),
    ])
    await theirs.pin('https://a.test/3', pin(3))
    await ours.add(print(2), entry(2))
    const { entries, remotes } = await theirs.read()
    expect([...entries.keys()]).toEqual([print(1), print(2)])
    expect([...remotes.keys()]).toEqual([1, 2, 3].map((n) => `https://a.test/${n}`))
  })

  test('pins an address anew where it is said to', async () => {
    const dir = await tempDir()
    const file = path.join(dir, 'gemini-image.lock')
    const lock = openLockfile(dir, file)
    await lock.pin('https://a.test/', pin(1))
    await lock.pin('https://a.test/', pin(2))
    expect((await openLockfile(dir, file).read()).remotes.get('https://a.test/')).toEqual(pin(2))
  })
})
