import { blur, clouds, grain, relief } from './atmosphere.ts'
import { anchors, between, createRandom, ridge, times, type Random } from './random.ts'
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

const horizon = 0.47
const sunX = 0.64

function definitions(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const sun: Point = [sunX * width, 0.4 * height]
  return [
    linear('sky', '0 #7fb0c9, 0.3 #b9cfcf, 0.6 #f6dcb4, 0.85 #ffc58a, 1 #ffb47c'),
    linear('sea', '0 #f7cb9b, 0.07 #d9c3ab, 0.3 #7fa9b3, 0.65 #3f7c93, 1 #1d5272'),
    radial('halo', sun, 70 * unit, '0 #fffbe8 1, 0.12 #fff0c4 0.8, 0.4 #ffd595 0.35, 1 #ffc27d 0'),
    radial(
      'path',
      [sun[0], horizon * height],
      60 * unit,
      '0 #fff1c9 0.85, 0.5 #ffdda0 0.3, 1 #ffd08b 0',
      0.55,
    ),
    linear('cape0', '0 #d9b9a8, 1 #f0cba6'),
    linear('cape1', '0 #a79aa2, 1 #d9b9a2'),
    linear('cape2', '0 #736f84, 0.7 #a98f91, 1 #b99c95'),
    linear('cliff', '0 #8c8273, 0.3 #5b6762, 0.6 #37505a, 1 #1c3846'),
    linear('shore', '0 #21414a, 1 #0c2029'),
    linear('trunk', '0 #231f27, 0.6 #4a3431, 0.85 #8a5a43, 1 #f3b27a', 90),
    linear('crown', '0 #76784e, 0.3 #385645, 0.7 #1f403d, 1 #163232', -25),
    linear('band', '0 #fff 0, 0.5 #fff 1, 1 #fff 0'),
    clouds('cirrus', canvas, {
      frequency: [0.012, 0.07],
      color: [1, 0.95, 0.86],
      gain: 3,
      cut: 0.48,
      seed: 12,
    }),
    clouds('ripple', canvas, {
      frequency: [0.045, 0.5],
      color: [0.93, 0.96, 0.92],
      gain: 4,
      cut: 0.5,
      seed: 3,
    }),
    clouds('deep', canvas, {
      frequency: [0.03, 0.35],
      color: [0.07, 0.25, 0.36],
      gain: 4,
      cut: 0.52,
      seed: 9,
    }),
    relief('rock', canvas, {
      frequency: [0.3, 0.16],
      azimuth: -40,
      elevation: 45,
      height: 2.6,
      ambient: 0.72,
      seed: 21,
    }),
    blur('glow', 1.1 * unit),
  ].join('')
}

function glitter({ width, height, unit }: Canvas, random: Random): string {
  return times(620, () => {
    const near = random() ** 1.2
    const spread = (3 + 26 * near) * unit
    const x = sunX * width + (random() + random() + random() - 1.5) * spread
    const y = (horizon + 0.004 + near * 0.5) * height
    const wide = between(random, 0.5, 1.6) * unit * (0.35 + 2 * near)
    const opacity = between(random, 0.3, 1) * (1 - 0.4 * near)
    return ellipse(
      [x, y],
      wide,
      unit * (0.06 + 0.2 * near),
      `fill="#fff4d2" opacity="${opacity.toFixed(2)}"`,
    )
  }).join('')
}

function capes(canvas: Canvas, random: Random): string {
  const coastlines: readonly (readonly Point[])[] = [
    anchors('-0.01 0.36, 0.12 0.33, 0.26 0.39, 0.4 0.415, 0.5 0.455, 0.56 0.474'),
    anchors('-0.01 0.34, 0.08 0.3, 0.17 0.37, 0.27 0.4, 0.36 0.45, 0.42 0.478'),
    anchors('-0.01 0.27, 0.06 0.29, 0.13 0.36, 0.2 0.42, 0.27 0.45, 0.31 0.49'),
  ]
  return coastlines
    .map((points, index) => {
      const outline = ridge(canvas, random, points, 0.08)
      return path(
        `${line(outline)}L${round(-canvas.width * 0.01)} ${round((points.at(-1)?.[1] ?? 0) * canvas.height)}Z`,
        fill(`cape${index}`),
      )
    })
    .join('')
}

/** The edge of the cliff along which the line runs, from far left to near right. */
function track({ width, height }: Canvas, along: number): Point {
  const x = width * (-0.02 + 1.04 * along)
  const y = height * (0.64 + 0.15 * along ** 1.7)
  return [x, y]
}

function coast(canvas: Canvas, random: Random): string {
  const { unit } = canvas
  const slope = ridge(
    canvas,
    random,
    anchors('-0.01 0.4, 0.08 0.46, 0.16 0.53, 0.24 0.585, 0.34 0.63, 0.4 0.69'),
    0.1,
  )
  const terrace = times(31, (index) => track(canvas, index / 30))
  const edge = ridge(
    canvas,
    random,
    anchors('-0.01 0.642, 0.3 0.667, 0.6 0.716, 0.85 0.765, 1.01 0.803'),
    0.012,
  )
  const rails = path(
    line(terrace),
    `fill="none" stroke="#e8c79b" stroke-width="${round(0.5 * unit)}"`,
  )
  const wall = path(
    line(terrace.map(([x, y]) => [x, y + 0.9 * unit])),
    `fill="none" stroke="#3a3d42" stroke-width="${round(1.3 * unit)}"`,
  )
  return (
    group(
      'filter="url(#rock)"',
      path(below(slope, canvas), fill('cliff')) + path(below(edge, canvas), fill('cliff')),
    ) +
    wall +
    rails
  )
}

