import { blur, grain } from './atmosphere.ts'
import { between, createRandom, times, type Random } from './random.ts'
import type { Scene } from './scene.ts'
import {
  circle,
  document,
  ellipse,
  fill,
  group,
  linear,
  path,
  radial,
  rect,
  round,
  wash,
  type Canvas,
  type Point,
} from './svg.ts'

/** The pictures of `examples/next`, a site about a pottery. */
export const pottery: readonly Scene[] = [
  { words: ['vessels', 'shelf'], draw: drawVessels },
  { words: ['bowl', 'crackle'], draw: drawBowl },
  { words: ['kiln', 'embers'], draw: drawKiln },
  { words: ['glaze', 'tiles'], draw: drawTiles },
]

/** Half widths of a vessel from its foot to its rim, as shares of its height. */
const PROFILES = {
  bottle: [0.2, 0.32, 0.36, 0.31, 0.17, 0.08, 0.07, 0.1],
  moon: [0.26, 0.46, 0.54, 0.54, 0.44, 0.24, 0.23],
  cup: [0.36, 0.46, 0.5, 0.52, 0.53],
  vase: [0.18, 0.2, 0.27, 0.34, 0.35, 0.27, 0.17, 0.2],
  dish: [0.45, 1.0, 1.4, 1.6],
} as const

type Profile = keyof typeof PROFILES

interface Vessel {
  readonly profile: Profile
  /** Fractions of the canvas. */
  readonly x: number
  readonly foot: number
  /** In `unit`s. */
  readonly tall: number
  readonly glaze: string
}

/** A smooth line through the points, as a cubic for each stretch. */
function smooth(points: readonly Point[]): string {
  const at = (index: number): Point =>
    points[Math.max(0, Math.min(points.length - 1, index))] ?? [0, 0]
  return points
    .slice(1)
    .map((to, index) => {
      const [before, from, after] = [at(index - 1), at(index), at(index + 2)]
      const first = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
      const second = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
      return `C${[...first, ...second, ...to].map(round).join(' ')}`
    })
    .join('')
}

function outline(canvas: Canvas, { profile, x, foot, tall }: Vessel): string {
  const halves = PROFILES[profile]
  const high = tall * canvas.unit
  const side = (direction: number): Point[] =>
    halves.map((half, index) => [
      x * canvas.width + direction * half * high,
      foot * canvas.height - (index / (halves.length - 1)) * high,
    ])
  const [right, left] = [side(1), side(-1).toReversed()]
  const start = right[0] ?? [0, 0]
  const rim = left[0] ?? [0, 0]
  return `M${start.map(round).join(' ')}${smooth(right)}L${rim.map(round).join(' ')}${smooth(left)}Z`
}

function vessel(canvas: Canvas, one: Vessel): string {
  const { width, height, unit } = canvas
  const halves = PROFILES[one.profile]
  const high = one.tall * unit
  const [x, foot] = [one.x * width, one.foot * height]
  const rim = (halves.at(-1) ?? 0.2) * high
  const d = outline(canvas, one)
  return [
    ellipse(
      [x + high * 0.22, foot],
      (halves[0] ?? 0.2) * high * 1.7,
      1.5 * unit,
      'fill="#4b3524" opacity=".42" filter="url(#soft)"',
    ),
    path(d, `fill="${one.glaze}"`),
    path(d, fill('speckle')),
    path(d, fill('round')),
    ellipse([x, foot - high], rim, rim * 0.16, 'fill="#3a2a1e" opacity=".75"'),
    ellipse(
      [x, foot - high],
      rim,
      rim * 0.16,
      `fill="none" stroke="#fff6e6" stroke-opacity=".5" stroke-width="${round(0.3 * unit)}"`,
    ),
  ].join('')
}

/** Iron spots, as stoneware has them. */
function speckle(random: Random): string {
  const spots = times(60, () =>
    circle(
      [random() * 160, random() * 160],
      between(random, 0.4, 1.3),
      'fill="#4a3320" opacity=".5"',
    ),
  )
  return `<pattern id="speckle" width="160" height="160" patternUnits="userSpaceOnUse">${spots.join('')}</pattern>`
}

const ROUND = linear('round', '0 #fff 0.3, 0.3 #fff 0.1, 0.6 #2b1a0e 0.08, 1 #2b1a0e 0.55', 90)

