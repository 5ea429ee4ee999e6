import { createRandom, times, type Random } from '../random.ts'
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
  sheetOf,
  soft,
  taper,
  trace,
  under,
  within,
} from './pen.ts'
import { catkins, poplars, reeds } from './plants.ts'
import { print } from './print.ts'

const bell =
  'M-5-20C5-23-5-23 5-20C9-18 10-12 11-4C12 3 15 8 19 11C20 12 20 14 18 14.6H-18C-20 14-20 12-19 11C-15 8-12 3-11-4C-10-12-9-18-5-20Z'

interface Metal {
  base: string
  dark: string
  light: string
}

/** A bell that hangs from 0; about forty units wide. */
function bellShape(random: Random, { base, dark, light }: Metal): string {
  const side = scatter(
    random,
    { left: -15, right: -3, top: -14, bottom: 10 },
    { count: 34, length: 8, thick: 0.4, angle: 1.5, spread: 0.1 },
  )
  const shade = scatter(
    random,
    { left: 5, right: 17, top: -16, bottom: 12 },
    { count: 60, length: 8, thick: 0.6, angle: 1.68, spread: 0.1 },
  )
  const bands =
    'M-10.2-9C-4-7.6 4-7.6 10.2-9M-10.6-6.6C-4-5.2 4-5.2 10.6-6.6M-15.4 7.4C-6 9.6 6 9.6 15.4 7.4'
  return (
    trace('M0-22V-27', dark, 3) +
    disc(0, 17, 3.4, dark) +
    ink(bell, base) +
    within(`bell${base.slice(1)}`, bell, ink(side, light) + ink(shade, dark)) +
    trace(bands, dark, 0.7) +
    oval(0, 14.4, 18.4, 1.5, dark)
  )
}

function post(random: Random, wood: string): string {
  return (
    ink(taper(places('44 96, 44.6 60, 44 8'), 6, 5), wood) +
    ink(taper(places('40 15, 70 14.4, 96 15.4'), 5, 4.4), wood) +
    ink(taper(places('46 34, 56 26, 66 16'), 3, 3), wood) +
    ink(
      scatter(
        random,
        { left: 43, right: 46, top: 16, bottom: 92 },
        { count: 26, length: 9, thick: 0.25, angle: 1.57, spread: 0.03 },
      ),
      '#a67d50',
    )
  )
}

/** The bell of the near bank. */
export function drawBell(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(73)
  const rays = burst(random, [30, 24], { from: 9, to: 150, step: 9, spacing: 3.3, thick: 0.9 })
  const water = { left: 0, right: w, top: 56, bottom: 88 }
  const twig = places('152 14, 128 12, 106 17, 84 13, 64 18')
  const hanging = places('126 13, 118 14, 108 17, 99 15.6, 90 14, 80 14.4, 71 16.6, 134 12.4')
  const metal = { base: '#b98a3c', dark: '#5c4322', light: '#ecca7c' }
  return print(canvas, 141, {
    ground: '#dfe2b8',
    colors:
      ink(rays, '#f4f0d2') +
      disc(30, 24, 6.4, '#e8bd5a') +
      ink(under(places('0 50, 40 45, 90 50, 152 46'), 60), '#9fb07a') +
      poplars(random, {
        from: 4,
        to: 40,
        base: 53,
        tall: 18,
        count: 7,
        dark: '#5d7a4c',
        light: '#b3c290',
      }) +
      box(0, 55, w, h, '#93b3a2') +
      ink(
        ripples(random, water, { rows: 17, length: 16, thick: 0.8, share: () => 0.6 }),
        '#5f8a80',
      ) +
      ink(under(places('0 90, 50 85, 100 87, 152 81'), h + 2), '#6f8a45') +
      ink(
        scatter(
          random,
          { left: 0, right: w, top: 86, bottom: h },
          { count: 130, length: 5, thick: 0.4, angle: -1.4, spread: 0.3 },
        ),
        '#48652f',
      ),
    key:
      post(random, '#6b4a2e') +
      moved(80, 47, 1.12, bellShape(random, metal), 5) +
      trace(soft(places('78 68, 74 76, 80 84, 70 90')), '#7c3f2a', 1) +
      disc(70, 91, 1.5, '#7c3f2a') +
      trace(soft(twig), '#5c4a33', 1) +
      catkins(random, hanging, '#c9a640', '#f4e6a4') +
      reeds(random, {
        from: 120,
        to: w + 2,
        base: h + 2,
        tall: 30,
        count: 18,
        color: '#48652f',
        plume: '#8a6a3a',
      }),
  })
}

function patch(): string {
  const rivets = places('-7.6 -3, -7 3.4, 2.6 -4, 3.4 3, -2.6 -4.6, -1.8 4.4')
  return (
    ink(blob(places('-9 -5, 4 -6, 5.4 5, -8 6')), '#7f8c93') +
    trace(blob(places('-9 -5, 4 -6, 5.4 5, -8 6')), '#2f3a44', 0.5) +
    rivets
      .map(([x, y]) => disc(x, y, 0.85, '#2f3a44') + disc(x - 0.2, y - 0.25, 0.35, '#f1e6cc'))
      .join('')
  )
}

/** The cracked bell of the far bank, from close by. */
export function drawCrackedBell(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(74)
  const slate = '#51616e'
  const sky = scatter(
    random,
    { left: 0, right: w, top: 0, bottom: h },
    { count: 150, length: 24, thick: 0.7, angle: 0.03, spread: 0.03 },
  )
  const low = scatter(
    random,
    { left: 0, right: w, top: 66, bottom: h },
    { count: 110, length: 26, thick: 0.8, angle: 0.02, spread: 0.03 },
  )
  const crack = trace('M4 15L3 9L5.6 5L3.4 1L5 -3', '#211a17', 0.9)
  const metal = { base: '#a8542f', dark: '#4d2719', light: '#dc9560' }
  const bolts = times(2, (index) => disc(118 + index * 14, 9, 1.6, '#211a17'))
  return print(canvas, 151, {
    ground: '#8a9aa3',
    colors: ink(sky, '#a9b6ba') + ink(low, '#e9d7b4') + disc(34, 74, 9, '#e8a468'),
    key:
      box(64, 4, 120, 7, slate) +
      ink(taper(places('140 10, 128 20, 112 10'), 2.4, 2.4), slate) +
      bolts.join('') +
      moved(92, 57, 2.05, bellShape(random, metal) + moved(1, 1, 1, patch(), -8) + crack, -3) +
      trace(soft(places('92 92, 90 98, 94 104')), '#4d2719', 1.2) +
      ink(
        times(
          8,
          (index) =>
            cut(10 + index * 7, 60 + (index % 3) * 6, 5, 0.5, -0.5) +
            cut(13.6 + index * 7, 60 + (index % 3) * 6, 5, 0.5, 0.5),
        )
          .slice(0, 3)
          .join(''),
        slate,
      ),
  })
}