function train(canvas: Canvas): string {
  const { unit } = canvas
  const cars = times(7, (index) => {
    const along = 0.2 + index * 0.081
    const [x, y] = track(canvas, along)
    const [nextX, nextY] = track(canvas, along + 0.078)
    const length = Math.hypot(nextX - x, nextY - y)
    const tall = (2.5 + 0.34 * index) * unit
    const angle = (Math.atan2(nextY - y, nextX - x) * 180) / Math.PI
    const panes = times(7, (pane) =>
      rect(
        length * (0.08 + pane * 0.126),
        -tall * 0.74,
        length * 0.08,
        tall * 0.3,
        'fill="#ffe0a3"',
      ),
    ).join('')
    return group(
      `transform="translate(${round(x)} ${round(y - 0.3 * unit)}) rotate(${angle.toFixed(2)})"`,
      rect(0, -tall, length, tall, `rx="${round(tall * 0.14)}" fill="#23355c"`) +
        rect(0, -tall, length, tall * 0.13, `rx="${round(tall * 0.06)}" fill="#ffd9a6"`) +
        rect(0, -tall * 0.28, length, tall * 0.07, 'fill="#d8ab62"') +
        panes,
    )
  })
  return cars.join('')
}

function pine(canvas: Canvas, random: Random, foot: Point, tall: number, lean: number): string {
  const { unit } = canvas
  const [x, y] = foot
  const top: Point = [x + lean, y - tall]
  const weight = tall * 0.021
  const trunk = `M${round(x - weight)} ${round(y)}Q${round(x + lean * 0.2)} ${round(y - tall * 0.5)} ${round(top[0] - weight * 0.4)} ${round(top[1])}H${round(top[0] + weight * 0.4)}Q${round(x + lean * 0.2 + weight * 1.7)} ${round(y - tall * 0.5)} ${round(x + weight)} ${round(y)}Z`
  const puffs = times(520, (index) => {
    const layer = index / 520
    const across = (random() + random() - 1) * 0.46
    const dome = 0.2 * (1 - (across / 0.46) ** 2)
    const rise = dome * (1 - layer * 1.25) + between(random, -0.02, 0.02)
    const size = tall * between(random, 0.012, 0.032)
    const place: Point = [top[0] + across * tall, top[1] - rise * tall]
    return ellipse(place, size * 1.5, size * 0.8, fill('crown'))
  }).join('')
  const branches = [-0.24, -0.1, 0.12, 0.26]
    .map(
      (reach) =>
        `M${round(top[0] - lean * 0.1)} ${round(y - tall * 0.78)}Q${round(top[0] + reach * tall * 0.5)} ${round(top[1] + tall * 0.08)} ${round(top[0] + reach * tall)} ${round(top[1])}`,
    )
    .join('')
  return (
    path(trunk, fill('trunk')) +
    path(branches, `fill="none" stroke="#33302f" stroke-width="${round(0.5 * unit)}"`) +
    puffs
  )
}

function foreground(canvas: Canvas, random: Random): string {
  const { width, height, unit } = canvas
  const bank = ridge(
    canvas,
    random,
    anchors('-0.01 0.8, 0.2 0.86, 0.45 0.93, 0.7 0.95, 1.01 0.9'),
    0.05,
  )
  const grasses = times(900, () => {
    const [x, y] = bank[Math.floor(random() * bank.length)] ?? [0, height]
    const foot = x + between(random, -0.6, 0.6) * unit
    const tall = unit * (0.8 + 4.5 * random() ** 3)
    const bend = between(random, -0.3, 1.5) * unit
    return `M${round(foot)} ${round(y + unit)}Q${round(foot)} ${round(y - tall * 0.5)} ${round(foot + bend)} ${round(y - tall)}`
  }).join('')
  return (
    path(grasses, `fill="none" stroke="#21414a" stroke-width="${round(0.14 * unit)}"`) +
    pine(canvas, random, [0.15 * width, 0.9 * height], 66 * unit, 5 * unit) +
    pine(canvas, random, [0.03 * width, 0.88 * height], 50 * unit, -3 * unit) +
    path(below(bank, canvas), fill('shore'))
  )
}

/** First light on the Adriatic: the train comes down the cliffs to the sea. */
export function drawArrival(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const random = createRandom(755)
  const film = grain(canvas, 0.09)
  const sea = horizon * height
  const shapes = [
    rect(0, 0, width, sea + 1, fill('sky')),
    rect(
      0,
      0.02 * height,
      width,
      0.4 * height,
      `${fill('band')} filter="url(#cirrus)" opacity=".8"`,
    ),
    wash(canvas, fill('halo')),
    circle([sunX * width, 0.4 * height], 3.4 * unit, 'fill="#fffdf2"'),
    capes(canvas, random),
    rect(0, sea, width, height - sea, fill('sea')),
    rect(0, sea, width, height - sea, `${fill('band')} filter="url(#deep)" opacity=".5"`),
    rect(0, sea, width, height - sea, `${fill('band')} filter="url(#ripple)" opacity=".35"`),
    rect(0, sea, width, height - sea, fill('path')),
    glitter(canvas, random),
    coast(canvas, random),
    train(canvas),
    foreground(canvas, random),
    wash(canvas, fill('halo', 0.22)),
    film.shape,
  ]
  return document(canvas, definitions(canvas) + film.definition, shapes.join(''))
}
