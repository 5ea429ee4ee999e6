import { between, createRandom, times, type Random } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { burst, cut, hatch, scatter } from './marks.ts'
import { box, disc, ink, moved, places, poly, sheetOf, trace, under } from './pen.ts'
import { branches } from './plants.ts'
import { print } from './print.ts'

const night = '#22395e'
const glow = '#456391'
const snow = '#e9f0ee'
const blue = '#b7cfdb'
const shade = '#7ea2ba'
const dark = '#0f1f3a'

/** Plates of ice in rows that lie further apart towards the viewer, as a jittered grid. */
function plates(random: Random, w: number, h: number): string {
  const rows = 9
  const level = (row: number): number => 51 + (h - 44) * (row / rows) ** 1.55
  const corner = new Map<string, Point>()
  const at = (row: number, column: number): Point => {
    const key = `${row} ${column}`
    const size = 6 + row * 3.4
    const known = corner.get(key) ?? [
      w / 2 + (column - 8 + between(random, -0.32, 0.32) + (row % 2) * 0.5) * size * 1.5,
      level(row) + between(random, -0.16, 0.16) * size,
    ]
    corner.set(key, known)
    return known
  }
  return times(rows, (row) =>
    times(17, (column) => {
      const places = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column + 1),
        at(row + 1, column),
      ]
      const middle: Point = [
        places.reduce((sum, [x]) => sum + x, 0) / 4,
        places.reduce((sum, [, y]) => sum + y, 0) / 4,
      ]
      const shrunk = places.map(([x, y]): Point => [
        middle[0] + (x - middle[0]) * 0.93,
        middle[1] + (y - middle[1]) * 0.86,
      ])
      const color = [blue, blue, snow, '#cfdfe5'][Math.floor(random() * 4)] ?? blue
      const size = 1 + row
      const marks = scatter(
        random,
        {
          left: middle[0] - size * 2,
          right: middle[0] + size * 2,
          top: middle[1] - size * 0.5,
          bottom: middle[1] + size * 0.6,
        },
        { count: 3, length: size * 1.6, thick: 0.16 + row * 0.03, angle: 0.05 },
      )
      return ink(poly(shrunk), color) + ink(marks, color === snow ? blue : snow)
    }).join(''),
  ).join('')
}

function boat(): string {
  return (
    ink('M-15-4C-8-.5 8-.5 15-5.5C13 2 8 4 0 4C-8 4-13 1.5-15-4Z', dark) +
    ink('M-13.4-3.6C-7-.8 7-.8 13.6-5C12-2.6 6-1.6 0-1.6C-6-1.6-11-2-13.4-3.6Z', shade) +
    trace('M-6-1.9L-5 .4M3-1.8L4 .6', dark, 0.7) +
    trace('M-9-2.6L12-9', dark, 0.6) +
    ink('M-14 4.4C-6 6 8 6 14 3.6L11 5.6C4 7-6 7-14 4.4Z', snow)
  )
}

function willow(random: Random, x: number, base: number, size: number): string {
  const tree = branches(random, [x, base], {
    length: 13 * size,
    angle: -1.52,
    thick: 3.4 * size,
    depth: 6,
    droop: 0.012,
  })
  return ink(tree, dark)
}

/** A river that has frozen over, with a boat in it. */
export function drawIce(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(14)
  const moon: Point = [92, 22]
  const halo = burst(random, moon, { from: 12, to: 100, step: 8, spacing: 3, thick: 0.8 })
  const far = places('0 47, 30 43, 60 47, 96 44, 126 47, 152 44')
  const stars = times(46, () => cut(random() * w, random() * 38, 0.9, 0.3))
  return print(canvas, 41, {
    ground: night,
    colors:
      ink(halo, glow) +
      ink(stars.join(''), snow) +
      disc(...moon, 8.6, '#f3efdc') +
      ink(under(far, 54), blue) +
      ink(hatch(random, far, { count: 70, depth: 5, length: 5, thick: 0.3, lean: 0.1 }), shade) +
      box(0, 51, w, h, '#1c3a5d') +
      plates(random, w, h),
    key:
      willow(random, 17, 62, 1.15) +
      willow(random, 39, 53, 0.6) +
      willow(random, 134, 58, 0.95) +
      willow(random, 115, 52, 0.5) +
      moved(74, 74, 1.05, boat(), -4),
  })
}
