import { between, createRandom, times, type Random } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { cut, scatter } from './marks.ts'
import { blob, box, disc, ink, places, poly, sheetOf, soft, trace, within } from './pen.ts'
import { crown } from './plants.ts'
import { print } from './print.ts'

const course = places(
  '-6 16, 22 14, 42 22, 40 42, 22 56, 26 76, 52 84, 76 72, 78 48, 88 28, 112 22, 130 36, 124 58, 108 72, 116 90, 156 92',
)
const greens = ['#a9b765', '#8ea65a', '#d9c27a', '#e6d59a', '#c2b95f', '#7c9a60']
const water = '#4c9390'
const deep = '#1f575c'
const sand = '#f1e4bd'

function field(random: Random, corners: readonly Point[], id: string): string {
  const color = greens[Math.floor(random() * greens.length)] ?? sand
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const area = {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  }
  const angle = between(random, 0, Math.PI)
  const rows = scatter(random, area, { count: 55, length: 5, thick: 0.22, angle, spread: 0.03 })
  const line = random() < 0.5 ? '#5f7f4c' : sand
  return within(id, poly(corners), ink(poly(corners), color) + ink(rows, line, 'opacity=".8"'))
}

function fields(random: Random, w: number, h: number): string {
  const [columns, rows] = [7, 5]
  const corners = times(rows + 1, (row) =>
    times(columns + 1, (column): Point => [
      (w * column) / columns + between(random, -6, 6) + (row % 2) * 5 - 3,
      (h * row) / rows + between(random, -5, 5),
    ]),
  )
  const at = (row: number, column: number): Point => corners[row]?.[column] ?? [0, 0]
  return times(rows, (row) =>
    times(columns, (column) => {
      const outline = [
        at(row, column),
        at(row, column + 1),
        at(row + 1, column + 1),
        at(row + 1, column),
      ]
      return field(random, outline, `field${row}${column}`) + trace(poly(outline), '#4f6b41', 0.45)
    }).join(''),
  ).join('')
}

function wood(random: Random, [x, y]: Point, size: number): string {
  return times(size, () => {
    const place: Point = [x + between(random, -8, 8), y + between(random, -6, 6)]
    const r = between(random, 1.4, 2.6)
    return (
      ink(crown(random, [place[0] + 0.7, place[1] + 0.8], r, r, 8), '#274a3c') +
      ink(crown(random, place, r, r, 8), '#477050') +
      ink(cut(place[0] - 0.4, place[1] - 0.4, r, 0.3, 0.7), '#9db36c')
    )
  }).join('')
}

function sandbanks(): string {
  const banks = [
    '32 22, 40 26, 40 36, 34 44, 30 38, 31 29',
    '34 66, 42 78, 58 82, 70 74, 60 73, 46 73',
    '90 32, 104 25, 118 28, 122 38, 112 34, 100 34',
    '112 68, 118 80, 136 88, 124 88, 112 80',
  ]
  return banks.map((bank) => ink(blob(places(bank)), sand)).join('')
}

/** A river from high above. */
export function drawMeander(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(36)
  const flow = times(170, () => {
    const index = Math.floor(random() * (course.length - 1))
    const [ax, ay] = course[index] ?? [0, 0]
    const [bx, by] = course[index + 1] ?? [0, 0]
    const share = random()
    const aside = between(random, -3.4, 3.4)
    const angle = Math.atan2(by - ay, bx - ax)
    return cut(
      ax + (bx - ax) * share - Math.sin(angle) * aside,
      ay + (by - ay) * share + Math.cos(angle) * aside,
      4.5,
      0.3,
      angle,
    )
  })
  const line = soft(course)
  const clip = `<clipPath id="course"><path d="${line}"/></clipPath>`
  return print(canvas, 71, {
    ground: '#a9b765',
    colors:
      fields(random, w, h) +
      trace(line, '#5f7f4c', 15) +
      sandbanks() +
      trace(line, deep, 12) +
      trace(line, water, 10.6) +
      clip +
      ink(flow.join(''), '#cfe3d2'),
    key:
      wood(random, [12, 34], 22) +
      wood(random, [60, 40], 26) +
      wood(random, [140, 22], 20) +
      wood(random, [96, 88], 20) +
      wood(random, [10, 90], 16) +
      trace('M70 56.5L88 60.5', deep, 0.5) +
      box(76.4, 55.6, 4.6, 3, '#c8502f', 'transform="rotate(12 78 57)"') +
      box(78.6, 56, 1.8, 2, sand, 'transform="rotate(12 78 57)"') +
      disc(70, 56.5, 0.9, deep) +
      disc(88, 60.5, 0.9, deep) +
      box(91, 60, 4, 3, '#c8502f', 'transform="rotate(12 92 61)"'),
  })
}
