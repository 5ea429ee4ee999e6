import { blur, clouds, grain, relief, stars } from './atmosphere.ts'
import { anchors, createRandom, ridge, times, type Random } from './random.ts'
import { trees } from './trees.ts'
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

const rangeAnchors: readonly (readonly Point[])[] = [
  anchors(
    '0 0.5, 0.08 0.41, 0.17 0.47, 0.27 0.36, 0.36 0.45, 0.48 0.34, 0.58 0.44, 0.7 0.31, 0.8 0.42, 0.9 0.35, 1 0.43',
  ),
  anchors(
    '0 0.4, 0.07 0.31, 0.14 0.4, 0.24 0.49, 0.33 0.53, 0.45 0.51, 0.56 0.53, 0.64 0.4, 0.69 0.3, 0.735 0.225, 0.79 0.33, 0.87 0.42, 0.94 0.34, 1 0.39',
  ),
  anchors(
    '0 0.5, 0.1 0.56, 0.2 0.52, 0.3 0.62, 0.44 0.67, 0.58 0.66, 0.7 0.58, 0.8 0.61, 0.9 0.52, 1 0.47',
  ),
]

function gradients(canvas: Canvas): string {
  const { width, height, unit } = canvas
  return [
    linear(
      'sky',
      '0 #0b1433, 0.16 #1d2a5c, 0.28 #4a4886, 0.38 #9a6f9f, 0.46 #e69c92, 0.54 #ffcf9f, 1 #ffd9b0',
    ),
    radial(
      'afterglow',
      [0.38 * width, 0.5 * height],
      95 * unit,
      '0 #ffe2b0 0.95, 0.3 #ffb98d 0.45, 0.65 #ff9a86 0.12, 1 #ff9a86 0',
      0.42,
    ),
    linear('range0', '0 #e8a6ab, 0.3 #b98db0, 1 #f0b9a6'),
    linear('range1', '0 #f3b5a6, 0.16 #b583a6, 0.36 #7a679c, 0.62 #ab86a7, 1 #dfaea5'),
    linear('range2', '0 #332f5f, 0.4 #574a7a, 1 #8d6f92'),
    linear('stone', '0 #2b2a4f, 0.35 #3d3862, 0.7 #6c587f, 1 #94738f'),
    linear('soffit', '0 #6d5a83, 1 #a98599'),
    linear('mist', '0 #e9b6ac 0, 0.45 #d9a5aa 0.7, 1 #8a6f96 0.95'),
    linear('band', '0 #fff 0, 0.5 #fff 1, 1 #fff 0'),
    linear('floor', '0 #1a1b3f 0, 1 #0b0d26 0.92'),
  ].join('')
}

function filters(canvas: Canvas): string {
  const { unit } = canvas
  const light = { azimuth: 200, elevation: 38 }
  return [
    relief('rock0', canvas, {
      ...light,
      frequency: [0.07, 0.04],
      height: 9,
      ambient: 0.72,
      seed: 4,
    }),
    relief('rock1', canvas, {
      ...light,
      frequency: [0.07, 0.036],
      height: 14,
      ambient: 0.5,
      seed: 11,
    }),
    relief('rock2', canvas, {
      ...light,
      frequency: [0.16, 0.1],
      height: 6,
      ambient: 0.6,
      seed: 23,
    }),
    relief('masonry', canvas, {
      ...light,
      frequency: [0.5, 0.9],
      height: 0.6,
      ambient: 0.7,
      seed: 5,
    }),
    clouds('veil', canvas, {
      frequency: [0.012, 0.06],
      color: [1, 0.72, 0.66],
      gain: 2.6,
      cut: 0.48,
      seed: 8,
    }),
    clouds('fog', canvas, {
      frequency: [0.02, 0.05],
      color: [0.9, 0.72, 0.74],
      gain: 2.4,
      cut: 0.36,
      seed: 31,
    }),
    blur('soft', 0.35 * unit),
    blur('glow', 1.5 * unit),
    blur('haze', 4 * unit),
  ].join('')
}

function definitions(canvas: Canvas): string {
  return gradients(canvas) + filters(canvas)
}

