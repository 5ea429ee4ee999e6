import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ERRORS } from '@gemini-image/core/errors'
import {
  DEFAULT_PROVIDER,
  lintRules,
  MODELS,
  PROMPT_LANGUAGES,
  TEMPLATES,
} from '@gemini-image/core/internal'
import { describe, expect, test } from 'vitest'
import { SETTING_NAMES } from '../../../packages/core/src/declare/settings.ts'
import { GUIDE_FIGURES, GUIDE_TABLES } from '../../../packages/core/test/support/guide-figures.ts'
import { CAPABILITIES } from '../cases.ts'
import { VERSIONS, type Holder, type LineName, type Print } from './guide.ts'
import { LIMITS } from './limits.ts'
import { looksLikeHeading, mayBeLimit, readPage, type PageLine } from './pages.ts'
import { PASSED_OVER } from './passed-over.ts'
import { SAMPLES } from './samples.ts'
import { SECTIONS } from './sections.ts'
import { TEMPLATE_SLOTS } from './slots.ts'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const TITLES = new Set(CAPABILITIES.map(({ title }) => title))

/** A folder with the text of the five versions, whose names begin with `000` to `004`. */
const PAGES = process.env['GEMINI_IMAGE_GUIDE_PAGES']

const labelled = (prints: readonly Print[]): readonly LineName[] =>
  prints.flatMap(({ version, lines }) =>
    Object.values(lines).map((line): LineName => `${version}:${line}`),
  )

const SECTION_LINES = SECTIONS.flatMap(({ at }) => at)
const SAMPLE_LINES = SAMPLES.flatMap(({ prints }) => labelled(prints))
const LIMIT_LINES = LIMITS.flatMap(({ at }) => at)

