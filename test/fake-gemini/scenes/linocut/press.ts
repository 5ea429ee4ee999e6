import { createRandom, times } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { ferry } from './ferry.ts'
import { burst, cut, ripples, scatter } from './marks.ts'
import { box, disc, ink, moved, oval, poly, places, sheetOf, taper, trace } from './pen.ts'
import { print } from './print.ts'

const teal = '#1f6068'
const coral = '#dc6a45'
const cream = '#f7ecd2'
const wood = '#8a5a30'

/** The picture on the block, and the one on the paper: the same, in other inks. */
function motif(line: string, ground: string, sun: string): string {
  const random = createRandom(5)
  const rays = burst(random, [44, 12], { from: 7, to: 60, step: 6, spacing: 3, thick: 0.8 })
  const water = ripples(
    random,
    { left: 2, right: 62, top: 25, bottom: 40 },
    { rows: 9, length: 8, thick: 0.6, share: () => 0.7 },
  )
  return (
    `<clipPath id="motif"><rect x="2" y="2" width="60" height="38"/></clipPath><g clip-path="url(#motif)">` +
    box(2, 2, 60, 38, ground) +
    ink(rays, line) +
    disc(44, 12, 5, sun) +
    ink(water, line) +
    ferry(29, 28, 0.62, { dark: line, light: ground, warm: sun, glow: ground }) +
    '</g>'
  )
}

function gouge(x: number, y: number, turn: number, color: string): string {
  const shapes =
    ink('M-16-2.4C-20-2.4-21-1-21 0C-21 1-20 2.4-16 2.4L-2 1.7V-1.7Z', color) +
    box(-2.4, -1.9, 2.6, 3.8, '#c9b78c') +
    ink(poly(places('0 -1.1, 13 -1, 15.6 0, 13 1, 0 1.1')), '#6b7a80') +
    ink(cut(-11, -0.8, 8, 0.35), cream)
  return moved(x, y, 1, shapes, turn)
}

function brayer(x: number, y: number): string {
  const shapes =
    box(-13, -6, 26, 12, teal, 'rx="2.4"') +
    ink(times(5, (index) => cut(-1, -3.6 + index * 1.8, 19, 0.3)).join(''), '#5f9a94') +
    trace('M-15 0H-16.6V13H0M15 0H16.6V13H0', '#4a4f52', 1.4) +
    box(-2, 12, 4, 5, '#4a4f52') +
    ink(taper(places('0 16, 0 26, 0 37'), 5, 6), coral)
  return moved(x, y, 0.95, shapes, -66)
}

/** A printer's table from above. */
export function drawPress(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(99)
  const grain = scatter(
    random,
    { left: 0, right: w, top: 0, bottom: h },
    { count: 230, length: 26, thick: 0.4, angle: 0.01, spread: 0.02 },
  )
  const chips = scatter(
    random,
    { left: 84, right: 108, top: 68, bottom: 78 },
    { count: 34, length: 2.6, thick: 0.5, angle: 0, spread: 3 },
  )
  const smear = scatter(
    random,
    { left: -13, right: 13, top: -14, bottom: 14 },
    { count: 60, length: 14, thick: 1.1, angle: 0, spread: 0.06 },
  )
  const slab = box(-17, -19, 34, 38, '#dfe6dd', 'rx="1"') + ink(smear, teal)
  const block =
    box(-3, -3, 70, 48, '#5a3b22') + box(-2, -2, 68, 46, '#b98a54') + motif(teal, '#d9b98a', teal)
  const sheet =
    box(-5, -5, 74, 54, '#cdb88c') + box(-6, -6, 74, 54, cream) + motif(teal, '#f4d3a2', coral)
  return print(canvas, 191, {
    ground: '#d09a4f',
    colors: ink(grain, '#b67f38') + trace('M0 35H180M0 69H180', wood, 0.5),
    key:
      moved(17, 14, 0.95, block, -4) +
      moved(99, 15, 0.98, sheet, 5) +
      moved(32, 79, 0.8, slab, 3) +
      brayer(38, 74) +
      gouge(112, 82, -10, '#a8432c') +
      gouge(126, 91, 6, '#41583f') +
      gouge(156, 84, -18, '#2b4654') +
      ink(chips, cream) +
      oval(60, 92, 1, 1, teal),
  })
}
