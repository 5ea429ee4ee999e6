import { blur, bokeh, clouds, grain, relief } from './atmosphere.ts'
import { between, createRandom, times, type Random } from './random.ts'
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

const tableTop = 0.7

function gradients(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const lamp: Point = [0.73 * width, 0.4 * height]
  return [
    linear('dusk', '0 #0d1430, 0.45 #23284f, 0.75 #54405f, 1 #86584f'),
    linear('ground', '0 #161730 0, 1 #0d0e20 0.95'),
    radial('room', lamp, 88 * unit, '0 #ffce85 0.75, 0.3 #ff9d4d 0.28, 1 #ff8a3a 0'),
    radial(
      'pool',
      [0.73 * width, (tableTop + 0.06) * height],
      62 * unit,
      '0 #fff3d4 0.95, 0.4 #ffd79a 0.5, 1 #ffb765 0',
      0.34,
    ),
    linear('cloth', '0 #8d6c5d, 0.12 #c39f80, 1 #6b4d48'),
    linear('drop', '0 #0d1430 0.55, 0.6 #c9b7c9 0.25, 1 #fff1df 0.75'),
    linear('shade', '0 #a8482e, 0.16 #e08a4c, 0.5 #ffe2a4, 0.84 #e0844a, 1 #99402b', 90),
    linear('shadeFall', '0 #5d1f18 0.5, 0.5 #fff0c4 0.2, 1 #fff6da 0.65'),
    linear('brass', '0 #5f3d1c, 0.3 #f4cd7f, 0.48 #fff2c6, 0.62 #c98d3f, 1 #4d2f17', 90),
    linear('china', '0 #98897f, 0.35 #e5d5c0, 0.75 #fffaf0, 1 #ffdfae', 90),
    linear('tea', '0 #3b1c10, 1 #a0561f', 90),
    linear('wood', '0 #1c0f0d, 0.5 #3a2019, 0.8 #6b3b25, 1 #2b1713', 90),
    linear('rail', '0 #7a4a2e, 0.3 #41241b, 1 #170c0b'),
    radial(
      'vignette',
      [0.66 * width, 0.52 * height],
      105 * unit,
      '0 #0a0716 0, 0.55 #0a0716 0.1, 1 #07040f 0.82',
    ),
  ].join('')
}

function filters(canvas: Canvas): string {
  const { unit } = canvas
  return [
    clouds('steam', canvas, {
      frequency: [0.09, 0.035],
      color: [1, 0.95, 0.88],
      gain: 4,
      cut: 0.42,
      seed: 6,
    }),
    clouds('streaks', canvas, {
      frequency: [0.35, 0.02],
      color: [0.85, 0.85, 0.95],
      gain: 4,
      cut: 0.58,
      seed: 17,
    }),
    relief('linen', canvas, {
      frequency: [2.6, 0.9],
      azimuth: -60,
      elevation: 50,
      height: 0.14,
      ambient: 0.8,
      seed: 2,
    }),
    relief('grainOfWood', canvas, {
      frequency: [0.5, 0.02],
      azimuth: 0,
      elevation: 45,
      height: 1,
      ambient: 0.65,
      seed: 19,
    }),
    relief('boards', canvas, {
      frequency: [0.02, 0.5],
      azimuth: -90,
      elevation: 45,
      height: 1,
      ambient: 0.65,
      seed: 20,
    }),
    blur('far', 1.3 * unit),
    blur('haze', 4 * unit),
    blur('near', 0.3 * unit),
    blur('shadow', 1.2 * unit),
  ].join('')
}

function definitions(canvas: Canvas): string {
  return gradients(canvas) + filters(canvas)
}

function town(canvas: Canvas, random: Random): string {
  const warm = ['#ffa63d', '#ff7a2e', '#ffcf7d', '#f04f46', '#ffe2ad']
  const mixed = [...warm, '#3f9be0', '#58c4b2']
  return (
    group(
      'filter="url(#far)" style="mix-blend-mode:screen"',
      bokeh(canvas, random, 90, { colors: mixed, top: 0.34, bottom: 0.62, radius: 4.2 }),
    ) +
    group(
      'filter="url(#near)" style="mix-blend-mode:screen"',
      bokeh(canvas, random, 30, { colors: warm, top: 0.22, bottom: 0.64, radius: 6 }),
    )
  )
}

function drop(random: Random, [x, y]: Point, size: number): string {
  const tall = size * between(random, 1.05, 1.5)
  return (
    ellipse([x, y], size, tall, fill('drop')) +
    ellipse(
      [x - size * 0.28, y - tall * 0.42],
      size * 0.22,
      size * 0.2,
      'fill="#fff" opacity=".75"',
    )
  )
}

