import { createRandom, times, type Random } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { burst, cut, ripples, scatter } from './marks.ts'
import {
  blob,
  box,
  disc,
  ink,
  moved,
  places,
  poly,
  sheetOf,
  soft,
  taper,
  trace,
  under,
  within,
} from './pen.ts'
import { reeds } from './plants.ts'
import { print } from './print.ts'

interface Tones {
  skin: string
  shade: string
  dark: string
}

const head = blob(
  places('35 36, 36 26, 44 18, 55 17, 64 23, 67 34, 66.4 46, 63 57, 56 65, 48 66, 41 60, 36.5 49'),
)

/** A head that looks a little to the right, without hair: neck, ear, face, and the light on it. */
function face({ skin, shade, dark }: Tones): string {
  const random = createRandom(2)
  const modelling = scatter(
    random,
    { left: 35, right: 45, top: 30, bottom: 62 },
    { count: 26, length: 7, thick: 0.5, angle: 1.3, spread: 0.1 },
  )
  return (
    ink(poly(places('40 54, 60 58, 62 84, 36 84')), shade) +
    ink(blob(places('34 42, 31 39, 31.4 46, 34 51, 37 50')), shade) +
    ink(head, skin) +
    within(
      'face',
      head,
      ink(blob(places('30 20, 39 22, 41 40, 45 54, 52 68, 38 70, 28 50')), shade) +
        ink(modelling, skin),
    ) +
    // Nose, mouth, the corners of both.
    ink(taper(places('56.6 35, 59 42, 61.4 48.4'), 0.7, 1.3), dark) +
    trace('M61.4 48.6Q60.4 51 56.6 50.4', dark, 0.9) +
    trace('M50.6 57.6Q55 59.4 60 57', dark, 0.95) +
    ink(cut(55.6, 61, 5, 0.5), shade)
  )
}

function eyes(dark: string, white: string): string {
  const eye = (x: number, y: number, wide: number): string =>
    ink(cut(x, y, wide, 1.6), white) +
    disc(x + 0.5, y, 1.2, dark) +
    trace(`M${x - wide / 2} ${y}Q${x} ${y - 1.8} ${x + wide / 2} ${y}`, dark, 0.8)
  return eye(50, 40, 7) + eye(62.4, 39.6, 5.4)
}

function brows(color: string, breadth: number): string {
  return (
    ink(taper(places('45 36, 49.6 33.8, 54 35'), breadth * 0.7, breadth), color) +
    ink(taper(places('59.6 34.8, 63 33.6, 66 35.2'), breadth, breadth * 0.6), color)
  )
}

function windyHair(): string {
  const strands = times(11, (index) => {
    const y = 34 + index * 2.1
    return taper(
      [
        [37 + (index % 3), y],
        [28 - (index % 4), y + 1 - index * 0.5],
        [18 - (index % 5) * 2, y - 4 + index * 0.7],
        [9 + (index % 3) * 3, y - 1 + index * 0.8],
      ],
      2.6,
      0.3,
    )
  })
  return ink(strands.join(''), '#e9e2d3')
}