function moon({ width, height, unit }: Canvas): string {
  const place: Point = [0.88 * width, 0.14 * height]
  const [x, y] = place
  const r = 2.6 * unit
  const crescent = `M${round(x)} ${round(y - r)}A${r} ${r} 0 1 1 ${round(x)} ${round(y + r)}A${round(r * 1.22)} ${round(r * 1.22)} 0 0 0 ${round(x)} ${round(y - r)}Z`
  return (
    circle(place, 6 * unit, 'fill="#ffe9cf" opacity=".22" filter="url(#haze)"') +
    group(`transform="rotate(32 ${round(x)} ${round(y)})"`, path(crescent, 'fill="#fff3df"'))
  )
}

function ranges(canvas: Canvas, random: Random): string {
  const { width, height } = canvas
  const veil = rect(
    0,
    0.28 * height,
    width,
    0.34 * height,
    `${fill('band')} filter="url(#veil)" opacity=".6"`,
  )
  const layers = rangeAnchors.map((anchors, index) => {
    const shape = path(below(ridge(canvas, random, anchors, 0.2), canvas), fill(`range${index}`))
    const top = (0.36 + 0.08 * index) * height
    const mist = rect(0, top, width, height - top, fill('mist', 0.42))
    return group(`filter="url(#rock${index})"`, shape) + mist
  })
  return veil + layers.join('')
}

/** Height of the rails at a place along the picture. */
function deck({ width, height }: Canvas, x: number): number {
  const along = x / width
  return height * (0.635 + 0.035 * (along - 0.5) ** 2 * 4)
}

function arches(canvas: Canvas, shift: number): string {
  const { width, height, unit } = canvas
  const span = 14.6 * unit
  const opening = 11.4 * unit
  return times(Math.ceil(width / span) + 1, (index) => {
    const left = index * span - 0.4 * span + shift
    const top = deck(canvas, left) + 4.2 * unit
    const spring = top + opening / 2
    return `M${round(left)} ${height}V${round(spring)}A${round(opening / 2)} ${round(opening / 2)} 0 0 1 ${round(left + opening)} ${round(spring)}V${height}Z`
  }).join('')
}

function deckLine(canvas: Canvas, lift: number): Point[] {
  return times(41, (index) => {
    const x = (index / 40) * canvas.width
    return [x, deck(canvas, x) - lift]
  })
}

function viaduct(canvas: Canvas): string {
  const { unit } = canvas
  const wall = below(deckLine(canvas, 0), canvas)
  const solid = (shift: number, paint: string) =>
    path(wall + arches(canvas, shift), `fill-rule="evenodd" ${paint}`)
  const coping = (lift: number, weight: number, color: string) =>
    path(
      line(deckLine(canvas, lift)),
      `fill="none" stroke="${color}" stroke-width="${round(weight * unit)}"`,
    )
  return (
    solid(1.3 * unit, fill('soffit')) +
    group('filter="url(#masonry)"', solid(0, fill('stone'))) +
    coping(-2.2, 0.5, '#242347') +
    coping(-1.6, 0.25, '#7d688f') +
    coping(0, 0.7, '#1f1f42') +
    coping(0.4, 0.16, '#c69a9f')
  )
}

function carriage(unit: number, length: number, random: Random, isEngine: boolean): string {
  const tall = 3.7 * unit
  const windows = Math.floor(length / (1.75 * unit)) - 1
  const pitch = (length - 1.4 * unit) / windows
  const panes = times(windows, (index) => {
    const x = 0.9 * unit + index * pitch
    const warmth = random() < 0.14 ? '#8d6a5d' : random() < 0.5 ? '#ffd68c' : '#ffc26b'
    return rect(
      x,
      -tall + 0.95 * unit,
      pitch * 0.62,
      1.15 * unit,
      `rx="${round(0.18 * unit)}" fill="${warmth}"`,
    )
  }).join('')
  const nose = isEngine
    ? path(
        `M${round(length - unit)} ${round(-tall)}Q${round(length + 1.6 * unit)} ${round(-tall)} ${round(length + 2.2 * unit)} 0H${round(length - unit)}Z`,
        'fill="#1b2047"',
      )
    : ''
  const cab = path(
    `M${round(length - 0.6 * unit)} ${round(-tall + 0.7 * unit)}H${round(length + 0.5 * unit)}L${round(length + 1.2 * unit)} ${round(-tall + 1.9 * unit)}H${round(length - 0.6 * unit)}Z`,
    'fill="#ffdf9e"',
  )
  return (
    nose +
    rect(0, -tall, length, tall, `rx="${round(0.5 * unit)}" fill="#1b2047"`) +
    rect(
      0.2 * unit,
      -tall,
      length - 0.4 * unit,
      0.5 * unit,
      `rx="${round(0.25 * unit)}" fill="#8f86b4"`,
    ) +
    rect(0, -0.95 * unit, length, 0.28 * unit, 'fill="#c9a25f"') +
    (isEngine ? cab : panes)
  )
}

