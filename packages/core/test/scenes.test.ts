import { describe, expect, test } from 'vitest'
import { parsePromptFile } from '../src/declare/prompt-file.ts'
import { selectionsOf } from '../src/declare/sets.ts'
import type { Declared } from '../src/plan/declared.ts'
import { declaredIn, toldOf } from './support/prompt-text.ts'

const FILE = '/site/hero.prompt.md'

function text(scenes: string, more = ''): string {
  return `---\nalt: Boats\naspectRatio: 16:9\n${more}scenes:\n${scenes}\n---\nA harbour\n`
}

const declared = (source: string, written?: string): Declared => declaredIn(FILE, source, written)
const told = (source: string, written?: string): string => toldOf(FILE, source, written)

const SCENES = `  phone: { aspectRatio: 9:16, media: '(max-width: 600px)' }
  dark: { prompt: The same harbour at night., scheme: dark, alt: Boats at night }
  late: { from: phone, prompt: The same harbour at night., scheme: { dark: .dark } }
  card: { from: crop, aspectRatio: 1:1, focus: 20% 50%, media: print }`

describe('a scene', () => {
  test('is a turn of the picture, and of the scene that it goes on from', () => {
    const source = text(SCENES)
    const turnsOf = (scene: string): unknown => declared(source, `?scene=${scene}`).spec.turns
    const phone = {
      prompt: 'The same picture, composed anew for this format.',
      aspectRatio: '9:16',
      size: '1K',
    }
    const night = { prompt: 'The same harbour at night.', size: '1K' }
    expect(turnsOf('phone')).toEqual([phone])
    expect(turnsOf('dark')).toEqual([{ ...night, aspectRatio: '16:9' }])
    expect(turnsOf('late')).toEqual([phone, { ...night, aspectRatio: '9:16' }])
    const dark = declared(source, '?scene=dark')
    expect(dark).toMatchObject({ name: 'hero-dark', spec: { alt: 'Boats at night' } })
    expect(dark.result.after?.fingerprint).toBe(declared(source).fingerprint)
    expect(declared(source, '?scene=late').result.after?.fingerprint).toBe(
      declared(source, '?scene=phone').fingerprint,
    )
  })

  test('changes nothing of the picture, and keeps the shape of its last turn', () => {
    const plain = declared('---\nalt: Boats\naspectRatio: 16:9\n---\nA harbour\n')
    expect(declared(text(SCENES)).fingerprint).toBe(plain.fingerprint)
    const turned = text(SCENES, 'turns: [{ prompt: Wider, aspectRatio: 21:9 }]\n')
    const shapes = declared(turned, '?scene=dark').spec.turns.map((turn) => turn.aspectRatio)
    expect(shapes).toEqual(['21:9', '21:9'])
    expect(declared(turned, '?turn=0').spec.scenes).toBeUndefined()
  })

  test('is one of the pictures of a file, with each value of a set, unless it is cropped', () => {
    const selections = (source: string): readonly string[] =>
      selectionsOf(parsePromptFile(source, FILE, '/site'))
    expect(selections(text(SCENES))).toEqual(['', '?scene=phone', '?scene=dark', '?scene=late'])
    const set = text(`  dark: { prompt: In the dark, scheme: dark }`, 'each: { view: [a, b] }\n')
    expect(selections(set)).toEqual([
      '?each=a',
      '?each=a&scene=dark',
      '?each=b',
      '?each=b&scene=dark',
    ])
  })

  test.each([
    ['  x: { prompt: Night }', '', 'INVALID_VALUE 5:6', 'Nothing says when the scene "x" is shown'],
    ['  x: { media: print }', '', 'INVALID_VALUE 5:6', 'Nothing says how the scene "x" differs'],
    [
      '  x: { media: print, from: crop }',
      '',
      'INVALID_VALUE 5:6',
      'what the scene "x" is cropped to',
    ],
    [
      '  x: { media: print, from: crop, aspectRatio: 1:1, prompt: P }',
      '',
      'INVALID_VALUE 5:60',
      'nothing is drawn',
    ],
    [
      '  x: { media: print, from: crop, aspectRatio: square }',
      '',
      'INVALID_VALUE 5:47',
      'cannot be cropped to "square"',
    ],
    [
      '  x: { media: print, prompt: P, from: y }',
      '',
      'INVALID_VALUE 5:39',
      'goes on from "y", which is no other scene',
    ],
    [
      '  x: { media: print, prompt: P, from: y }\n  y: { prompt: P, from: x }',
      '',
      'SEVERAL_PROBLEMS 5:39',
      'goes on from itself',
    ],
    [
      '  x: { media: print, prompt: P, from: y }\n  y: { media: print, aspectRatio: 1:1, from: crop }',
      '',
      'INVALID_VALUE 5:39',
      'goes on from one that is cropped',
    ],
    [
      '  x: { scheme: { dark: ".a}b{" }, prompt: P }',
      '',
      'INVALID_VALUE 5:',
      'scheme is dark, light',
    ],
    ['  x: { medium: print }', '', 'UNKNOWN_KEY 5:8', 'media'],
    [SCENES, '?scene=darks', 'NOT_IN_SET 5:3', 'Did you mean "dark"'],
    [SCENES, '?scene=card', 'NOT_IN_SET 8:3', './hero.prompt.md?ratio=1:1&as=url&gemini-image'],
    ['  x: { media: print, aspectRatio: 7:3 }', '?scene=x', 'UNSUPPORTED', '7:3'],
  ])('%s%s is wrong: %s', (scenes, selection, at, what) => {
    const message = told(text(scenes), selection)
    expect(message).toContain(at)
    expect(message).toContain(what)
  })
})
