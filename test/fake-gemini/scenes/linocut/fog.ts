import { createRandom } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { ferry, lantern, reflection } from './ferry.ts'
import { burst, ripples, scatter } from './marks.ts'
import { box, ink, sheetOf, trace } from './pen.ts'
import { reeds } from './plants.ts'
import { print } from './print.ts'

const bone = '#f0ece0'
const haze = '#c3d0d2'
const water = '#b0c1c5'
const veil = '#9db2b8'
const shade = '#6d8791'
const near = '#34505c'
const yellow = '#f0bf55'

/** A rope that loses itself: stretches of it, the fainter the further out. */
function fadingRope(): string {
  const stretches: readonly (readonly [string, number])[] = [
    ['M46 62Q38 61 32 58', 1],
    ['M31 57.5Q24 54 19 51', 0.55],
    ['M18 50.4Q12 47 7 44', 0.25],
    ['M109 62Q116 61 121 58', 1],
    ['M122 57.5Q129 54 134 51', 0.55],
    ['M135 50.4Q140 47 145 44', 0.25],
  ]
  return stretches.map(([d, opacity]) => trace(d, shade, 0.7, `opacity="${opacity}"`)).join('')
}

/** The ferry in fog: an outline, and one lantern. */
export function drawFog(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(77)
  const wide = { length: 34, thick: 0.85, angle: 0, spread: 0.01 }
  const sky = { left: 0, top: 2, right: w, bottom: 58 }
  const low = { left: 0, top: 60, right: w, bottom: h }
  const glow = burst(random, [49, 37], { from: 4, to: 40, step: 5.2, spacing: 2.1, thick: 0.75 })
  const inks = { dark: shade, light: haze, warm: veil, glow: bone }
  const mirror = reflection(random, [78, 73], { breadth: 58, depth: 15, count: 10 })
  const lights = reflection(random, [49, 74], { breadth: 9, depth: 24, count: 14 })
  const bands = scatter(
    random,
    { left: 20, top: 58, right: 130, bottom: 74 },
    { ...wide, count: 16 },
  )
  return print(canvas, 31, {
    ground: haze,
    colors:
      ink(scatter(random, sky, { ...wide, count: 95 }), bone) +
      box(0, 62, w, h, water) +
      ink(ripples(random, low, { rows: 18, length: 22, thick: 0.9, share: () => 0.55 }), bone) +
      ink(scatter(random, { ...low, top: 80 }, { ...wide, count: 26 }), veil),
    key:
      ink(glow, yellow) +
      fadingRope() +
      ink(mirror, veil) +
      ink(lights, yellow) +
      ferry(78, 71, 1.12, inks) +
      trace('M49 64V42', shade, 1.1) +
      lantern(49, 37, 1.5, near, '#f8dc8a') +
      ink(bands, bone, 'opacity=".9"') +
      reeds(random, {
        from: 112,
        to: w + 4,
        base: h + 2,
        tall: 46,
        count: 26,
        color: near,
        plume: '#55727d',
      }),
  })
}
