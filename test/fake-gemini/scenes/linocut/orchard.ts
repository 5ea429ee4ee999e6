import { between, createRandom, times, type Random } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { burst, scatter } from './marks.ts'
import { blob, box, disc, ink, moved, oval, places, sheetOf, taper, trace, under } from './pen.ts'
import { apple, crown, leaves } from './plants.ts'
import { print } from './print.ts'

const bark = '#5a3b2e'
const leaf = '#5d8a4a'
const shade = '#2f5a3d'
const bright = '#a8bf63'
const red = '#c93c2c'
const straw = '#e2c66f'
const cream = '#f7e9c4'

function trunk(): string {
  return (
    ink(taper(places('70 90, 68 78, 71 66, 67 54'), 10, 6), bark) +
    ink(
      taper(places('69 68, 78 58, 90 48'), 6, 2.4) +
        taper(places('69 64, 58 54, 46 48'), 6, 2.4) +
        taper(places('68 58, 69 46, 72 34'), 5, 2),
      bark,
    ) +
    ink(blob(places('58 92, 64 86, 70 84, 77 87, 83 92, 70 93')), bark) +
    trace('M68 86Q66.4 78 69 70M71.4 86Q71 78 72.4 71', '#8b614a', 0.5)
  )
}

function canopy(random: Random): string {
  const parts: readonly (readonly [Point, number, number])[] = [
    [[42, 42], 20, 15],
    [[96, 40], 22, 16],
    [[69, 25], 24, 16],
    [[54, 34], 17, 14],
    [[84, 30], 18, 14],
    [[69, 44], 20, 12],
  ]
  return parts
    .map(([middle, rx, ry], index) => {
      const size = { rx: rx * 0.95, ry: ry * 0.95, length: 3.4 }
      return (
        ink(crown(random, middle, rx, ry, 9), index < 3 ? shade : leaf) +
        ink(leaves(random, middle, { ...size, count: 60 }), index < 3 ? leaf : shade) +
        ink(leaves(random, [middle[0] - 1, middle[1] - 3], { ...size, count: 34 }), bright)
      )
    })
    .join('')
}

function fruit(random: Random): string {
  const spots = places(
    '30 42, 38 50, 47 40, 52 52, 60 30, 62 46, 72 22, 74 38, 80 50, 86 28, 92 44, 100 34, 106 46, 112 38, 56 22, 68 54, 96 52, 40 33, 84 16, 48 27',
  )
  return spots
    .map(([x, y]) =>
      apple(x + between(random, -1, 1), y, between(random, 2, 2.6), red, '#f3b59a', bark),
    )
    .join('')
}

function basket(x: number, y: number, scale: number): string {
  const heap = places('-5.6 -7.6, -2 -8.4, 1.8 -8.2, 5.4 -7.6, -3.6 -10.4, 0 -11, 3.6 -10.4')
  const weave = times(
    3,
    (row) =>
      `M${-7 + row * 0.5}${-4.6 + row * 2}Q0 ${-2.8 + row * 2} ${7 - row * 0.5}${-4.6 + row * 2}`,
  )
  const shapes =
    heap.map(([ax, ay]) => apple(ax, ay, 2.3, red, '#f3b59a', bark)).join('') +
    ink('M-8-7Q0-4.6 8-7L6 2Q0 4-6 2Z', '#b07f3e') +
    trace(weave.join(''), bark, 0.4) +
    trace('M-4-5.6L-3 2.6M0-5V3.2M4-5.6L3 2.6', bark, 0.3)
  return moved(x, y, scale, shapes)
}

function ladder(): string {
  const rungs = times(11, (index) => {
    const y = 92 - index * 5.2
    return `M${107.6 - index * 1.75} ${y}h${6.6 - index * 0.14}`
  })
  return (
    trace('M107 95L88 34M114.6 95L93.4 34', '#8a5f38', 1.3) + trace(rungs.join(''), '#8a5f38', 0.95)
  )
}

function backdrop(random: Random): string {
  return times(2, (row) =>
    times(9 - row * 2, (index) => {
      const x = row === 0 ? index * 18 + 4 : index * 25 - 2
      const y = 60 + row * 8
      const r = 5 + row * 2.4
      const tree = ink(crown(random, [x, y - r], r, r * 0.85, 6), row === 0 ? '#8fa866' : '#7a9a58')
      return box(x - 0.5, y - 2, 1 + row * 0.4, 5 + row, bark) + tree
    }).join(''),
  ).join('')
}

/** The old apple tree, with ladder and baskets. */
export function drawOrchard(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(47)
  const rays = burst(random, [130, 18], { from: 10, to: 130, step: 9, spacing: 3.4, thick: 0.9 })
  const grass = (top: number, count: number, length: number, color: string) =>
    ink(
      scatter(
        random,
        { left: 0, right: w, top, bottom: h },
        { count, length, thick: 0.4, angle: -1.45, spread: 0.35 },
      ),
      color,
    )
  const windfall = places('50 95, 86 94, 62 97, 124 92, 30 93')
  return print(canvas, 91, {
    ground: '#f0dfa6',
    colors:
      ink(rays, cream) +
      disc(130, 18, 6.5, '#eba84c') +
      ink(under(places('0 55, 50 52, 100 55, 152 52'), h), '#c9cf86') +
      box(0, 57, w, 3.4, '#8fb9b4') +
      ink(under(places('0 62, 50 60, 100 62, 152 60'), h), straw) +
      backdrop(random) +
      ink(under(places('0 76, 50 73, 100 76, 152 73'), h), '#93a94f') +
      grass(77, 240, 5, '#6d8d43') +
      grass(80, 130, 5, straw),
    key:
      oval(72, 92, 30, 2.4, shade) +
      trunk() +
      canopy(random) +
      fruit(random) +
      ladder() +
      basket(40, 91, 1.25) +
      basket(56, 94, 1.05) +
      windfall.map(([x, y]) => apple(x, y, 1.9, red, '#f3b59a', bark)).join('') +
      grass(92, 140, 7, shade),
  })
}
