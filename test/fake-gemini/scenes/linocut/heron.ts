import { createRandom, times } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { burst, cut, ripples } from './marks.ts'
import { blob, box, disc, ink, moved, oval, places, poly, sheetOf, taper, trace } from './pen.ts'
import { reeds } from './plants.ts'
import { print } from './print.ts'

const slate = '#5b7687'
const deep = '#2b4654'
const pale = '#eef0da'

/** A heron that looks to the left; it stands at 0 and is about sixty-five units tall. */
function heron(): string {
  const neck: Point[] = places('-3 -33, -9 -38, -9.5 -45, -4.5 -50, -4.5 -56, -8 -60')
  const feathers = times(15, (index) =>
    cut(
      1 + (index % 5) * 3.2,
      -33 + Math.floor(index / 5) * 3.6 + (index % 5) * 1.9,
      5.2,
      0.5,
      0.62,
    ),
  )
  const throat = times(7, (index) =>
    cut(-9.2 + Math.sin(index / 2) * 1.4, -36 - index * 2.6, 1.9, 0.32, 1.3),
  )
  return (
    trace('M1-22L.4 0M5-21.5L6.2 0', deep, 1) +
    trace('M.4 0l-3.4.8M.4 0l2.6 1M6.2 0l-3 .9M6.2 0l3 .8', deep, 0.8) +
    ink(
      blob(
        places(
          '-7 -30, -6 -35, 0 -37.6, 8 -35.6, 16 -28, 23 -18.5, 16 -19.5, 8 -19.6, 0 -20.6, -5 -24',
        ),
      ),
      slate,
    ) +
    ink(blob(places('-1 -34, 6 -34.6, 15 -28, 23 -18.5, 13 -21.5, 3 -25')), deep) +
    ink(feathers.join(''), '#a9bcc2') +
    ink(taper(neck, 6, 3), pale) +
    ink(throat.join(''), deep) +
    ink(
      taper(places('-7 -30, -8 -26, -6.4 -21'), 2.2, 0.4) +
        taper(places('-5.4 -30, -5.6 -26, -4 -22'), 1.8, 0.3),
      pale,
    ) +
    oval(-9.2, -61.2, 4, 2.5, pale) +
    ink(poly(places('-12 -62.6, -25.5 -59.8, -12 -59.6')), '#d99f3c') +
    ink(taper(places('-10.6 -62.8, -6 -63.4, 1 -61.6, 7 -57.4'), 1.5, 0.3), deep) +
    disc(-10.6, -61.5, 0.55, deep)
  )
}

/** A heron among reeds at first light. */
export function drawHeron(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(64)
  const sun: Point = [108, 42]
  const rays = burst(random, sun, { from: 15, to: 130, step: 9.5, spacing: 3.4, thick: 1 })
  const row = (base: number, tall: number, count: number, color: string, plume: string) =>
    reeds(random, { from: -3, to: w + 3, base, tall, count, color, plume })
  const water = { left: 0, top: 76, right: w, bottom: h + 2 }
  const rings = [9, 15, 22].map(
    (r) =>
      `<ellipse cx="64" cy="87" rx="${r}" ry="${r * 0.17}" fill="none" stroke="${pale}" stroke-width=".5"/>`,
  )
  const mirror = times(11, (index) =>
    cut(64 + (index % 2) * 1.4, 88 + index * 1.2, 8 - index * 0.3, 0.45),
  )
  return print(canvas, 51, {
    ground: '#c6cfa4',
    colors:
      ink(rays, '#dfe3bd') +
      disc(...sun, 12.5, '#f6dd84') +
      row(80, 56, 60, '#a9b78a', '#b9a873') +
      row(80, 42, 54, '#84996f', '#a08b58') +
      box(0, 75, w, h, '#a5bcae') +
      ink(
        ripples(random, water, { rows: 13, length: 16, thick: 0.8, share: () => 0.6 }),
        '#7d9c98',
      ),
    key:
      rings.join('') +
      ink(mirror.join(''), deep) +
      moved(62, 87, 1.06, heron()) +
      reeds(random, {
        from: -2,
        to: 34,
        base: h + 2,
        tall: 66,
        count: 24,
        color: '#3e5a48',
        plume: '#7a6233',
      }) +
      reeds(random, {
        from: 112,
        to: w + 2,
        base: h + 2,
        tall: 74,
        count: 30,
        color: '#3e5a48',
        plume: '#7a6233',
      }),
  })
}