/** Maren, who keeps the ferry. */
export function drawFerrywoman(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(82)
  const tones = { skin: '#f0c8a0', shade: '#c98d66', dark: '#2b2a33' }
  const wool = '#1d4a54'
  const ribs = times(14, (index) => trace(`M${34 + index * 2.6} 25.6l.4 5.6`, '#4f8087', 0.6))
  const knit = scatter(
    random,
    { left: 36, right: 66, top: 8, bottom: 23 },
    { count: 54, length: 3, thick: 0.35, angle: 1.2, spread: 0.15 },
  )
  const coat = 'M4 104C8 84 22 76 34 72C42 82 58 84 65 72C80 76 92 84 97 104Z'
  return print(canvas, 161, {
    ground: '#efb878',
    colors:
      ink(
        burst(random, [82, 22], { from: 8, to: 110, step: 8, spacing: 3, thick: 0.9 }),
        '#f8dfb2',
      ) +
      disc(82, 22, 6, '#dc6a45') +
      ink(under(places('0 58, 30 54, 70 58, 100 54'), h), '#b8705b') +
      box(0, 62, w, h, '#5f9a94') +
      ink(
        ripples(
          random,
          { left: 0, right: w, top: 62, bottom: h },
          { rows: 13, length: 10, thick: 0.7, share: () => 0.6 },
        ),
        '#2b6468',
      ),
    key:
      windyHair() +
      face(tones) +
      eyes(tones.dark, '#f8ecd8') +
      brows('#8d8a86', 1.5) +
      trace('M66 41l2.4-1M66 42.6l2.2.8M44.6 42l-2 1', tones.dark, 0.45) +
      ink(taper(places('38 33, 40 42, 39 50'), 2.4, 0.4), '#e9e2d3') +
      ink('M34 29C33 12 42 5 52 5C63 5 70 14 69 29Z', wool) +
      ink(knit, '#4f8087') +
      ink(blob(places('32 26, 51 23.4, 70.4 25.4, 70.6 31.4, 51 29.6, 32 32')), wool) +
      ribs.join('') +
      ink(coat, wool) +
      ink(
        'M33 70C34 66 38 64 40 66C46 76 56 77 62 66C65 64 67 67 67 71C66 84 36 84 33 70Z',
        '#2f6d74',
      ) +
      ink(
        scatter(
          random,
          { left: 12, right: 90, top: 86, bottom: 98 },
          { count: 46, length: 8, thick: 0.4, angle: 1.3, spread: 0.3 },
        ),
        '#4f8087',
      ),
  })
}

function binoculars(): string {
  const tube = (x: number): string =>
    ink(`M${x - 5} 0L${x - 3.6} -13H${x + 3.6}L${x + 5} 0Z`, '#232a2c') +
    box(x - 5.6, -1, 11.2, 3.4, '#232a2c') +
    ink(cut(x - 1.8, -6, 8, 0.5, 1.7), '#7d8c8a')
  return tube(-6.4) + tube(6.4) + box(-4, -10, 8, 5, '#232a2c')
}

function reedsBehind(random: Random, w: number, h: number): string {
  const row = { from: 0, to: w, base: h, plume: '#a48d58' }
  return (
    reeds(random, { ...row, tall: 74, count: 30, color: '#8fa374' }) +
    reeds(random, { ...row, tall: 54, count: 26, color: '#6f8a5c' })
  )
}

function beard(random: Random, brown: string): string {
  const outline =
    'M36 44C36 52 38 58 41 63C44 71 50 76 55 76C61 74 65 64 66.6 50C65 53 63 54 61 53.4C57 52 53 52 49 54.4C44 55 39 50 36 44Z'
  const curls = scatter(
    random,
    { left: 40, right: 64, top: 56, bottom: 73 },
    { count: 46, length: 5, thick: 0.4, angle: 1.5, spread: 0.4 },
  )
  return (
    ink(outline, brown) + ink(curls, '#94694a') + ink(cut(55.4, 58.4, 9, 0.9, -0.04), '#d99a80')
  )
}

/** Ilya, who counts the birds. */
export function drawBirdCounter(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(83)
  const tones = { skin: '#e8bd97', shade: '#b98560', dark: '#26302f' }
  const brown = '#5a3a28'
  const coat = 'M6 104C10 86 24 80 36 76C44 84 56 84 62 76C76 80 90 86 94 104Z'
  return print(canvas, 162, {
    ground: '#c6cfa4',
    colors:
      ink(
        burst(random, [20, 20], { from: 9, to: 110, step: 8, spacing: 3.2, thick: 0.9 }),
        '#e0e5c0',
      ) +
      disc(20, 20, 7, '#f0d272') +
      reedsBehind(random, w, h),
    key:
      face(tones) +
      eyes(tones.dark, '#f6ead6') +
      brows(brown, 1.7) +
      ink(
        'M34 40C31 26 36 14 48 12C60 9 69 17 68.6 31C66 25 62 22 56 23C48 23 41 24 38.6 30C37.6 34 37.4 38 37 42Z',
        brown,
      ) +
      ink(
        scatter(
          random,
          { left: 38, right: 64, top: 13, bottom: 21 },
          { count: 30, length: 6, thick: 0.35, angle: -0.3, spread: 0.4 },
        ),
        '#94694a',
      ) +
      beard(random, brown) +
      trace(
        'M43.4 40a6.6 6.6 0 1 0 13.2 0a6.6 6.6 0 1 0-13.2 0M58.4 39.6a5.4 6.2 0 1 0 10.8 0a5.4 6.2 0 1 0-10.8 0M56.6 38.8Q57.6 38 58.4 38.8M43.4 39L35 37.4',
        '#26302f',
        0.95,
      ) +
      ink(coat, '#41583f') +
      ink('M36 76L46 92L34 90ZM62 76L54 92L66 90Z', '#5d7a55') +
      trace('M37 78Q38 90 44 96M61 78Q62 90 58 96', '#232a2c', 1.1) +
      moved(51, 99, 0.95, binoculars()) +
      ink(
        scatter(
          random,
          { left: 12, right: 88, top: 88, bottom: 100 },
          { count: 30, length: 7, thick: 0.35, angle: 1.4, spread: 0.3 },
        ),
        '#6f8a5c',
      ),
  })
}

