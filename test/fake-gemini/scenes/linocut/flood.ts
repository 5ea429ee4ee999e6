import { between, createRandom, times } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { reflection } from './ferry.ts'
import { hut } from './hut.ts'
import { cut, ripples, scatter } from './marks.ts'
import { blob, box, ink, moved, places, sheetOf, trace, within } from './pen.ts'
import { branches, crown } from './plants.ts'
import { print } from './print.ts'

const slate = '#66788a'
const cloud = '#44546a'
const dark = '#24303f'
const pale = '#b9c4c8'
const mud = '#8b8a63'
const murk = '#5d6349'
const glow = '#f3c456'

function clouds(w: number): string {
  const random = createRandom(90)
  return times(3, (row) =>
    times(7, (index) => {
      const middle: Point = [index * (w / 6) + between(random, -8, 8), 6 + row * 9]
      const outline = crown(random, middle, between(random, 17, 24), between(random, 7, 10), 6)
      const cuts = times(9, () =>
        cut(middle[0] + between(random, -13, 13), middle[1] + between(random, 0, 6), 9, 0.4, 0.08),
      )
      return ink(outline, row === 1 ? slate : cloud) + ink(cuts.join(''), row === 1 ? cloud : slate)
    }).join(''),
  )
    .toReversed()
    .join('')
}

function boat(): string {
  return (
    ink('M-12-4C-6-2 7-2 13-5C11 1 6 3 0 3C-6 3-10 1-12-4Z', '#a4432c') +
    ink('M-10.6-3.7C-5-2.2 6-2.2 11.4-4.5C9-2.6 5-1.6 0-1.6C-5-1.6-9-2.4-10.6-3.7Z', dark) +
    trace('M-4-2V1.6M4-2V1.6', dark, 0.5)
  )
}

/** The hut in the flood. */
export function drawFlood(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(23)
  const rain = scatter(
    random,
    { left: -10, right: w + 20, top: 16, bottom: 92 },
    { count: 190, length: 11, thick: 0.3, angle: 1.92, spread: 0.03 },
  )
  const area = { left: -4, right: w + 4, top: 64, bottom: h + 2 }
  const body = hut({ wall: '#8a5a41', roof: dark, glow, trim: pale })
  const above = within('above', 'M-40-60H40V-5.2H-40Z', body)
  const water = ripples(random, area, { rows: 19, length: 15, thick: 1, share: () => 0.7 })
  const light = ripples(random, area, { rows: 13, length: 10, thick: 0.6, share: () => 0.28 })
  return print(canvas, 81, {
    ground: '#8797a3',
    colors:
      clouds(w) +
      ink(
        blob(places('-8 66, 10 56, 30 58, 52 55, 84 58, 116 54, 140 57, 160 62, 160 70, -8 70')),
        cloud,
      ) +
      box(0, 63, w, h, mud) +
      ink(water, murk) +
      ink(light, pale),
    key:
      ink(
        branches(random, [124, 72], {
          length: 15,
          angle: -1.62,
          thick: 3.6,
          depth: 6,
          droop: 0.01,
        }),
        dark,
      ) +
      ink(
        branches(random, [22, 69], { length: 9, angle: -1.5, thick: 2.2, depth: 5, droop: 0.01 }),
        dark,
      ) +
      ink(reflection(random, [124, 74], { breadth: 9, depth: 15, count: 10 }), dark) +
      ink(reflection(random, [64, 77], { breadth: 44, depth: 18, count: 13 }), dark) +
      moved(64, 85.2, 1.75, above) +
      ink(reflection(random, [55.5, 77], { breadth: 9, depth: 17, count: 14 }), glow) +
      trace('M77 44Q92 66 99 77', dark, 0.5) +
      ink(reflection(random, [106, 84], { breadth: 22, depth: 6, count: 5 }), dark) +
      moved(107, 81, 0.95, boat(), 3) +
      ink(rain, '#dfe5e4', 'opacity=".85"'),
  })
}