function rain(canvas: Canvas, random: Random): string {
  const { width, height, unit } = canvas
  const drops = times(330, () => {
    const place: Point = [random() * width, random() * tableTop * height]
    return drop(random, place, unit * (0.14 + 0.75 * random() ** 5))
  })
  const runs = times(13, () => {
    const x = random() * width
    const from = between(random, 0.02, 0.4) * height
    const to = from + between(random, 0.08, 0.26) * height
    const sway = between(random, -0.8, 0.8) * unit
    const d = `M${round(x)} ${round(from)}C${round(x + sway)} ${round((from + to) / 2)} ${round(x - sway)} ${round((from + to) / 2)} ${round(x + sway * 0.4)} ${round(to)}`
    return (
      path(
        d,
        `fill="none" stroke="#e8dcec" stroke-opacity=".22" stroke-width="${round(0.5 * unit)}" stroke-linecap="round"`,
      ) + drop(random, [x + sway * 0.4, to], 0.6 * unit)
    )
  })
  return drops.join('') + runs.join('')
}

function frame({ width, height, unit }: Canvas): string {
  const sill = tableTop * height - 7.5 * unit
  const post = (x: number, wide: number) => rect(x, 0, wide, sill + 2 * unit, fill('wood'))
  return (
    group('filter="url(#grainOfWood)"', post(-1, 6.5 * unit) + post(width - 5 * unit, 6 * unit)) +
    group(
      'filter="url(#boards)"',
      rect(0, 0, width, 4 * unit, fill('rail')) + rect(0, sill, width, 9 * unit, fill('rail')),
    ) +
    path(
      `M${round(5.5 * unit)} ${round(4 * unit)}H${round(width - 5 * unit)}V${round(sill)}H${round(5.5 * unit)}Z`,
      `fill="none" stroke="#d9a35c" stroke-opacity=".55" stroke-width="${round(0.35 * unit)}"`,
    )
  )
}

function table(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const top = tableTop * height
  const folds = times(9, (index) => {
    const x = width * (0.03 + index * 0.12)
    const d = `M${round(x)} ${height}C${round(x + 3 * unit)} ${round(height - 6 * unit)} ${round(x + 4 * unit)} ${round(height - 9 * unit)} ${round(x + 9 * unit)} ${round(height - 11 * unit)}C${round(x + 5 * unit)} ${round(height - 7 * unit)} ${round(x + 6 * unit)} ${round(height - 3 * unit)} ${round(x + 7 * unit)} ${height}Z`
    return path(d, 'fill="#3a2430" opacity=".3" filter="url(#shadow)"')
  }).join('')
  return (
    group('filter="url(#linen)"', rect(0, top, width, height - top, fill('cloth'))) +
    rect(0, top, width, height - top, fill('pool')) +
    folds +
    rect(0, height - 11 * unit, width, 11 * unit, 'fill="#1d0f1c" opacity=".28"') +
    rect(
      0,
      height - 11.2 * unit,
      width,
      0.5 * unit,
      'fill="#fff0d8" opacity=".3" filter="url(#near)"',
    )
  )
}

function lamp({ width, height, unit }: Canvas): string {
  const x = 0.73 * width
  const foot = (tableTop + 0.085) * height
  const low = 0.47 * height
  const high = 0.25 * height
  const shade = `M${round(x - 9 * unit)} ${round(high)}Q${round(x)} ${round(high - 1.6 * unit)} ${round(x + 9 * unit)} ${round(high)}L${round(x + 15.5 * unit)} ${round(low)}Q${round(x)} ${round(low + 3.4 * unit)} ${round(x - 15.5 * unit)} ${round(low)}Z`
  const pleats = times(15, (index) => {
    const share = (index - 7) / 7
    return `M${round(x + share * 9 * unit)} ${round(high - (1 - share ** 2) * 0.8 * unit)}L${round(x + share * 15.5 * unit)} ${round(low + (1 - share ** 2) * 1.7 * unit)}`
  }).join('')
  return (
    ellipse(
      [x, foot + 0.8 * unit],
      13 * unit,
      2.6 * unit,
      'fill="#2b140f" opacity=".6" filter="url(#shadow)"',
    ) +
    ellipse([x, foot], 9 * unit, 2.2 * unit, fill('brass')) +
    path(
      `M${round(x - 7 * unit)} ${round(foot - 0.4 * unit)}Q${round(x - 1.4 * unit)} ${round(foot - 2.6 * unit)} ${round(x - 1 * unit)} ${round(foot - 8 * unit)}V${round(low)}H${round(x + unit)}V${round(foot - 8 * unit)}Q${round(x + 1.4 * unit)} ${round(foot - 2.6 * unit)} ${round(x + 7 * unit)} ${round(foot - 0.4 * unit)}Q${round(x)} ${round(foot + 1.4 * unit)} ${round(x - 7 * unit)} ${round(foot - 0.4 * unit)}Z`,
      fill('brass'),
    ) +
    ellipse([x, foot - 9 * unit], 2 * unit, 1.1 * unit, fill('brass')) +
    circle([x, low], 13 * unit, 'fill="#ffdf9c" opacity=".5" filter="url(#haze)"') +
    path(shade, fill('shade')) +
    path(
      pleats,
      `fill="none" stroke="#8a3b22" stroke-opacity=".3" stroke-width="${round(0.3 * unit)}"`,
    ) +
    path(shade, fill('shadeFall')) +
    ellipse([x, high - 0.2 * unit], 9 * unit, 0.9 * unit, 'fill="#ffe9b8"')
  )
}

