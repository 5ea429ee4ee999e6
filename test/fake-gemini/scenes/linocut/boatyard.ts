import { between, createRandom, times } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { burst, cut, ripples, scatter } from './marks.ts'
import {
  blob,
  box,
  disc,
  ink,
  moved,
  oval,
  places,
  poly,
  sheetOf,
  soft,
  taper,
  trace,
  under,
  within,
} from './pen.ts'
import { crown, poplars } from './plants.ts'
import { print } from './print.ts'

const ochre = '#d9a548'
const tar = '#2b211c'
const wood = '#b9783c'
const sage = '#8fa381'
const cream = '#f5e6c4'
const flame = '#e0662f'

const hull = 'M14 64C16 50 22 44 34 42L100 40C116 40 124 46 128 62L124 66H18Z'

function planks(): string {
  const seams = [
    'M15 60C30 55 112 53 127.6 58.6',
    'M17.6 54C34 49 110 47 125.6 53',
    'M22 48.6C40 44.6 104 42.6 120.6 47.4',
  ]
  return (
    trace(seams.join(''), '#7d4c24', 0.6) +
    ink(
      scatter(
        createRandom(7),
        { left: 16, right: 126, top: 43, bottom: 64 },
        { count: 70, length: 9, thick: 0.25, angle: -0.03, spread: 0.05 },
      ),
      '#d79a58',
    )
  )
}

function tarred(): string {
  const edge = 'M10 30H72L76 40L70 47L77 54L72 60L76 70H10Z'
  const shine = scatter(
    createRandom(9),
    { left: 20, right: 70, top: 45, bottom: 62 },
    { count: 26, length: 11, thick: 0.3, angle: -0.04, spread: 0.04 },
  )
  return within('tarred', edge, ink(hull, tar) + ink(shine, '#6c625a'))
}

function trestle(x: number): string {
  return (
    trace(`M${x - 9} 90L${x - 1} 64M${x + 9} 90L${x + 1} 64M${x - 6} 80H${x + 6}`, '#7d4c24', 1.7) +
    box(x - 11, 63, 22, 2.8, '#7d4c24')
  )
}

function fire(): string {
  const random = createRandom(11)
  const smoke = times(12, (index) =>
    cut(
      132 + Math.sin(index / 1.7) * 3.4 - index * 0.5,
      62 - index * 4.2,
      6.4,
      0.9,
      -1.35 + Math.cos(index / 1.7) * 0.5,
    ),
  )
  return (
    ink(smoke.join(''), cream) +
    trace('M118 91L146 88M120 87.6L145 92', '#7d4c24', 2) +
    ink(
      blob(places('124 90, 123 82, 127 77, 129 83, 132 74, 136 82, 139 78, 141 84, 140 90')),
      flame,
    ) +
    ink(blob(places('128 90, 128 85, 132 80, 135 85, 137 90')), '#f5c25a') +
    trace('M132 58V66M122 92L132 56L142 92', tar, 0.9) +
    ink('M122 66H142C143 76 140 81 132 81C124 81 121 76 122 66Z', tar) +
    oval(132, 66, 10, 2.2, '#5b5048') +
    ink(
      scatter(
        random,
        { left: 125, right: 139, top: 69, bottom: 77 },
        { count: 9, length: 5, thick: 0.25, angle: 1.4 },
      ),
      '#6c625a',
    )
  )
}

function brush(): string {
  return (
    trace('M84 92L108 34', '#8a5f38', 1.5) +
    moved(
      84,
      92,
      1,
      box(-3, -1, 6, 3, '#8a5f38') + ink('M-3 2H3L2.4 6.4L1 5.4L0 6.8L-1 5.4L-2.4 6.4Z', tar),
      22,
    )
  )
}

/** The boat on trestles, half tarred. */
export function drawYard(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(52)
  const rays = burst(random, [30, 16], { from: 10, to: 150, step: 9, spacing: 3.4, thick: 0.9 })
  const far = { left: 0, right: w, top: 36, bottom: 50 }
  const ground = scatter(
    random,
    { left: 0, right: w, top: 62, bottom: h },
    { count: 210, length: 8, thick: 0.4, angle: 0.02, spread: 0.12 },
  )
  return print(canvas, 121, {
    ground: '#efd6a0',
    colors:
      ink(rays, cream) +
      disc(30, 16, 6.8, ochre) +
      ink(under(places('0 34, 40 30, 90 34, 152 29'), h), sage) +
      poplars(random, {
        from: 100,
        to: 146,
        base: 37,
        tall: 19,
        count: 8,
        dark: '#5d7a64',
        light: '#b4c3a0',
      }) +
      ink(crown(random, [6, 31], 12, 8, 8), '#5d7a64') +
      box(0, 36, w, 15, '#7fa39b') +
      ink(ripples(random, far, { rows: 8, length: 12, thick: 0.5, share: () => 0.5 }), '#4f7c7a') +
      ink(under(places('0 52, 60 49, 152 52'), h), ochre) +
      ink(ground, '#b9832f'),
    key:
      oval(71, 90, 62, 3, '#8f652b') +
      ink(hull, wood) +
      planks() +
      tarred() +
      trace(hull, tar, 0.7) +
      ink(taper(places('16 65, 70 62.6, 127 63'), 2.2, 2.2), '#7d4c24') +
      trestle(36) +
      trestle(106) +
      brush() +
      fire(),
  })
}

