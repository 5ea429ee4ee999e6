import { createRandom, times } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { cut, ripples, scatter } from './marks.ts'
import {
  blob,
  box,
  disc,
  ink,
  moved,
  oval,
  places,
  sheetOf,
  soft,
  taper,
  trace,
  under,
} from './pen.ts'
import { poplars } from './plants.ts'
import { print } from './print.ts'

const teal = '#1f5560'
const ochre = '#d99b3f'
const orange = '#e0662f'
const tomato = '#c23a2a'
const cream = '#f6e6c3'
const rye = '#5c3722'
const leaf = '#5d8a45'

/** A flame of steam: three cuts that wind upwards. */
function steam(x: number, y: number, size: number): string {
  const wisp = (dx: number): string =>
    taper(
      [
        [x + dx, y],
        [x + dx - 2, y - size * 0.3],
        [x + dx + 1.6, y - size * 0.62],
        [x + dx - 0.8, y - size],
      ],
      1.1,
      0.15,
    )
  return ink(wisp(-4) + wisp(0.4) + wisp(4.6), cream)
}

function bowl(x: number, y: number, scale: number): string {
  const shapes =
    oval(0, 12, 14, 1.8, rye) +
    ink('M-16 0C-15 8-9 12 0 12C9 12 15 8 16 0Z', cream) +
    ink('M-15.2 4.4C-12 6.4 12 6.4 15.2 4.4L14 6.8C10 8.4-10 8.4-14 6.8Z', teal) +
    oval(0, 0, 16, 3.9, teal) +
    oval(0, 0.2, 14.8, 3.2, orange) +
    ink(cut(-4, -0.4, 9, 0.5) + cut(5, 0.9, 6, 0.4), '#f3b24e') +
    ink(cut(2, -0.6, 2.4, 0.5, 0.4) + cut(-1, 1, 2, 0.5, -0.4), leaf)
  return moved(x, y, scale, shapes) + steam(x, y - 5 * scale, 15 * scale)
}

function pot(x: number, y: number): string {
  const shapes =
    oval(0, 1, 24, 2.6, rye) +
    ink('M-21-30C-22-12-20-2-16 0C-8 2 8 2 16 0C20-2 22-12 21-30Z', teal) +
    oval(0, -30, 21.4, 4.6, cream) +
    oval(0, -29.8, 19.6, 3.7, orange) +
    trace('M-21-22C-30-23-30-13-20.6-13M21-22C30-23 30-13 20.6-13', teal, 2) +
    ink(
      times(7, (index) => cut(-14 + index * 0.9, -17 + index * 0.3, 12 - index, 0.35, 1.5)).join(
        '',
      ),
      '#4c8588',
    ) +
    trace('M-21.3-25.6C-10-22.6 10-22.6 21.3-25.6', cream, 0.7) +
    ink(taper(places('6 -30, 14 -44, 20 -56'), 1.8, 2.2), cream) +
    trace('M20-56C21-60 25-59 23.6-56', cream, 1.2)
  return moved(x, y, 1, shapes)
}

function loaf(x: number, y: number): string {
  const cuts = times(4, (index) =>
    cut(-9 + index * 6, -8.6 + Math.abs(index - 1.5) * 0.7, 8, 1.1, 1.05),
  ).join('')
  const shapes =
    ink('M-20 0C-23-9-14-15 0-15C14-15 23-9 20 0C10 1.6-10 1.6-20 0Z', rye) +
    ink(cuts, '#d9a868') +
    ink(
      scatter(
        createRandom(5),
        { left: -15, right: 15, top: -12, bottom: -2 },
        { count: 40, length: 1.2, thick: 0.2, angle: 0 },
      ),
      '#9a6a3f',
    )
  return moved(x, y, 1, shapes)
}

function onion(x: number, y: number, scale: number, color = ochre): string {
  const lines = [
    'M0-8C-7-4-7 4-1 6.8',
    'M0-8C7-4 7 4 1 6.8',
    'M0-8C-2.6-3-2.6 4 0 6.8',
    'M0-8C2.8-3 2.8 4 0 6.8',
  ]
  const shapes =
    ink('M0-11C1-8 8-5 8 0.6C8 5 4 7 0 7C-4 7-8 5-8 .6C-8-5-1-8 0-11Z', color) +
    trace(lines.join(''), rye, 0.4) +
    trace('M-1 7l-1 1.6M0 7v2M1 7l1.2 1.5', rye, 0.35)
  return moved(x, y, scale, shapes)
}

function view(): string {
  const random = createRandom(18)
  const area = { left: 34, right: 114, top: 34, bottom: 58 }
  return (
    box(30, 2, 88, 58, '#f2c98d') +
    disc(96, 18, 5, orange) +
    ink(
      scatter(
        random,
        { left: 32, right: 116, top: 4, bottom: 26 },
        { count: 46, length: 10, thick: 0.5, angle: 0.02, spread: 0.02 },
      ),
      cream,
    ) +
    ink(under(places('30 29, 56 25, 86 30, 118 26'), 60), '#7fa392') +
    poplars(random, {
      from: 44,
      to: 60,
      base: 34,
      tall: 14,
      count: 5,
      dark: '#3d6f68',
      light: '#9cbcaa',
    }) +
    box(30, 34, 88, 28, '#5f9a94') +
    ink(ripples(random, area, { rows: 11, length: 9, thick: 0.6, share: () => 0.6 }), '#2f6c6e')
  )
}

