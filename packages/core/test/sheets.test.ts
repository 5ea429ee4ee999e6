import { describe, expect, test } from 'vitest'
import { selectionOfId } from '../src/declare/declaration.ts'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { splitSelection } from '../src/declare/selection.ts'
import { selectionsOf, sheetOf } from '../src/declare/sets.ts'
import { selectsSheet } from '../src/declare/sheets.ts'
import { layOutSheet, sizeOfSheet } from '../src/pixels/renditions/sheet.ts'
import type { Declared } from '../src/plan/declared.ts'
import { declaredIn, toldOf } from './support/prompt-text.ts'

const FILE = '/site/fox.prompt.md'

function text(settings: string, body = 'A fox'): string {
  return `---\nalt: 'A fox: {{sheet}}'\n${settings}\n---\n${body}\n`
}

const declared = (source: string, written?: string): Declared => declaredIn(FILE, source, written)
const told = (source: string, written?: string): string => toldOf(FILE, source, written)

const SHEET = 'sheet: [idle, walk, jump]'

describe('a picture of a sheet', () => {
  test('is a turn of the first, which is what the prompt gives', () => {
    const [idle, walk] = ['idle', 'walk'].map((one) => declared(text(SHEET), `?each=${one}`))
    expect(idle?.result.request).toMatchObject({ prompt: 'A fox\n\nidle' })
    expect(idle?.spec.turns).toEqual([])
    expect(idle).toMatchObject({ name: 'fox-idle', spec: { alt: 'A fox: idle' } })
    expect(walk).toMatchObject({ name: 'fox-walk', spec: { alt: 'A fox: walk' } })
    expect(walk?.result.request.turns?.map(({ prompt }) => prompt)).toEqual([
      'The next picture of the same series: walk\n\nKeep style, colours, light, scale and point of view as they are, and whatever else these words do not change.',
    ])
    expect(walk?.result.after?.fingerprint).toBe(idle?.fingerprint)
  })

  test('stays the same when others come and go behind the first', () => {
    const before = declared(text(SHEET), '?each=jump').fingerprint
    expect(declared(text('sheet: [idle, jump, swim]'), '?each=jump').fingerprint).toBe(before)
    expect(declared(text('sheet: [walk, jump]'), '?each=jump').fingerprint).not.toBe(before)
  })

  test('shows its words, and the prompt may say where the first stand', () => {
    const words = text(
      'sheet:\n  idle:\n  walk: in the middle of a step',
      'A fox, {{sheet}}, in ink',
    )
    const walk = declared(words, '?each=walk')
    expect(walk.spec).toMatchObject({
      prompt: 'A fox, idle, in ink',
      alt: 'A fox: in the middle of a step',
    })
    expect(walk.spec.turns[0]?.prompt).toContain('series: in the middle of a step\n')
  })

  test('keeps turns, shapes and scenes of the first', () => {
    const source = text(
      `${SHEET}\naspectRatio: 4:3\nturns: [{ prompt: Wider, aspectRatio: 16:9 }]\nscenes:\n  dark: { prompt: At night, scheme: dark }`,
    )
    const dark = declared(source, '?each=walk&scene=dark')
    expect(dark.name).toBe('fox-walk-dark')
    expect(dark.spec.turns.map(({ prompt }) => prompt.split('\n')[0])).toEqual([
      'Wider',
      'The next picture of the same series: walk',
      'At night',
    ])
    expect(dark.spec.turns.map(({ aspectRatio }) => aspectRatio)).toEqual(['16:9', '16:9', '16:9'])
  })

  test('is one of a set, with each value of its lists', () => {
    const source = text(`${SHEET}\neach: { coat: [red, grey] }`, 'A {{coat}} fox')
    const all = selectionsOf(parsePromptFile(source, FILE, '/site'))
    expect(all).toHaveLength(6)
    expect(declared(source, '?each=walk;grey').spec.prompt).toBe('A grey fox\n\nidle')
  })

  test.each([
    [SHEET, '', 'NOT_IN_SET 3:8', '"as=sheet" for all of them'],
    [SHEET, '?each=wall', 'NOT_IN_SET 3:8', 'Did you mean "walk"'],
    ['sheet: []', '', 'INVALID_VALUE 3:8', 'a list of names, such as "[idle, walk, jump]"'],
    ['sheet: [a, a]', '', 'INVALID_VALUE 3:8', 'each name once'],
    ['sheet: ["a;b"]', '', 'INVALID_VALUE 3:', 'without semicolons'],
    ['sheet: [a]\neach: { view: [a] }', '?each=a', 'INVALID_VALUE 3:9', 'a value under "each"'],
    ['sheet: [a]\neach: { sheet: [b] }', '?each=a', 'INVALID_VALUE 4:9', 'a setting of its own'],
    [
      `sheet: [${Array.from({ length: 26 }, (_, index) => `s${index}`).join()}]\neach: { v: [a, b, c, d] }`,
      '?each=a;s1',
      'INVALID_VALUE 3:8',
      'declares 104 pictures',
    ],
    ['sheet: [a, b]\nmodel: imagen-4.0-generate-001', '?each=b', 'UNSUPPORTED', 'turns'],
  ])('%s%s is wrong: %s', (settings, selection, at, what) => {
    const message = told(text(settings), selection)
    expect(message).toContain(at)
    expect(message).toContain(what)
  })
})