function cup({ width, height, unit }: Canvas): string {
  const x = 0.33 * width
  const y = (tableTop + 0.1) * height
  const bowl = `M${round(x - 8.2 * unit)} ${round(y - 9 * unit)}C${round(x - 8 * unit)} ${round(y - 3 * unit)} ${round(x - 5 * unit)} ${round(y)} ${round(x - 3.2 * unit)} ${round(y)}H${round(x + 3.2 * unit)}C${round(x + 5 * unit)} ${round(y)} ${round(x + 8 * unit)} ${round(y - 3 * unit)} ${round(x + 8.2 * unit)} ${round(y - 9 * unit)}Z`
  const handle = `M${round(x - 7.6 * unit)} ${round(y - 7.6 * unit)}C${round(x - 13 * unit)} ${round(y - 9 * unit)} ${round(x - 12.4 * unit)} ${round(y - 2.4 * unit)} ${round(x - 6 * unit)} ${round(y - 3 * unit)}`
  return (
    ellipse(
      [x - 4 * unit, y + 1.4 * unit],
      19 * unit,
      3.2 * unit,
      'fill="#2b140f" opacity=".55" filter="url(#shadow)"',
    ) +
    ellipse([x, y + 0.6 * unit], 15 * unit, 2.9 * unit, fill('china')) +
    ellipse([x, y + 0.1 * unit], 13.6 * unit, 2.3 * unit, 'fill="#b79d8a" opacity=".55"') +
    path(
      handle,
      `fill="none" stroke="#c5b1a0" stroke-width="${round(1.3 * unit)}" stroke-linecap="round"`,
    ) +
    path(bowl, fill('china')) +
    path(
      `M${round(x - 7.7 * unit)} ${round(y - 6 * unit)}Q${round(x)} ${round(y - 4 * unit)} ${round(x + 7.7 * unit)} ${round(y - 6 * unit)}`,
      `fill="none" stroke="#29427a" stroke-width="${round(0.7 * unit)}" opacity=".8"`,
    ) +
    ellipse([x, y - 9 * unit], 8.2 * unit, 1.7 * unit, 'fill="#fff6e6"') +
    ellipse([x, y - 8.8 * unit], 7.4 * unit, 1.3 * unit, fill('tea')) +
    path(
      `M${round(x - 3 * unit)} ${round(y - 10 * unit)}C${round(x - 9 * unit)} ${round(y - 18 * unit)} ${round(x + 3 * unit)} ${round(y - 22 * unit)} ${round(x - 3 * unit)} ${round(y - 33 * unit)}H${round(x + 5 * unit)}C${round(x + 9 * unit)} ${round(y - 24 * unit)} ${round(x - 1 * unit)} ${round(y - 18 * unit)} ${round(x + 3 * unit)} ${round(y - 10 * unit)}Z`,
      'fill="#fff3e2" opacity=".2" filter="url(#shadow)"',
    )
  )
}

/** Supper on the move: a lamp, tea, and a town going by in the rain. */
export function drawDining(canvas: Canvas): string {
  const { width, height } = canvas
  const random = createRandom(2015)
  const film = grain(canvas, 0.1)
  const shapes = [
    wash(canvas, fill('dusk')),
    town(canvas, random),
    rect(0, 0.5 * height, width, 0.2 * height, fill('ground')),
    rect(0, 0, width, tableTop * height, 'filter="url(#streaks)" opacity=".25"'),
    rain(canvas, random),
    frame(canvas),
    table(canvas),
    wash(canvas, `${fill('room')} style="mix-blend-mode:screen"`),
    cup(canvas),
    lamp(canvas),
    wash(canvas, fill('vignette')),
    film.shape,
  ]
  return document(canvas, definitions(canvas) + film.definition, shapes.join(''))
}