/** Soup, bread and an onion before a window. */
export function drawSoup(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(25)
  const wall = scatter(
    random,
    { left: 0, right: w, top: 0, bottom: 62 },
    { count: 210, length: 9, thick: 0.4, angle: 1.57, spread: 0.03 },
  )
  const grain = scatter(
    random,
    { left: 0, right: w, top: 66, bottom: h },
    { count: 130, length: 22, thick: 0.35, angle: 0, spread: 0.02 },
  )
  const frame = 'M30 2V60H118V2M74 2V60M30 31H118'
  return print(canvas, 101, {
    ground: '#2f6a70',
    colors:
      ink(wall, teal) +
      view() +
      trace(frame, cream, 2.6) +
      box(26, 58, 96, 3.4, cream) +
      box(0, 66, w, h, ochre) +
      ink(grain, '#b5742c'),
    key:
      box(0, 65, w, 1.2, rye) +
      pot(38, 81) +
      loaf(116, 78) +
      bowl(78, 76, 1.02) +
      bowl(100, 86, 1.12) +
      oval(136, 94.6, 9, 1.2, rye) +
      onion(136, 88, 1, '#a8432c') +
      ink(cut(20, 92, 9, 1.6, 0.35), leaf) +
      trace('M15.6 90.4L24.6 93.6', '#2f5a3d', 0.3),
  })
}

function carrot(x: number, y: number, long: number, lean: number): string {
  const tip: Point = [x + lean, y + long]
  const random = createRandom(Math.round(x * 7))
  const rings = times(7, (index) =>
    cut(
      x + (lean * index) / 8 + (index % 2) * 1.6 - 0.8,
      y + 4 + (index * long) / 9,
      2.4,
      0.3,
      0.1,
    ),
  )
  const greens = times(9, () => {
    const end: Point = [x - lean * 0.5 + (random() - 0.5) * 20, y - 14 - random() * 12]
    const middle: Point = [(x + end[0]) / 2 + (random() - 0.5) * 4, (y + end[1]) / 2]
    const fringe = times(8, (index) => {
      const share = 0.35 + index * 0.08
      return cut(
        x + (end[0] - x) * share,
        y + (end[1] - y) * share,
        4.2,
        0.6,
        index % 2 ? -0.5 : -2.5,
      )
    })
    return trace(soft([[x, y], middle, end]), leaf, 0.6) + ink(fringe.join(''), leaf)
  })
  return (
    greens.join('') +
    ink(taper([[x, y], [x + lean * 0.5, y + long * 0.5], tip], 6.4, 0.5), orange) +
    ink(rings.join(''), '#a8431c')
  )
}

function pumpkin(x: number, y: number): string {
  const ribs = [-22, -13, 0, 13, 22]
  const shapes =
    ribs
      .map((rib, index) =>
        oval(
          rib,
          -19,
          index === 2 ? 12 : 11,
          19 - Math.abs(rib) * 0.12,
          index % 2 ? '#d4562a' : orange,
        ),
      )
      .join('') +
    trace(
      'M-6-36C-17-28-17-8-7-1M6-36C17-28 17-8 7-1M-16-34C-30-26-30-10-18-2M16-34C30-26 30-10 18-2',
      '#8f3318',
      0.7,
    ) +
    ink(
      times(10, (index) => cut(-3 + (index % 3) * 1.4, -31 + index * 2.4, 4.4, 0.4, 1.5)).join(''),
      '#f3a866',
    ) +
    ink('M-3-35C-2-41-6-44-4-47C0-48 3-44 3-35Z', leaf)
  return moved(x, y, 1, shapes)
}

function bunch(): string {
  return (
    trace('M96 30V40M93 30H99', rye, 0.9) +
    carrot(87, 46, 38, -6) +
    carrot(96, 44, 42, 1) +
    carrot(105, 46, 38, 7) +
    ink(blob(places('85 43, 96 40, 107 43, 106 47, 96 45, 86 47')), tomato)
  )
}

function ladle(x: number): string {
  return (
    trace(`M${x} 12V16M${x - 2.4} 18Q${x} 14 ${x + 2.4} 18`, rye, 0.9) +
    trace(`M${x} 17V44`, teal, 2) +
    ink(`M${x - 8} 44H${x + 8}C${x + 8} 54 ${x - 8} 54 ${x - 8} 44Z`, teal) +
    ink(cut(x - 3, 47.6, 6, 0.6, 0.9), '#5f9a94')
  )
}

/** What goes into the soup. */
export function drawVegetables(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(19)
  const back = scatter(
    random,
    { left: 0, right: w, top: 0, bottom: 78 },
    { count: 150, length: 14, thick: 0.4, angle: 0.03, spread: 0.03 },
  )
  const board = scatter(
    random,
    { left: 0, right: w, top: 80, bottom: h },
    { count: 90, length: 24, thick: 0.35, angle: 0, spread: 0.02 },
  )
  const bay = (x: number, y: number, turn: number) =>
    ink(cut(x, y, 16, 3.4, turn), leaf) + ink(cut(x, y, 15, 0.35, turn), '#2f5a3d')
  return print(canvas, 111, {
    ground: '#f0dcae',
    colors:
      ink(back, cream) +
      box(0, 78, w, h, ochre) +
      ink(board, '#b5742c') +
      box(0, 77.4, w, 0.8, rye),
    key:
      box(0, 11, w, 2.2, teal) +
      ladle(152) +
      moved(3, -18, 1, bunch()) +
      oval(48, 86, 42, 2.4, rye) +
      moved(48, 87, 1.24, pumpkin(0, 0)) +
      oval(122, 88, 15, 1.6, rye) +
      onion(120, 74, 1.95, '#b04a2e') +
      oval(147, 91, 13, 1.4, rye) +
      onion(145, 80, 1.55, '#d4803a') +
      bay(166, 90, -0.3) +
      bay(163, 84, -0.75),
  })
}
