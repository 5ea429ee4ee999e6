import { blur, bokeh, grain } from './atmosphere.ts'
import { anchors, between, createRandom, ridge, times, type Random } from './random.ts'
import type { Scene } from './scene.ts'
import {
  below,
  circle,
  document,
  ellipse,
  fill,
  group,
  line,
  linear,
  path,
  radial,
  rect,
  round,
  wash,
  type Canvas,
  type Point,
} from './svg.ts'

/** The pictures of `examples/webpack`, a site about honey. */
export const honey: readonly Scene[] = [
  { words: ['beehives', 'meadow'], draw: drawHives },
  { words: ['bee', 'clover'], draw: drawClover },
  { words: ['jar', 'honey'], draw: drawJar },
  { words: ['honeycomb', 'cells'], draw: drawComb },
]

const PAINTS = ['#e9b44c', '#f4efe2', '#7fa3a8', '#d9825b', '#f0cf7a'] as const

function hive(canvas: Canvas, random: Random, [x, y]: Point, size: number): string {
  const { unit } = canvas
  const [wide, tall] = [size * unit, size * unit * 0.62]
  const boxes = times(2, (index) => {
    const paint = PAINTS[Math.floor(random() * PAINTS.length)] ?? PAINTS[0]
    const top = y - tall * (index + 1)
    return (
      rect(x, top, wide, tall * 0.96, `fill="${paint}"`) +
      rect(x + wide * 0.4, top + tall * 0.25, wide * 0.2, tall * 0.12, 'fill="#5b4630" rx="2"')
    )
  })
  return [
    ellipse(
      [x + wide * 0.62, y + tall * 0.12],
      wide * 0.78,
      tall * 0.16,
      'fill="#3f5a2a" opacity=".45"',
    ),
    rect(x + wide * 0.08, y - 1, wide * 0.12, tall * 0.16, 'fill="#6b5236"'),
    rect(x + wide * 0.8, y - 1, wide * 0.12, tall * 0.16, 'fill="#6b5236"'),
    ...boxes,
    rect(x + wide * 0.3, y - tall * 0.16, wide * 0.4, tall * 0.07, 'fill="#3d2f1f"'),
    rect(x, y - tall * 2, wide, tall * 2, fill('side')),
    rect(x - wide * 0.06, y - tall * 2.14, wide * 1.12, tall * 0.18, 'fill="#8b9a94" rx="3"'),
  ].join('')
}

function blossoms(canvas: Canvas, random: Random, count: number, top: number): string {
  const { width, height, unit } = canvas
  return times(count, () => {
    const depth = random()
    const place: Point = [random() * width, (top + (1 - top) * depth) * height]
    const colour = ['#fff6dc', '#f6d04d', '#e9a0b4'][Math.floor(random() * 3)]
    return circle(place, unit * (0.18 + 0.75 * depth * random()), `fill="${colour}" opacity=".9"`)
  }).join('')
}

function drawHives(canvas: Canvas): string {
  const random = createRandom(31)
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.08)
  const layer = (places: string, jag: number, id: string): string =>
    path(below(ridge(canvas, random, anchors(places), jag), canvas), fill(id))
  const definitions = [
    linear('sky', '0 #a9cbd0, 0.3 #e7e6cf, 0.6 #fbe0a4'),
    radial(
      'sun',
      [0.74 * width, 0.3 * height],
      70 * unit,
      '0 #fff7da 0.95, 0.2 #fff0c0 0.45, 1 #fff0c0 0',
    ),
    linear('far', '0 #a9b79a, 1 #c4c79c'),
    linear('mid', '0 #7f9b68, 1 #a3b26f'),
    linear('wood', '0 #4f7148, 1 #6f8e4f'),
    linear('meadow', '0 #93a84d, 0.4 #7d9a45, 1 #5d7d39'),
    linear('side', '0 #fff 0.12, 0.5 #fff 0, 1 #3a2a14 0.32', 90),
  ]
  const shapes = [
    wash(canvas, fill('sky')),
    wash(canvas, fill('sun')),
    layer('0 0.46, 0.2 0.36, 0.42 0.45, 0.66 0.38, 0.85 0.46, 1 0.42', 0.05, 'far'),
    layer('0 0.52, 0.18 0.56, 0.4 0.48, 0.7 0.55, 1 0.46', 0.04, 'mid'),
    layer('0 0.5, 0.12 0.53, 0.3 0.6, 0.55 0.62, 0.8 0.59, 1 0.55', 0.12, 'wood'),
    layer('0 0.66, 0.3 0.63, 0.6 0.67, 1 0.62', 0.01, 'meadow'),
    blossoms(canvas, random, 420, 0.68),
    ...times(6, (index) => {
      const share = index / 5
      const place: Point = [(0.1 + 0.13 * index) * width, (0.76 + 0.07 * share) * height]
      return hive(canvas, random, place, 10 + 4 * share)
    }),
    blossoms(canvas, random, 160, 0.86),
    film.shape,
  ]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}