describe('as=sheet', () => {
  const framesOf = (source: string, query: string): unknown => {
    const declaration = parsePromptFile(source, FILE, '/site')
    const { selection } = splitSelection(query)
    expect(selectsSheet(selection)).toBe(true)
    const { name, pictures } = sheetOf(declaration, selection)
    return [name, ...pictures.map(({ frame, id }) => `${frame} ${selectionOfId(id)}`)]
  }

  test('means all pictures that a selection leaves open', () => {
    expect(framesOf(text(SHEET), '?size=64&as=sheet')).toEqual([
      'fox',
      'idle ?each=idle',
      'walk ?each=walk',
      'jump ?each=jump',
    ])
    const set = text(`sheet: [idle, walk]\neach: { coat: [red, grey] }`, 'A {{coat}} fox')
    expect(framesOf(set, '?as=sheet')).toEqual([
      'fox',
      'red/idle ?each=idle;red',
      'red/walk ?each=red;walk',
      'grey/idle ?each=grey;idle',
      'grey/walk ?each=grey;walk',
    ])
    expect(framesOf(set, '?each=grey&as=sheet')).toEqual([
      'fox-grey',
      'idle ?each=grey;idle',
      'walk ?each=grey;walk',
    ])
    expect(framesOf('A fox', '?as=sheet')).toEqual(['fox', 'fox '])
  })

  test('stays in the query, as the form that it is', () => {
    expect(splitSelection('?each=grey&size=64&as=sheet')).toEqual({
      selection: '?each=grey&as=sheet',
      query: '?size=64&as=sheet',
    })
    for (const query of ['?as=sheets', '?padding=4&as=sheet']) {
      expect(splitSelection(query)).toEqual({ selection: '', query })
    }
  })

  test('no two frames touch, and each keeps where it came from', () => {
    const sprites = Array.from({ length: 40 }, (_, index) => {
      const [width, height] = [1 + ((index * 37) % 91), 1 + ((index * 53) % 67)]
      return {
        frame: `f${index}`,
        width,
        height,
        left: 3,
        top: 4,
        whole: { width: 100, height: 80 },
      }
    })
    const frames = layOutSheet(sprites)
    expect(Object.keys(frames)).toEqual(sprites.map(({ frame }) => frame))
    const rects = Object.values(frames).map(({ frame }) => frame)
    const { width, height } = sizeOfSheet(rects)
    for (const [index, one] of rects.entries()) {
      expect(Math.min(one.x, one.y)).toBeGreaterThanOrEqual(2)
      expect(one.x + one.w + 2).toBeLessThanOrEqual(width)
      expect(one.y + one.h + 2).toBeLessThanOrEqual(height)
      for (const other of rects.slice(index + 1)) {
        const isApart =
          one.x + one.w + 2 <= other.x ||
          other.x + other.w + 2 <= one.x ||
          one.y + one.h + 2 <= other.y ||
          other.y + other.h + 2 <= one.y
        expect(isApart).toBe(true)
      }
    }
    expect(frames['f1']).toMatchObject({
      rotated: false,
      trimmed: true,
      spriteSourceSize: { x: 3, y: 4, w: 38, h: 54 },
      sourceSize: { w: 100, h: 80 },
    })
  })
})