describe('what the guide says is mapped', () => {
  test.for(SECTIONS)('section: $says', ({ done = [], instead }) => {
    expect(done.filter((title) => !TITLES.has(title))).toEqual([])
    expect(done.length > 0).toBe(instead === undefined)
  })

  test.for(SAMPLES)('sample: $shows', ({ as, prints, test: proof }) => {
    expect(TITLES).toContain(as)
    // What asks for no picture is proved elsewhere.
    expect(prints.some(({ asks }) => asks)).toBe(proof === undefined)
    if (proof !== undefined) expect(existsSync(path.join(ROOT, proof))).toBe(true)
  })

  test.for(LIMITS)('limit: $says', ({ heldBy, tests }) => {
    expect(heldBy.length).toBeGreaterThan(0)
    for (const holder of heldBy) expectThere(holder)
    expect(tests.length).toBeGreaterThan(0)
    expect(tests.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([])
  })

  test.for(TEMPLATE_SLOTS)('template: $template at $at', ({ template, at, slots }) => {
    const known = new Set([...Object.keys(TEMPLATES[template].slots), 'aspectRatio'])
    expect(slots.filter((slot) => !known.has(slot))).toEqual([])
    expect(at.filter((line) => !SAMPLE_LINES.includes(line))).toEqual([])
  })

  test('each heading once', () => {
    expect(twice(SECTION_LINES)).toEqual([])
  })

  test('every capability is something that the guide says', () => {
    const named = new Set([
      ...SECTIONS.flatMap(({ done = [] }) => done),
      ...SAMPLES.map(({ as }) => as),
    ])
    expect([...TITLES].filter((title) => !named.has(title))).toEqual(BEYOND)
  })

  test('every figure that the catalogue is held against is a limit', () => {
    const figures = [...GUIDE_FIGURES, ...GUIDE_TABLES].map(
      ({ version, line }): LineName => `${version}:${line}`,
    )
    expect(figures.filter((line) => !LIMIT_LINES.includes(line))).toEqual([])
  })
})

/** What Google's other pages say, or follows from what this one says. */
const BEYOND = ['a picture as PNG', 'several variants to pick from', 'styles and variables']

function expectThere(holder: Holder): void {
  if ('error' in holder) expect(Object.keys(ERRORS)).toContain(holder.error)
  else if ('lint' in holder)
    expect(lintRules(DEFAULT_PROVIDER).map(({ id }) => id)).toContain(holder.lint)
  else if ('setting' in holder) expect(SETTING_NAMES).toContain(holder.setting)
  else if ('docs' in holder) {
    const text = readFileSync(path.join(ROOT, 'docs', holder.docs), 'utf8')
    expect(text.replaceAll(/\s+/g, ' ')).toContain(holder.says)
  } else {
    const [key = '', inner] = holder.catalogue.split('.')
    const values = MODELS.map((row) => Reflect.get(row, key) as Readonly<Record<string, unknown>>)
    const found = inner === undefined ? values : values.map((value) => value[inner])
    expect(found.some((value) => value !== undefined)).toBe(true)
  }
}

function twice<Value>(values: readonly Value[]): Value[] {
  return values.filter((value, index) => values.indexOf(value) !== index)
}

describe.skipIf(PAGES === undefined)('nothing in the text of the guide is passed over', () => {
  const pages = PAGES
    ? VERSIONS.map(({ version }) => [version, readPage(PAGES, version)] as const)
    : []

  test.for(pages)('version %s: code samples', ([version, lines]) => {
    const printed = lines.flatMap(({ name, label }) => (label ? name : []))
    // A block without a label shows an answer.
    const unlabelled = new Set(
      SAMPLES.flatMap(({ prints }) =>
        prints.map(({ version: one, lines: { JSON: line } }): LineName => `${one}:${line ?? 0}`),
      ),
    )
    const listed = SAMPLE_LINES.filter((name) => name.startsWith(version) && !unlabelled.has(name))
    expect([...new Set(listed)].toSorted(byLine)).toEqual(printed)
    for (const { prints } of SAMPLES) {
      for (const { version: one, lines: labels } of prints) {
        if (one !== version) continue
        for (const [label, line] of Object.entries(labels)) {
          const { label: there = 'JSON' } = lines[line - 1] ?? {}
          expect(`${one}:${line} ${there}`).toBe(`${one}:${line} ${label}`)
        }
      }
    }
  })

  test.for(pages)('version %s: slots of templates', ([version, lines]) => {
    // The first tab of version 004 is cut off.
    const printed = lines.flatMap(({ name, label }) =>
      label === 'Template' || name === '004:1' ? name : [],
    )
    const rows = TEMPLATE_SLOTS.flatMap(({ at, slots }) =>
      at.filter((name) => name.startsWith(version)).map((name) => ({ name, count: slots.length })),
    )
    expect(rows.map(({ name }) => name).toSorted(byLine)).toEqual(printed)
    for (const { name, count } of rows) {
      expect([name, bracketsFrom(name, lines)]).toEqual([name, count])
    }
  })

  test.for(pages)('version %s: figures are copied as they are printed', ([version, lines]) => {
    for (const { line, rows } of GUIDE_TABLES.filter((table) => table.version === version)) {
      const printed = lines.slice(line - 1, line - 1 + rows.length)
      expect(
        printed.map(({ text }) =>
          text
            .split(/[\s|]+/)
            .filter(Boolean)
            .join(' '),
        ),
      ).toEqual(rows)
    }
    for (const { line, says } of GUIDE_FIGURES.filter((figure) => figure.version === version)) {
      const numbers = lines[line - 1]?.text.match(/\d+(?:\.\d+)?/g) ?? []
      expect(numbers.map(Number)).toEqual(expect.arrayContaining(Object.values(says)))
    }
  })

  test.for(pages)('version %s: languages', ([, lines]) => {
    const listed = lines.flatMap(({ text }) => /languages: (.+)\.$/.exec(text)?.[1] ?? [])
    expect(listed).toHaveLength(1)
    const ours = new Set(PROMPT_LANGUAGES.map(({ code }) => code))
    // The guide's own code for Ukrainian is that of no language.
    const codes = listed[0]?.replace('EN', 'en').replace('ua-UA', 'uk-UA').split(', ') ?? []
    expect(codes.filter((code) => !ours.has(code))).toEqual([])
    expect([5, ours.size]).toContain(codes.length)
  })

  test.for(pages)('version %s: headings', ([, lines]) => {
    const missed = lines.filter(
      (line) =>
        looksLikeHeading(line) && !SECTION_LINES.includes(line.name) && !PASSED_OVER.has(line.name),
    )
    expect(missed.map(({ name }) => name)).toEqual([])
    const blank = lines.filter(({ text, name }) => text === '' && SECTION_LINES.includes(name))
    expect(blank.map(({ name }) => name)).toEqual([])
  })

  test.for(pages)('version %s: sentences that may state a limit', ([, lines]) => {
    const known = new Set([...LIMIT_LINES, ...SECTION_LINES, ...PASSED_OVER])
    const missed = lines.filter((line) => mayBeLimit(line) && !known.has(line.name))
    expect(missed.map(({ name }) => name)).toEqual([])
    const blank = lines.filter(({ text, name }) => text === '' && LIMIT_LINES.includes(name))
    expect(blank.map(({ name }) => name)).toEqual([])
  })
})

/** How many brackets stand between a label, or the tabs that follow it, and what comes next. */
function bracketsFrom(name: LineName, lines: readonly PageLine[]): number {
  const from = lines.slice(Number(name.slice(4)))
  const text = from.slice(from.findIndex(({ label }) => !label))
  const end = text.findIndex(({ label, name: line }) => label ?? SECTION_LINES.includes(line))
  return [
    ...text
      .slice(0, end)
      .map((line) => line.text)
      .join(' ')
      .matchAll(/\[[^\]]*\]/g),
  ].length
}

function byLine(one: LineName, other: LineName): number {
  return Number(one.slice(4)) - Number(other.slice(4))
}