function train(canvas: Canvas, random: Random): string {
  const { width, unit } = canvas
  const length = 15.2 * unit
  const gap = 0.7 * unit
  const start = 0.68 * width
  const cars = times(8, (index) => {
    const x = start - (index + 1) * (length + gap)
    const y = deck(canvas, x + length / 2) - 0.5 * unit
    const slope = deck(canvas, x + length) - deck(canvas, x)
    const angle = (Math.atan2(slope, length) * 180) / Math.PI
    return group(
      `transform="translate(${round(x)} ${round(y)}) rotate(${angle.toFixed(2)})"`,
      carriage(unit, length, random, index === 0),
    )
  })
  const tip = start + 1.6 * unit
  const lamp: Point = [tip, deck(canvas, tip) - 1.6 * unit]
  const beam = `M${round(tip)} ${round(lamp[1])}L${round(tip + 26 * unit)} ${round(lamp[1] - 2.5 * unit)}V${round(lamp[1] + 3 * unit)}Z`
  const warmth = path(
    line(
      deckLine(canvas, 2.6 * unit).filter(([x]) => x < start - length && x > start - 7.8 * length),
    ),
    `fill="none" stroke="#ffb45e" stroke-width="${round(2.4 * unit)}" opacity=".8" filter="url(#glow)"`,
  )
  return (
    cars.join('') +
    warmth +
    path(beam, 'fill="#ffe7b5" opacity=".28" filter="url(#glow)"') +
    circle(lamp, 1.6 * unit, 'fill="#ffe9bd" opacity=".8" filter="url(#glow)"') +
    circle(lamp, 0.4 * unit, 'fill="#fffaf0"')
  )
}

function valley(canvas: Canvas, random: Random): string {
  const { width, height, unit } = canvas
  const hill = (anchors: readonly Point[], paint: string) =>
    path(below(ridge(canvas, random, anchors, 0.06), canvas), paint)
  return (
    rect(0, 0.7 * height, width, 0.3 * height, fill('mist')) +
    rect(0, 0.74 * height, width, 0.3 * height, `${fill('band')} filter="url(#fog)" opacity=".8"`) +
    trees(canvas, random, {
      from: 0,
      to: 1,
      baseline: 0.97,
      size: 9,
      count: 64,
      color: '#4a3f6d',
      opacity: 0.75,
    }) +
    rect(0, 0.8 * height, width, 0.25 * height, `${fill('band')} filter="url(#fog)" opacity=".7"`) +
    hill(anchors('0 0.87, 0.16 0.95, 0.36 1.02'), 'fill="#171837"') +
    hill(anchors('0.66 1.02, 0.84 0.94, 1 0.86'), 'fill="#171837"') +
    trees(canvas, random, {
      from: -0.02,
      to: 0.24,
      baseline: 0.98,
      size: 27,
      count: 26,
      color: '#141433',
      opacity: 1,
    }) +
    trees(canvas, random, {
      from: 0.8,
      to: 1.02,
      baseline: 0.98,
      size: 30,
      count: 26,
      color: '#12122f',
      opacity: 1,
    }) +
    rect(0, 0.78 * height, width, 0.22 * height, fill('floor')) +
    ellipse(
      [0.5 * width, height],
      40 * unit,
      5 * unit,
      `fill="#b58ba0" opacity=".3" filter="url(#haze)"`,
    )
  )
}

/** A sleeper train on a stone viaduct, in the last light over the Alps. */
export function drawViaduct(canvas: Canvas): string {
  const random = createRandom(1907)
  const film = grain(canvas, 0.1)
  const shapes = [
    wash(canvas, fill('sky')),
    stars(canvas, random, 220, 0.42),
    wash(canvas, fill('afterglow')),
    moon(canvas),
    ranges(canvas, random),
    viaduct(canvas),
    train(canvas, random),
    valley(canvas, random),
    film.shape,
  ]
  return document(canvas, definitions(canvas) + film.definition, shapes.join(''))
}
