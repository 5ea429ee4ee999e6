import { blur, clouds, grain, stars } from './atmosphere.ts'
import { anchors, createRandom, ridge } from './random.ts'
import { trees } from './trees.ts'
import {
  below,
  document,
  fill,
  group,
  linear,
  path,
  radial,
  rect,
  round,
  wash,
  type Canvas,
} from './svg.ts'

function definitions(canvas: Canvas): string {
  const { width, height, unit } = canvas
  return [
    linear('sky', '0 #070c20, 0.45 #0d1734, 0.75 #162549, 0.92 #25406a, 1 #33567c'),
    radial(
      'dawn',
      [0.2 * width, 0.95 * height],
      75 * unit,
      '0 #7fa6b8 0.5, 0.5 #4d7a9c 0.2, 1 #4d7a9c 0',
      0.4,
    ),
    linear('river', '0 #fff 0, 0.3 #fff 0.5, 0.5 #fff 1, 0.7 #fff 0.5, 1 #fff 0'),
    linear('far', '0 #182b4e, 1 #22416a'),
    linear('near', '0 #0c1730, 1 #0a1226'),
    clouds('dust', canvas, {
      frequency: [0.02, 0.05],
      color: [0.66, 0.72, 0.95],
      gain: 2.2,
      cut: 0.4,
      seed: 41,
    }),
    clouds('rose', canvas, {
      frequency: [0.03, 0.08],
      color: [0.85, 0.6, 0.74],
      gain: 2.6,
      cut: 0.5,
      seed: 5,
    }),
    clouds('lane', canvas, {
      frequency: [0.03, 0.1],
      color: [0.03, 0.05, 0.13],
      gain: 3.4,
      cut: 0.47,
      seed: 77,
    }),
    blur('haze', 5 * unit),
  ].join('')
}

function milkyWay(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const reach = Math.hypot(width, height)
  const band = (share: number, filter: string, opacity: number) => {
    const wide = share * 100 * unit
    return rect(
      width / 2 - reach,
      0.42 * height - wide / 2,
      reach * 2,
      wide,
      `${fill('river')} filter="url(#${filter})" opacity="${opacity}"`,
    )
  }
  const turn = `transform="rotate(-24 ${round(width / 2)} ${round(0.42 * height)})"`
  return group(turn, band(0.75, 'dust', 0.36) + band(0.42, 'rose', 0.26) + band(0.24, 'lane', 0.6))
}

/** A quiet sky to set type on. */
export function drawNightSky(canvas: Canvas): string {
  const random = createRandom(88)
  const film = grain(canvas, 0.08)
  const far = ridge(
    canvas,
    random,
    anchors('0 0.88, 0.15 0.84, 0.3 0.89, 0.5 0.86, 0.66 0.9, 0.84 0.83, 1 0.87'),
    0.09,
  )
  const near = ridge(
    canvas,
    random,
    anchors('0 0.95, 0.2 0.97, 0.45 0.955, 0.7 0.975, 1 0.94'),
    0.04,
  )
  const { width, height } = canvas
  const shapes = [
    wash(canvas, fill('sky')),
    milkyWay(canvas),
    stars(canvas, random, 900, 0.9),
    rect(0, 0, width, height, fill('dawn')),
    path(below(far, canvas), fill('far')),
    trees(canvas, random, {
      from: 0,
      to: 1,
      baseline: 0.97,
      size: 7,
      count: 170,
      color: '#0c1730',
      opacity: 1,
    }),
    path(below(near, canvas), fill('near')),
    film.shape,
  ]
  return document(canvas, definitions(canvas) + film.definition, shapes.join(''))
}