/** A caulking mallet. */
export function drawMallet(canvas: Canvas): string {
  const random = createRandom(61)
  const back = scatter(
    random,
    { left: 0, right: 100, top: 0, bottom: 100 },
    { count: 170, length: 12, thick: 0.6, angle: 0.7, spread: 0.06 },
  )
  const head =
    box(-38, -9, 76, 18, '#e3b567', 'rx="3"') +
    ink(
      scatter(
        random,
        { left: -34, right: 34, top: -7, bottom: 7 },
        { count: 46, length: 12, thick: 0.3, angle: 0, spread: 0.03 },
      ),
      '#a8702f',
    ) +
    [-36, -24, 19, 31]
      .map(
        (x) => box(x, -10, 5, 20, tar, 'rx="1"') + ink(cut(x + 2.4, -2, 14, 0.4, 1.57), '#6c625a'),
      )
      .join('')
  const handle =
    ink(taper(places('0 8, 0 40, 0 74'), 6, 7.6), '#c88f45') +
    ink(
      times(6, (index) => cut(-1.6 + (index % 3) * 1.6, 16 + index * 9, 9, 0.3, 1.57)).join(''),
      '#8a5f2c',
    )
  return print(canvas, 131, {
    ground: '#2d6a6b',
    colors: ink(back, '#4b8782'),
    key: moved(44, 36, 1, handle + head, -38),
  })
}

/** A coil of oakum. */
export function drawOakum(canvas: Canvas): string {
  const random = createRandom(62)
  const back = scatter(
    random,
    { left: 0, right: 100, top: 0, bottom: 100 },
    { count: 170, length: 12, thick: 0.6, angle: -0.5, spread: 0.06 },
  )
  const steps = 230
  const place = (index: number, aside: number): readonly [number, number] => {
    const angle = (index / 30) * 2 * Math.PI
    const reach = 6 + (index / 30) * 4.5 + aside
    return [50 + Math.cos(angle) * reach, 48 + Math.sin(angle) * reach * 0.95]
  }
  const spiral = soft(times(steps, (index) => place(index, between(random, -0.3, 0.3))))
  const fibres = times(steps, (index) =>
    cut(...place(index, 0), 6, 0.45, (index / 30) * 2 * Math.PI + Math.PI / 2 + 0.45),
  )
  const strands = trace(spiral, tar, 3.9) + ink(fibres.join(''), '#8b6a46')
  const loose = soft([place(steps - 1, 0), ...places('41 9.6, 56 8, 70 12, 82 10, 92 15')])
  const hairs = scatter(
    random,
    { left: 14, right: 86, top: 16, bottom: 84 },
    { count: 30, length: 8, thick: 0.2, angle: 0.6, spread: 2 },
  )
  return print(canvas, 132, {
    ground: ochre,
    colors: ink(back, '#e8c27a'),
    key: strands + trace(loose, tar, 3.4) + ink(hairs, tar),
  })
}

/** A tar brush on the rim of its pot. */
export function drawBrush(canvas: Canvas): string {
  const random = createRandom(63)
  const back = scatter(
    random,
    { left: 0, right: 100, top: 0, bottom: 100 },
    { count: 170, length: 12, thick: 0.6, angle: 0.05, spread: 0.06 },
  )
  const bristles = times(16, (index) =>
    cut(-6.4 + index * 0.86, 16, between(random, 18, 24), 0.5, 1.57 + (index - 8) * 0.02),
  )
  const handle =
    ink(taper(places('0 -70, 0 -30, 0 2'), 3.4, 4.6), '#b9783c') +
    box(-7, 0, 14, 7, '#b9783c', 'rx="1.4"') +
    trace('M-7 2.4H7M-7 4.8H7', cream, 0.5)
  return print(canvas, 133, {
    ground: '#a3b493',
    colors: ink(back, '#bccab0') + oval(50, 90, 36, 3, '#7f9271'),
    key:
      ink('M20 52H80C82 74 76 90 50 90C24 90 18 74 20 52Z', tar) +
      ink(
        scatter(
          random,
          { left: 26, right: 74, top: 60, bottom: 84 },
          { count: 34, length: 12, thick: 0.35, angle: 1.5, spread: 0.1 },
        ),
        '#5b5048',
      ) +
      oval(50, 52, 30, 6.4, '#4a4039') +
      oval(50, 52.6, 27, 4.8, tar) +
      moved(
        56,
        34,
        1,
        handle + ink(bristles.join(''), tar) + ink(poly(places('-7 7, 7 7, 6 24, -6 24')), tar),
        52,
      ) +
      trace('M20 56C8 58 8 74 22 76', tar, 1.4),
  })
}
