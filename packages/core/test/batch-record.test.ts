import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordedJob, RecordedRequest } from '../src/generate/batch/record.ts'
import { formatRecord, parseRecord } from '../src/generate/batch/record-text.ts'
import { print } from './support/entry.ts'

const place = { file: '/p/gemini-image.batch', path: 'gemini-image.batch', line: 1, column: 1 }

const price = { textIn: 1.5, textOut: 7.5, imageOut: 30, batch: 0.5 }

function job(change: Partial<RecordedJob> = {}): RecordedJob {
  return {
    state: 'submitting',
    model: 'm',
    file: 'files/f',
    created: '2026-11-21T00:00:00Z',
    price,
    ...change,
  }
}

function request(change: Partial<RecordedRequest> = {}): RecordedRequest {
  return {
    slug: 'hero',
    at: ['src/hero.prompt.md', 4, 1],
    label: '',
    variant: 1,
    pixels: { width: 1024, height: 1024 },
    withText: false,
    estimate: { least: 0.0168, most: 0.019 },
    ...change,
  }
}

function recordOf(...ids: readonly string[]): string {
  return formatRecord({
    jobs: new Map(ids.map((id) => [id, job()])),
    requests: new Map(ids.map((id, index) => [id, new Map([[print(index), request()]])])),
  })
}

function problemsOf(text: string): string {
  try {
    parseRecord(text, place)
  } catch (error) {
    return String(error)
  }
  return ''
}

test('what is written reads again, and equal content is equal bytes', () => {
  const label = fc.string({ unit: 'grapheme' })
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(999), { minLength: 1 }), label, (numbers, text) => {
      const ids = numbers.map((number) => `gemini-image-${number}`)
      const ledger = {
        jobs: new Map(ids.map((id) => [id, job()])),
        requests: new Map(
          ids.map((id, index) => [id, new Map([[print(index), request({ label: text })]])]),
        ),
      }
      const written = formatRecord(ledger)
      const read = parseRecord(written, place)
      expect(read).toEqual(ledger)
      expect(formatRecord(read)).toBe(written)
    }),
  )
})

test('a merge of two branches is the union of both, conflict markers or not', () => {
  const [ours, theirs] = [recordOf('a'), recordOf('b')]
  const conflict = `<<<<<<< ours\n${ours}||||||| base\n${recordOf('c')}=======\n${theirs}>>>>>>> theirs\n`
  const union = `${ours}${theirs}`
  for (const text of [conflict, union, union.replaceAll('\n', '\r\n')]) {
    const { jobs, requests } = parseRecord(text, place)
    expect([...jobs.keys()].toSorted()).toEqual(['a', 'b'])
    expect([...requests.keys()].toSorted()).toEqual(['a', 'b'])
  }
})

test('two jobs may have been asked for one picture, on two branches', () => {
  const text = `${recordOf('a')}${recordOf('b')}`
  const { requests } = parseRecord(text, place)
  expect(requests.get('a')?.has(print(0))).toBe(true)
  expect(requests.get('b')?.has(print(0))).toBe(true)
})

test('of two readings of one job the later counts, in whatever order they stand', () => {
  const readings = [
    job(),
    job({ state: 'pending', name: 'batches/x' }),
    job({ state: 'running', name: 'batches/x' }),
    job({ state: 'failed', name: 'batches/x' }),
  ]
  const texts = readings.map((one) =>
    formatRecord({ jobs: new Map([['a', one]]), requests: new Map() }),
  )
  for (const [index, text] of texts.entries()) {
    for (const earlier of texts.slice(0, index)) {
      for (const both of [text + earlier, earlier + text]) {
        expect(parseRecord(both, place).jobs.get('a')).toEqual(readings[index])
      }
    }
  }
})

test('requests of a job that is gone are passed over', () => {
  const text = recordOf('a', 'b').replace(/^ {2}a: .*\n/m, '')
  expect([...parseRecord(text, place).requests.keys()]).toEqual(['b'])
})

test.for([
  { name: 'a line that is none', change: (text: string) => `${text}  half a li\n`, at: '7:1' },
  {
    name: 'a layout of the future',
    change: (text: string) => text.replace('version: 1', 'version: 2'),
    at: '2:1',
  },
  {
    name: 'a slug that leads out of the store',
    change: (text: string) => text.replace('"hero"', '"../x"'),
    at: '6:1',
  },
  {
    name: 'a file name that leads elsewhere',
    change: (text: string) => text.replace('files/f', 'files/../batches'),
    at: '4:1',
  },
  {
    name: 'a job without prices',
    change: (text: string) => text.replace(/"price":\{[^}]*\}/, '"price":1'),
    at: '4:1',
  },
])('$name is told at its line', ({ change, at }) => {
  expect(problemsOf(change(recordOf('a')))).toContain(
    `CORRUPT_BATCH_RECORD at gemini-image.batch:${at}`,
  )
})
