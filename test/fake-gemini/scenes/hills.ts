import { blur, clouds, grain } from './atmosphere.ts'
import { between, createRandom, ridge, times, type Random } from './random.ts'
import {
  below,
  circle,
  document,
  fill,
  linear,
  path,
  radial,
  rect,
  wash,
  type Canvas,
  type Point,
} from './svg.ts'

interface Palette {
  sky: readonly [top: string, middle: string, horizon: string]
  light: string
  far: Rgb
  near: Rgb
}

type Rgb = readonly [red: number, green: number, blue: number]

const palettes: readonly Palette[] = [
  {
    sky: ['#7fa9bf', '#d9d8c3', '#fbe3b8'],
    light: '#fff6da',
    far: [205, 190, 170],
    near: [38, 70, 74],
  },
  {
    sky: ['#34406f', '#b17a98', '#ffc69b'],
    light: '#ffe9c4',
    far: [205, 150, 158],
    near: [36, 28, 66],
  },
  {
    sky: ['#12304a', '#3f7f92', '#c8e2cf'],
    light: '#f4fff0',
    far: [140, 190, 185],
    near: [10, 42, 54],
  },
  {
    sky: ['#c4607a', '#f19f7f', '#ffdca2'],
    light: '#fff2cb',
    far: [240, 170, 132],
    near: [92, 32, 62],
  },
  {
    sky: ['#8fa7c9', '#c9d3e3', '#f3ede6'],
    light: '#ffffff',
    far: [190, 200, 216],
    near: [56, 72, 104],
  },
  {
    sky: ['#0b1236', '#2a2f6b', '#8b6aa6'],
    light: '#f3e6ff',
    far: [108, 92, 150],
    near: [12, 12, 38],
  },
]

const layerCount = 7

function mix(from: Rgb, to: Rgb, share: number): string {
  const channels = from.map((value, index) => {
    const mixed = Math.round(value + ((to[index] ?? 0) - value) * share)
    return mixed.toString(16).padStart(2, '0')
  })
  return `#${channels.join('')}`
}

function definitions(canvas: Canvas, palette: Palette, sun: Point, seed: number): string {
  const { light } = palette
  const [top, middle, low] = palette.sky
  const layers = times(layerCount, (index) => {
    const share = index / (layerCount - 1)
    const top = mix(palette.far, palette.near, share ** 0.9)
    const foot = mix(palette.far, palette.near, Math.max(0, share - 0.32))
    return linear(`layer${index}`, `0 ${top}, 1 ${foot}`)
  })
  return [
    linear('sky', `0 ${top}, 0.34 ${middle}, 0.62 ${low}, 1 ${low}`),
    radial(
      'halo',
      sun,
      62 * canvas.unit,
      `0 ${light} 0.9, 0.16 ${light} 0.4, 0.5 ${light} 0.12, 1 ${light} 0`,
    ),
    linear('band', '0 #fff 0, 0.5 #fff 1, 1 #fff 0'),
    clouds('wisps', canvas, {
      frequency: [0.012, 0.06],
      color: [1, 0.97, 0.92],
      gain: 3,
      cut: 0.5,
      seed: seed % 997,
    }),
    blur('soft', 0.3 * canvas.unit),
    ...layers,
  ].join('')
}

function layer(canvas: Canvas, random: Random, index: number): string {
  const share = index / (layerCount - 1)
  const level = 0.5 + 0.42 * share ** 1.15
  const swell = 0.085 * (1 - 0.35 * share)
  const knots = 5 + Math.floor(random() * 4)
  const anchors = times(knots + 1, (knot): Point => [
    -0.02 + (1.04 * knot) / knots,
    level + between(random, -swell, swell * 0.5),
  ])
  const roughness = 0.13 - 0.09 * share
  return path(below(ridge(canvas, random, anchors, roughness), canvas), fill(`layer${index}`))
}

/** Hills in haze, for any prompt: colours, light and lie of the land come from the seed. */
export function drawHills(canvas: Canvas, seed: number): string {
  const random = createRandom(seed)
  const palette = palettes[Math.floor(random() * palettes.length)] ?? palettes[0]
  if (palette === undefined) throw new Error('There is no palette.')
  const { width, height, unit } = canvas
  const sun: Point = [between(random, 0.22, 0.78) * width, between(random, 0.26, 0.46) * height]
  const film = grain(canvas, 0.08)
  const shapes = [
    wash(canvas, fill('sky')),
    rect(
      0,
      0.03 * height,
      width,
      0.45 * height,
      `${fill('band')} filter="url(#wisps)" opacity=".6"`,
    ),
    wash(canvas, fill('halo')),
    circle(sun, between(random, 3, 5) * unit, `fill="${palette.light}" filter="url(#soft)"`),
    ...times(layerCount, (index) => layer(canvas, random, index)),
    wash(canvas, fill('halo', 0.25)),
    film.shape,
  ]
  return document(
    canvas,
    definitions(canvas, palette, sun, seed) + film.definition,
    shapes.join(''),
  )
}