function drawVessels(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.08)
  const foot = 0.8
  const pots: readonly Vessel[] = [
    { profile: 'vase', x: 0.12, foot, tall: 46, glaze: '#7d8f86' },
    { profile: 'cup', x: 0.245, foot, tall: 17, glaze: '#d8cbb4' },
    { profile: 'moon', x: 0.41, foot, tall: 38, glaze: '#e9e2d3' },
    { profile: 'bottle', x: 0.63, foot, tall: 56, glaze: '#a9593a' },
    { profile: 'dish', x: 0.775, foot, tall: 8.5, glaze: '#6f98a0' },
    { profile: 'vase', x: 0.915, foot, tall: 36, glaze: '#4d4a45' },
  ]
  const pane = (x: number): string =>
    path(
      `M${round(x * width)} 0L${round((x + 0.16) * width)} 0L${round((x + 0.3) * width)} ${round(0.8 * height)}L${round((x + 0.14) * width)} ${round(0.8 * height)}Z`,
      'fill="#fff7e6" opacity=".4" filter="url(#soft)"',
    )
  const definitions = [
    linear('wall', '0 #d9c7ae, 1 #c9b294'),
    radial('light', [0.2 * width, 0.1 * height], 130 * unit, '0 #fff7e8 0.8, 1 #fff7e8 0'),
    linear('board', '0 #a9794f, 0.35 #94643d, 1 #6f4727'),
    linear('under', '0 #5c3f28 0.5, 1 #5c3f28 0'),
    ROUND,
    speckle(createRandom(3)),
    blur('soft', 1.3 * unit),
  ]
  const shapes = [
    wash(canvas, fill('wall')),
    wash(canvas, fill('light')),
    pane(0.2),
    pane(0.4),
    rect(0, 0.87 * height, width, 0.1 * height, fill('under')),
    rect(0, 0.785 * height, width, 0.09 * height, fill('board')),
    rect(0, 0.785 * height, width, 0.3 * unit, 'fill="#e5bd8d" opacity=".8"'),
    ...pots.map((one) => vessel(canvas, one)),
    film.shape,
  ]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}

/** The fine net of cracks in a glaze. */
function crackle(random: Random, [x, y]: Point, radius: number): string {
  return times(70, () => {
    const [angle, reach] = [random() * 2 * Math.PI, Math.sqrt(random()) * 0.84 * radius]
    let place: Point = [x + reach * Math.cos(angle), y + reach * Math.sin(angle)]
    let heading = random() * 2 * Math.PI
    const points = times(5, () => {
      heading += between(random, -0.7, 0.7)
      const step = radius * between(random, 0.05, 0.11)
      place = [place[0] + step * Math.cos(heading), place[1] + step * Math.sin(heading)]
      return place.map(round).join(' ')
    })
    return `M${points.join('L')}`
  }).join('')
}

/** Threads across the cloth. */
function linen({ width, height, unit }: Canvas, random: Random): string {
  return times(90, (index) => {
    const opacity = between(random, 0.06, 0.2).toFixed(2)
    return rect(0, (index / 90) * height, width, 0.35 * unit, `fill="#a8997c" opacity="${opacity}"`)
  }).join('')
}

function drawBowl(canvas: Canvas): string {
  const random = createRandom(21)
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.1)
  const centre: Point = [0.5 * width, 0.5 * height]
  const definitions = [
    linear('linen', '0 #e4dccb, 1 #cfc2aa'),
    radial('rim', [0.44 * width, 0.42 * height], 46 * unit, '0 #cfe0d4, 0.8 #a9c6bb, 1 #8a6a4a'),
    radial(
      'well',
      [0.54 * width, 0.56 * height],
      40 * unit,
      '0 #9cc3b8, 0.5 #7fb0a8, 0.85 #5f938f, 1 #4c7c7b',
    ),
    radial(
      'pool',
      [0.5 * width, 0.53 * height],
      12 * unit,
      '0 #2f6f74 0.85, 0.7 #3f7f80 0.4, 1 #3f7f80 0',
    ),
    blur('soft', 2.4 * unit),
    `<clipPath id="inside">${circle(centre, 34 * unit, '')}</clipPath>`,
  ]
  const shapes = [
    wash(canvas, fill('linen')),
    linen(canvas, random),
    circle(
      [centre[0] + 4 * unit, centre[1] + 5 * unit],
      40 * unit,
      'fill="#3d2d1c" opacity=".5" filter="url(#soft)"',
    ),
    circle(centre, 40 * unit, fill('rim')),
    circle(centre, 37.4 * unit, 'fill="#8fb9af"'),
    circle(centre, 36.6 * unit, fill('well')),
    circle(centre, 22 * unit, 'fill="none" stroke="#e2efe6" stroke-opacity=".25" stroke-width="3"'),
    circle(centre, 29 * unit, 'fill="none" stroke="#e2efe6" stroke-opacity=".16" stroke-width="2"'),
    wash(canvas, fill('pool')),
    group(
      'clip-path="url(#inside)"',
      path(
        crackle(random, centre, 36 * unit),
        `fill="none" stroke="#33595a" stroke-opacity=".45" stroke-width="${round(0.22 * unit)}"`,
      ),
    ),
    ellipse(
      [0.4 * width, 0.32 * height],
      9 * unit,
      3.4 * unit,
      `fill="#fff" opacity=".45" filter="url(#soft)" transform="rotate(-38 ${round(0.4 * width)} ${round(0.32 * height)})"`,
    ),
    film.shape,
  ]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}

