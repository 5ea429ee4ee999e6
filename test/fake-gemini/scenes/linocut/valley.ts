import { createRandom } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { ferry, reflection, rope } from './ferry.ts'
import { burst, cut, hatch, ripples } from './marks.ts'
import { blob, disc, ink, moved, places, sheetOf, trace, under, within } from './pen.ts'
import { poplars, reeds } from './plants.ts'
import { hut } from './hut.ts'
import { print } from './print.ts'

const sun: Point = [182, 37]
const ridges = [
  {
    line: places('0 40, 30 33, 62 38, 98 30, 130 37, 168 34, 205 39, 240 33'),
    color: '#dd9a72',
    lines: '#c87b5e',
  },
  {
    line: places('0 45, 36 42, 70 46, 112 39, 150 45, 190 42, 240 46'),
    color: '#b8705b',
    lines: '#8c5a55',
  },
  {
    line: places('0 51, 30 47, 66 51, 104 47.5, 140 51, 176 48, 210 52, 240 49'),
    color: '#4f7f78',
    lines: '#2f6063',
  },
]
const river: readonly Point[] = places(
  '150 52, 134 54, 120 58, 118 63, 92 68, 60 76, 20 90, 0 104, 240 104, 240 74, 214 67, 196 62, 178 58, 168 55, 164 52',
)

function hills(): string {
  const random = createRandom(17)
  return ridges
    .map(({ line, color, lines }) => {
      const cuts = hatch(random, line, { count: 110, depth: 9, length: 6, thick: 0.32, lean: 0.15 })
      return ink(under(line, 104), color) + ink(cuts, lines)
    })
    .join('')
}

function meadow(): string {
  const random = createRandom(8)
  const line = places('0 56, 60 53, 120 56, 180 53, 240 56')
  const cuts = hatch(random, line, { count: 420, depth: 46, length: 3.4, thick: 0.34, lean: -1.2 })
  return ink(under(line, 104), '#7f9a5c') + ink(cuts, '#5c7d52')
}

function stream(w: number, h: number): string {
  const random = createRandom(6)
  const area = { left: 0, top: 52, right: w, bottom: h }
  const deep = ripples(random, area, { rows: 24, length: 14, thick: 0.8, share: () => 0.5 })
  const glitter = ripples(random, area, {
    rows: 34,
    length: 8,
    thick: 0.75,
    share: (x, depth) => Math.exp(-(((x - 178 + depth * 14) / (6 + depth * 30)) ** 2)),
  })
  const shapes = ink(blob(river), '#63a09a') + ink(deep, '#35767a') + ink(glitter, '#f8dfb2')
  return within('stream', blob(river), shapes) + trace(blob(river), '#2f6063', 0.5)
}

function smoke(): string {
  const random = createRandom(3)
  return [0, 1, 2, 3, 4, 5, 6]
    .map((step) =>
      cut(51 + step * 1.5, 46 - step * 4.2, 6, 0.5 + random() * 0.4, -1.05 - (step % 2) * 0.55),
    )
    .join('')
}

/** The valley in the evening, wide. */
export function drawValley(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(55)
  const rays = burst(random, sun, { from: 11, to: 210, step: 9, spacing: 2.9, thick: 1.15 })
  const dark = '#173f48'
  return print(canvas, 11, {
    ground: '#f0bd7f',
    colors: ink(rays, '#f9e2b8') + disc(...sun, 8.4, '#dc6a45') + hills() + meadow() + stream(w, h),
    key:
      poplars(random, {
        from: 70,
        to: 106,
        base: 58,
        tall: 25,
        count: 9,
        dark: '#1f4d4f',
        light: '#5c8f84',
      }) +
      poplars(random, {
        from: 205,
        to: 228,
        base: 60,
        tall: 18,
        count: 5,
        dark: '#1f4d4f',
        light: '#5c8f84',
      }) +
      ink(smoke(), '#f9e2b8') +
      moved(42, 71, 1, hut({ wall: '#d4603f', roof: dark, glow: '#f9dfae', trim: '#f9e2b8' })) +
      ink(reflection(random, [140, 79], { breadth: 34, depth: 10, count: 8 }), dark) +
      rope(places('62 70, 88 74, 112 76.6, 168 76.6, 196 72, 219 64'), dark, 0.55) +
      ferry(140, 78, 0.72, { dark, light: '#f9e2b8', warm: '#d4603f', glow: '#f9dfae' }) +
      reeds(random, {
        from: -2,
        to: 30,
        base: h + 3,
        tall: 30,
        count: 26,
        color: dark,
        plume: '#b8573c',
      }) +
      reeds(random, {
        from: 190,
        to: w + 3,
        base: h + 4,
        tall: 38,
        count: 44,
        color: dark,
        plume: '#b8573c',
      }),
  })
}
