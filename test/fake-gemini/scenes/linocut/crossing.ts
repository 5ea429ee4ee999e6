import { createRandom, times } from '../random.ts'
import type { Canvas, Point } from '../svg.ts'
import { ferry, lantern, reflection, rope } from './ferry.ts'
import { burst, cut, hatch, ripples } from './marks.ts'
import { box, disc, ink, places, sheetOf, under } from './pen.ts'
import { poplars, reeds } from './plants.ts'
import { print } from './print.ts'

interface Inks {
  sky: string
  rays: string
  far: string
  near: string
  water: string
  deep: string
  light: string
  dark: string
  cabin: string
  glow: string
}

const dawn: Inks = {
  sky: '#efb878',
  rays: '#f8dfb2',
  far: '#c9826a',
  near: '#4c7f7c',
  water: '#5f9a94',
  deep: '#2b6468',
  light: '#f7dcae',
  dark: '#173f48',
  cabin: '#d4603f',
  glow: '#f7dcae',
}

const night: Inks = {
  sky: '#1d2f52',
  rays: '#3c5482',
  far: '#17284a',
  near: '#101d38',
  water: '#233a60',
  deep: '#111f3c',
  light: '#6f8bb3',
  dark: '#0a1327',
  cabin: '#31466c',
  glow: '#f2c25c',
}

const farLine = places('0 43, 18 39, 40 41, 66 36, 92 40, 118 35, 136 38, 152 36')
const nearLine = places('0 45, 24 43.5, 52 46, 80 45, 110 46.5, 132 44, 152 45')
const ropeLine = places('-2 43, 14 52, 27 58.5, 38 60, 92 60, 104 58.5, 128 50, 152 41')

function banks(inks: Inks, seed: number): string {
  const random = createRandom(seed)
  const options = { count: 90, depth: 7, length: 5, thick: 0.3, lean: 0.12 }
  return (
    ink(under(farLine, 50), inks.far) +
    ink(hatch(random, farLine, options), inks.near, 'opacity=".55"') +
    poplars(random, {
      from: 14,
      to: 46,
      base: 46,
      tall: 21,
      count: 8,
      dark: inks.deep,
      light: inks.far,
    }) +
    poplars(random, {
      from: 124,
      to: 144,
      base: 46,
      tall: 13,
      count: 5,
      dark: inks.deep,
      light: inks.far,
    }) +
    ink(under(nearLine, 50), inks.near)
  )
}

function water(inks: Inks, w: number, h: number, lightAt: number): string {
  const random = createRandom(12)
  const area = { left: -4, top: 48, right: w + 4, bottom: h + 2 }
  const near = (x: number, depth: number): number =>
    Math.exp(-(((x - lightAt) / (5 + depth * 16)) ** 2))
  const deep = ripples(random, area, { rows: 26, length: 13, thick: 0.85, share: () => 0.62 })
  const light = ripples(random, area, {
    rows: 30,
    length: 8,
    thick: 0.75,
    share: (x, depth) => near(x, depth),
  })
  return box(0, 47, w, h - 46, inks.water) + ink(deep, inks.deep) + ink(light, inks.light)
}

function daylight(inks: Inks, sun: Point): string {
  const random = createRandom(4)
  const rays = burst(random, sun, { from: 10, to: 130, step: 8.5, spacing: 2.7, thick: 1.15 })
  return ink(rays, inks.rays) + disc(...sun, 7.6, '#dc6a45')
}

function nightSky(inks: Inks, moon: Point, w: number): string {
  const random = createRandom(9)
  const stars = times(70, () => {
    const long = 0.5 + random() ** 4 * 1.6
    const [x, y] = [random() * w, random() * 36]
    return cut(x, y, long * 2, 0.24) + cut(x, y, long * 2, 0.24, Math.PI / 2)
  })
  const halo = burst(random, moon, { from: 10, to: 60, step: 7, spacing: 3.4, thick: 0.6 })
  return (
    ink(halo, inks.rays) +
    ink(stars.join(''), '#dfe6ee') +
    disc(...moon, 6.4, '#f2e3b4') +
    disc(moon[0] + 3.4, moon[1] - 1.4, 5.8, inks.sky)
  )
}

function lamps(inks: Inks): string {
  const random = createRandom(33)
  return [36, 94]
    .map((x) => {
      const halo = burst(random, [x, 50], { from: 3, to: 15, step: 3.6, spacing: 1.7, thick: 0.5 })
      const trail = reflection(random, [x, 70], { breadth: 8, depth: 30, count: 22 })
      return ink(halo, '#c99a48') + ink(trail, inks.glow) + lantern(x, 50, 1, inks.dark, inks.glow)
    })
    .join('')
}

function drawCrossing(canvas: Canvas, inks: Inks, isNight: boolean): string {
  const { w, h } = sheetOf(canvas)
  const light: Point = isNight ? [122, 17] : [106, 30]
  const random = createRandom(21)
  const dark = reflection(random, [66, 70], { breadth: 52, depth: 17, count: 13 })
  const inksOfFerry = { dark: inks.dark, light: inks.light, warm: inks.cabin, glow: inks.glow }
  return print(canvas, 5, {
    ground: inks.sky,
    colors:
      (isNight ? nightSky(inks, light, w) : daylight(inks, light)) +
      banks(inks, 7) +
      water(inks, w, h, isNight ? 122 : 108),
    key:
      ink(dark, inks.dark) +
      rope(ropeLine, inks.dark, 0.6) +
      ferry(65, 68.5, 1.05, inksOfFerry) +
      (isNight ? lamps(inks) : '') +
      reeds(random, {
        from: -2,
        to: 24,
        base: h + 2,
        tall: 33,
        count: 22,
        color: inks.dark,
        plume: inks.cabin,
      }) +
      reeds(random, { from: 132, to: w + 2, base: h + 2, tall: 22, count: 12, color: inks.dark }),
  })
}

/** The ferry at sunrise. */
export function drawCrossingAtDawn(canvas: Canvas): string {
  return drawCrossing(canvas, dawn, false)
}

/** The same ferry, at the same place, at night. */
export function drawCrossingAtNight(canvas: Canvas): string {
  return drawCrossing(canvas, night, true)
}