function petals(canvas: Canvas, random: Random, [x, y]: Point, size: number): string {
  const rings = [
    { count: 22, reach: 1, colour: '#c9799b' },
    { count: 18, reach: 0.76, colour: '#dc96b0' },
    { count: 13, reach: 0.5, colour: '#eab6c6' },
    { count: 7, reach: 0.24, colour: '#f6d6dd' },
  ]
  return rings
    .flatMap(({ count, reach, colour }) =>
      times(count, (index) => {
        const angle = (360 * index) / count + between(random, -5, 5)
        const length = size * canvas.unit * 0.34
        const turn = `transform="rotate(${round(angle)} ${round(x)} ${round(y)})"`
        const centre: Point = [x, y - size * canvas.unit * reach * 0.72]
        return ellipse(centre, length * 0.3, length, `fill="${colour}" ${turn}`)
      }),
    )
    .join('')
}

function bee({ unit }: Canvas, [x, y]: Point, size: number): string {
  const u = (size * unit) / 10
  const wing = (dx: number, angle: number): string =>
    ellipse(
      [x + dx * u, y - 5.6 * u],
      2.1 * u,
      4.6 * u,
      `fill="#f8fbff" opacity=".72" transform="rotate(${angle} ${round(x)} ${round(y)})"`,
    )
  const stripes = times(3, (index) =>
    rect(x + (-4 + index * 2.6) * u, y - 5 * u, 1.15 * u, 10 * u, 'fill="#33240f"'),
  )
  const at = `stroke="#33240f" stroke-width="${round(u * 0.4)}" fill="none" stroke-linecap="round"`
  const legs = times(3, (index) => {
    const from = x + (-1.5 + index * 1.9) * u
    return path(
      `M${round(from)} ${round(y + 2.6 * u)}q${round(-u)} ${round(1.6 * u)} ${round(-0.4 * u)} ${round(3 * u)}`,
      at,
    )
  })
  return group(
    `transform="rotate(14 ${round(x)} ${round(y)})"`,
    [
      ...legs,
      `<clipPath id="body"><ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(5.2 * u)}" ry="${round(3.3 * u)}"/></clipPath>`,
      ellipse([x, y], 5.2 * u, 3.3 * u, 'fill="#e8a92f"'),
      group('clip-path="url(#body)"', stripes.join('')),
      circle([x + 4.6 * u, y - 0.3 * u], 2.9 * u, 'fill="#c98a24"'),
      circle([x + 7 * u, y], 2 * u, 'fill="#33240f"'),
      circle([x + 7.6 * u, y - 0.5 * u], 0.5 * u, 'fill="#fff" opacity=".8"'),
      path(
        `M${round(x + 8 * u)} ${round(y - 1.5 * u)}q${round(u)} ${round(-2.4 * u)} ${round(2.4 * u)} ${round(-2.6 * u)}`,
        at,
      ),
      wing(-0.5, -24),
      wing(1.4, 10),
    ].join(''),
  )
}

function drawClover(canvas: Canvas): string {
  const random = createRandom(5)
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.08)
  const centre: Point = [0.46 * width, 0.6 * height]
  const stem = line([centre, [0.43 * width, height]])
  const leaf = (turn: number): string =>
    ellipse(
      [0.43 * width, 0.93 * height - 10 * unit],
      6 * unit,
      10 * unit,
      `fill="#55803f" transform="rotate(${turn} ${round(0.43 * width)} ${round(0.93 * height)})"`,
    )
  const definitions = [
    linear('air', '0 #d9e6b4, 0.5 #a9c37c, 1 #6f9652'),
    blur('far', 2.2 * unit),
    blur('soft', 1.2 * unit),
  ]
  const shapes = [
    wash(canvas, fill('air')),
    group(
      'filter="url(#far)"',
      bokeh(canvas, random, 26, {
        colors: ['#fff3c4', '#e7a8bb', '#cfe09a'],
        top: 0,
        bottom: 1,
        radius: 9,
      }),
    ),
    path(stem, `stroke="#4c7338" stroke-width="${round(1.7 * unit)}" fill="none"`),
    ...[-68, -8, 58].map(leaf),
    ellipse(
      [centre[0], centre[1] + 3 * unit],
      21 * unit,
      19 * unit,
      'fill="#3e5c2c" opacity=".35" filter="url(#soft)"',
    ),
    petals(canvas, random, centre, 24),
    bee(canvas, [centre[0] + 5 * unit, centre[1] - 22 * unit], 26),
    film.shape,
  ]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}

