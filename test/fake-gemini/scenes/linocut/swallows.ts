import { createRandom, times } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { scatter } from './marks.ts'
import { box, disc, ink, moved, places, poly, sheetOf, taper, trace, under } from './pen.ts'
import { print } from './print.ts'

const plum = '#43264f'
const dusk = '#8f4767'
const coral = '#e6785a'
const peach = '#f6b485'
const cream = '#f7e3c4'

/** A swallow in flight, seen from below, its beak up; its wings span about forty units. */
function swallow(x: number, y: number, scale: number, turn: number): string {
  const wings = 'M-1-5C-7-11-15-11-22-3C-15-7-9-5-2 3ZM1-5C7-13 15-14 23-8C15-10 9-6 2 3Z'
  const tail =
    taper(places('-1 7, -2 12, -4.6 19'), 1.6, 0.25) + taper(places('1 7, 2 12, 4.6 19'), 1.6, 0.25)
  const shapes =
    ink(wings + tail, plum) +
    ink('M0-10.5C2.6-8 2.8-2 2.2 3C1.6 7 .8 9 0 9.4C-.8 9-1.6 7-2.2 3C-2.8-2-2.6-8 0-10.5Z', plum) +
    ink('M0-4C1.5-3 1.5 3 0 8C-1.5 3-1.5-3 0-4Z', cream) +
    ink('M0-9C1.4-8 1.4-6 0-5C-1.4-6-1.4-8 0-9Z', '#b8402e')
  return moved(x, y, scale, shapes, turn)
}

function perched(x: number, y: number, scale: number): string {
  const shapes =
    ink('M-3.4 1C-4.4-4-2.6-7.6 0-8.2C2.6-8 3.4-4.4 2.4 0L1 7L-.4 2Z', plum) +
    ink('M-3-1C-3.4-4-2.2-6-1-6C-.4-3-.6-.4-1.4 1.4Z', cream) +
    ink(poly(places('-2.6 -6.6, -5 -6, -2.6 -5.6')), plum) +
    trace('M.6 4L2.6 11M.4 4L.4 11', plum, 0.5)
  return moved(x, y, scale, shapes)
}

function roof(): string {
  const random = createRandom(8)
  const rows = times(6, (row) =>
    times(12, (column) => {
      const y = 76 + row * 5
      const x = -2 + column * 5.4 + (row % 2) * 2.6
      return x < 43 + row * 4.2 && x > 12 - row * 4.4
        ? `M${x} ${y}q2.6 ${2.4 + random()} 5.2 0`
        : ''
    }).join(''),
  )
  return (
    box(14, 58, 7, 16, plum) +
    box(12.8, 56.6, 9.4, 2.4, plum) +
    ink(poly(places('9 71, 45 71, 70 104, -20 104')), plum) +
    trace(rows.join(''), dusk, 0.6) +
    trace('M8.4 71H46', dusk, 0.8)
  )
}

/** Swallows over the roof of the hut. */
export function drawSwallows(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(29)
  const long = { length: 26, thick: 0.8, angle: 0.04, spread: 0.05 }
  const band = (top: number, bottom: number, count: number, color: string) =>
    ink(scatter(random, { left: -5, right: w + 5, top, bottom }, { ...long, count }), color)
  const far = places('0 88, 40 85, 74 89, 108 84, 150 88')
  return print(canvas, 61, {
    ground: coral,
    colors:
      band(0, 12, 120, plum) +
      band(4, 30, 120, dusk) +
      band(48, 84, 120, peach) +
      band(66, 88, 60, cream) +
      disc(118, 80, 7, cream) +
      ink(under(far, h), dusk) +
      ink(under(places('0 94, 50 91, 100 95, 150 91'), h), plum),
    key:
      trace('M18 58Q80 70 152 46', plum, 0.55) +
      perched(96, 58, 0.85) +
      perched(105, 56.4, 0.85) +
      roof() +
      swallow(66, 29, 1.12, 38) +
      swallow(112, 24, 0.72, -52) +
      swallow(30, 33, 0.58, 100) +
      swallow(94, 43, 0.4, 150) +
      swallow(132, 39, 0.3, 20) +
      swallow(50, 52, 0.28, -80) +
      swallow(76, 57, 0.2, 60),
  })
}