function pencil(): string {
  return (
    ink(poly(places('-12 -1.1, 9 -1.1, 9 1.1, -12 1.1')), '#e0a93c') +
    ink(poly(places('9 -1.1, 13 0, 9 1.1')), '#f3dcb4') +
    box(-14, -1.1, 2.4, 2.2, '#c84a38')
  )
}

/** Ottilie, who mends the boats. */
export function drawBoatbuilder(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(84)
  const tones = { skin: '#d9a078', shade: '#a86e4c', dark: '#2a1d1a' }
  const red = '#b8402e'
  const boards = times(7, (index) => trace(`M${index * 15.6 + 3} 0V104`, '#8f5c28', 0.8)).join('')
  const grain = scatter(
    random,
    { left: 0, right: w, top: 0, bottom: h },
    { count: 170, length: 16, thick: 0.4, angle: 1.57, spread: 0.03 },
  )
  const dots = places('42 12, 50 9, 58 12, 46 18, 54 17, 62 19, 38 20, 66 25, 36 27')
  const shirt = 'M-2 104C2 84 18 78 35 73C44 83 56 84 63 73C82 78 98 84 102 104Z'
  const knot = 'M35 30C26 30 20 34 15 42C22 40 27 40 31 38C27 43 25 48 25 54C31 48 35 42 37 34Z'
  return print(canvas, 163, {
    ground: '#d59a4a',
    colors: ink(grain, '#b87b34') + boards,
    key:
      ink(knot, '#94301f') +
      ink(
        blob(places('34 30, 28 44, 29 60, 36 70, 46 70, 64 66, 69 52, 69 34, 52 24')),
        tones.dark,
      ) +
      ink(
        scatter(
          random,
          { left: 30, right: 35, top: 44, bottom: 64 },
          { count: 16, length: 8, thick: 0.35, angle: 1.4, spread: 0.15 },
        ),
        '#7a5244',
      ) +
      face(tones) +
      eyes(tones.dark, '#f3e4cc') +
      brows(tones.dark, 1.6) +
      ink(taper(places('36 30, 37.6 40, 37 47'), 2.6, 0.5), tones.dark) +
      ink(blob(places('33 28, 37 36, 38 46, 35.4 56, 38 64, 31 62, 29 50')), tones.dark) +
      ink(cut(48.6, 50.4, 7, 1.5, 0.2), '#c9805c') +
      ink(cut(55.4, 57.9, 9.4, 1.9, -0.03), '#a83a2c') +
      trace('M50.8 57.8Q55 58.6 60 57.4', tones.dark, 0.5) +
      disc(37.4, 60, 1.5, '#e8b64c') +
      ink('M33.6 33C31 16 40 6 52 6C64 6 71 16 68.8 29C60 23 44 24 33.6 33Z', red) +
      dots.map(([x, y]) => disc(x, y, 1.15, '#f5e2bd')).join('') +
      trace('M34 32C44 23.6 60 22.6 68.6 28.4', '#7d2418', 0.8) +
      moved(30, 37, 1, pencil(), -28) +
      ink(shirt, '#24505a') +
      ink('M35 73L48 90L30 88ZM63 73L51 90L68 87Z', '#3c7079') +
      trace(soft(places('49 88, 48.6 94, 49 102')), '#12323a', 0.8) +
      disc(50.6, 95, 0.9, '#f5e2bd') +
      ink(
        scatter(
          random,
          { left: 4, right: 96, top: 84, bottom: 100 },
          { count: 60, length: 9, thick: 0.4, angle: 1.2, spread: 0.35 },
        ),
        '#3c7079',
      ),
  })
}