function bricks({ width, height }: Canvas, random: Random): string {
  const [wide, tall] = [width / 14, height / 14]
  return times(14 * 16, (index) => {
    const [row, column] = [Math.floor(index / 16), index % 16]
    const tone = ['#3a2620', '#432c24', '#35221d', '#4a3128'][Math.floor(random() * 4)]
    const x = (column - (row % 2) / 2) * wide
    return rect(x, row * tall, wide * 0.96, tall * 0.92, `fill="${tone}" rx="3"`)
  }).join('')
}

function sparks({ width, height, unit }: Canvas, random: Random): string {
  return times(70, () => {
    const place: Point = [between(random, 0.2, 0.8) * width, between(random, 0.3, 0.85) * height]
    return circle(place, between(random, 0.12, 0.4) * unit, 'fill="#ffd98a" opacity=".8"')
  }).join('')
}

function drawKiln(canvas: Canvas): string {
  const random = createRandom(9)
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.1)
  const [left, right, top, floor] = [0.18 * width, 0.82 * width, 0.4 * height, 0.86 * height]
  const arch = `M${round(left)} ${round(floor)}L${round(left)} ${round(top)}A${round((right - left) / 2)} ${round(0.3 * height)} 0 0 1 ${round(right)} ${round(top)}L${round(right)} ${round(floor)}Z`
  const definitions = [
    radial(
      'fire',
      [0.5 * width, 0.72 * height],
      62 * unit,
      '0 #fff2b8, 0.25 #ffc65c, 0.55 #f07a26, 0.85 #a83a12, 1 #6b1f0b',
    ),
    radial('spill', [0.5 * width, 0.75 * height], 90 * unit, '0 #ff9a3c 0.55, 1 #ff9a3c 0'),
    linear('pot', '0 #5c1d0a, 0.5 #d4581b, 1 #5c1d0a', 90),
    blur('soft', 0.8 * unit),
  ]
  const shelf = (at: number): string =>
    rect(left + 3 * unit, at * height, right - left - 6 * unit, 1.4 * unit, 'fill="#4a180a"')
  const pots: readonly Vessel[] = [
    ...times(4, (index): Vessel => ({
      profile: 'cup',
      x: 0.31 + 0.127 * index,
      foot: 0.5,
      tall: 10,
      glaze: '',
    })),
    ...(['vase', 'bottle', 'vase', 'bottle'] as const).map((profile, index): Vessel => ({
      profile,
      x: 0.3 + 0.134 * index,
      foot: 0.815,
      tall: 23,
      glaze: '',
    })),
  ]
  const shapes = [
    wash(canvas, 'fill="#1f1512"'),
    bricks(canvas, random),
    path(arch, `${fill('fire')} stroke="#241511" stroke-width="${round(3 * unit)}"`),
    shelf(0.5),
    shelf(0.815),
    ...pots.map((one) => path(outline(canvas, one), `${fill('pot')} opacity=".92"`)),
    sparks(canvas, random),
    wash(canvas, `${fill('spill')} style="mix-blend-mode:screen"`),
    film.shape,
  ]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}

const GLAZES = [
  '#7fb0a8',
  '#a9593a',
  '#e9e2d3',
  '#3f5f73',
  '#c99a4b',
  '#6c7f5a',
  '#4d4a45',
  '#b9807a',
] as const

function drawTiles(canvas: Canvas): string {
  const random = createRandom(17)
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.1)
  const [columns, rows] = [6, 4]
  const [across, down] = [width / (columns + 0.6), height / (rows + 0.5)]
  const tiles = times(columns * rows, (index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)]
    const glaze = GLAZES[(column * 3 + row * 5) % GLAZES.length]
    const [x, y] = [(column + 0.42) * across, (row + 0.36) * down]
    const [wide, tall] = [across * 0.8, down * 0.8]
    const hang = tall * between(random, 0.6, 0.82)
    const drip = `M${round(x)} ${round(y)}h${round(wide)}v${round(hang)}q${round(-wide / 4)} ${round(tall * 0.14)} ${round(-wide / 2)} 0t${round(-wide / 2)} 0Z`
    const turn = `transform="rotate(${between(random, -2, 2).toFixed(1)} ${round(x)} ${round(y)})"`
    return group(
      turn,
      [
        rect(
          x + 0.8 * unit,
          y + unit,
          wide,
          tall,
          'fill="#3d2d1c" opacity=".4" filter="url(#soft)"',
        ),
        rect(x, y, wide, tall, 'fill="#c8a683" rx="6"'),
        path(drip, `fill="${glaze}"`),
        path(drip, fill('speckle')),
        rect(x, y, wide, tall, `${fill('sheen')} rx="6"`),
        circle([x + wide / 2, y + tall * 0.1], 0.9 * unit, 'fill="#3a2a1e" opacity=".8"'),
      ].join(''),
    )
  })
  const definitions = [
    linear('bench', '0 #e8dfcf, 1 #d3c5ad'),
    linear('sheen', '0 #fff 0.4, 0.4 #fff 0.05, 1 #2b1a0e 0.22', 40),
    speckle(random),
    blur('soft', 0.9 * unit),
  ]
  const shapes = [wash(canvas, fill('bench')), ...tiles, film.shape]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}