function jarShapes({ unit }: Canvas, x: number, base: number): string {
  const at = (dx: number, dy: number, wide: number, tall: number, rest: string): string =>
    rect(x + dx * unit, base + dy * unit, wide * unit, tall * unit, rest)
  const corner = (radius: number): string => `rx="${round(radius * unit)}"`
  return [
    ellipse(
      [x, base + 0.6 * unit],
      30 * unit,
      3 * unit,
      'fill="#4a2f12" opacity=".5" filter="url(#soft)"',
    ),
    ellipse(
      [x + 26 * unit, base + unit],
      26 * unit,
      2.6 * unit,
      'fill="#f3b23c" opacity=".55" filter="url(#soft)"',
    ),
    at(-23, -50, 46, 50, `${fill('glass')} ${corner(6)}`),
    at(-21, -44, 42, 42.5, `${fill('honey')} ${corner(5)}`),
    at(-21, -44, 42, 42.5, `${fill('glow')} ${corner(5)}`),
    at(-19, -47, 3, 42, `fill="#fff" opacity=".38" ${corner(1.5)}`),
    at(-20, -56, 40, 8, `${fill('lid')} ${corner(1.4)}`),
    at(-20, -51.5, 40, 0.7, 'fill="#6d4a20" opacity=".5"'),
    at(-14, -33, 28, 20, `fill="#fbf4e2" ${corner(1)}`),
    at(
      -12.4,
      -31.4,
      24.8,
      16.8,
      `fill="none" stroke="#b8842c" stroke-width="${round(0.4 * unit)}"`,
    ),
    hexagon([x, base - 23 * unit], 5.4 * unit, 'fill="#e0a031"'),
    hexagon([x, base - 23 * unit], 3.4 * unit, 'fill="#fbf4e2"'),
  ].join('')
}

function drawJar(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.08)
  const base = 0.82 * height
  const definitions = [
    linear('wall', '0 #efe3cb, 1 #e2cfa8'),
    radial('light', [0.3 * width, 0.3 * height], 90 * unit, '0 #fffaf0 0.9, 1 #fffaf0 0'),
    linear('table', '0 #b98a55, 1 #8f6238'),
    linear('glass', '0 #fff 0.6, 0.5 #f3e2bd 0.5, 1 #c7a566 0.7', 90),
    linear('honey', '0 #c9781a, 0.25 #eda52c, 0.6 #e08f1d, 1 #a9580f', 90),
    radial('glow', [0.47 * width, base - 16 * unit], 26 * unit, '0 #ffe08a 0.75, 1 #ffe08a 0'),
    linear('lid', '0 #d8b06a, 0.3 #f5dca4, 1 #9c7434', 90),
    blur('soft', 1.4 * unit),
  ]
  const shapes = [
    wash(canvas, fill('wall')),
    wash(canvas, fill('light')),
    rect(0, 0.74 * height, width, 0.26 * height, fill('table')),
    ...[0.8, 0.87, 0.95].map((at) =>
      rect(0, at * height, width, 0.25 * unit, 'fill="#6b4522" opacity=".35"'),
    ),
    jarShapes(canvas, 0.5 * width, base),
    film.shape,
  ]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}

function hexagon([x, y]: Point, radius: number, rest: string): string {
  const corners = times(6, (index): Point => {
    const angle = (Math.PI / 3) * index + Math.PI / 6
    return [x + radius * Math.cos(angle), y + radius * Math.sin(angle)]
  })
  return path(`${line(corners)}Z`, rest)
}

function drawComb(canvas: Canvas): string {
  const random = createRandom(12)
  const { width, height, unit } = canvas
  const film = grain(canvas, 0.08)
  const radius = 6 * unit
  const [across, down] = [radius * Math.sqrt(3), radius * 1.5]
  const cells = times(Math.ceil(height / down) + 2, (row) =>
    times(Math.ceil(width / across) + 2, (column) => {
      const place: Point = [(column - (row % 2) / 2) * across, (row - 0.5) * down]
      const id = `cell${Math.floor(random() * 4)}`
      return (
        hexagon(place, radius * 0.9, fill(id)) +
        ellipse(
          [place[0] - radius * 0.2, place[1] - radius * 0.4],
          radius * 0.4,
          radius * 0.13,
          'fill="#fff" opacity=".16"',
        )
      )
    }).join(''),
  )
  const definitions = [
    linear('wax', '0 #7a4a10, 1 #5c340a'),
    linear('cell0', '0 #a8650f, 1 #c9821d'),
    linear('cell1', '0 #98570c, 1 #b87216'),
    linear('cell2', '0 #8a4c0a, 1 #a96410'),
    linear('cell3', '0 #b5741a, 1 #d6922a'),
    linear('shade', '0 #3b2005 0.55, 0.5 #3b2005 0.3, 1 #3b2005 0.6'),
  ]
  const shapes = [wash(canvas, fill('wax')), ...cells, wash(canvas, fill('shade')), film.shape]
  return document(canvas, definitions.join('') + film.definition, shapes.join(''))
}
