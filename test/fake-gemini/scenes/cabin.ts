import { blur, clouds, grain, relief, stars } from './atmosphere.ts'
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

const shoreline = 0.5

interface Box {
  x: number
  y: number
  width: number
  height: number
}

function windowBox({ width, height }: Canvas): Box {
  return { x: 0.36 * width, y: 0.1 * height, width: 0.52 * width, height: 0.55 * height }
}

function gradients(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const box = windowBox(canvas)
  const moon: Point = [0.7 * width, 0.24 * height]
  const light: Point = [0.17 * width, 0.31 * height]
  return [
    `<clipPath id="pane">${rect(box.x, box.y, box.width, box.height, `rx="${round(5 * unit)}"`)}</clipPath>`,
    linear('night', '0 #0a1330, 0.4 #182a58, 0.65 #375386, 1 #6d86ac'),
    radial('moonlight', moon, 45 * unit, '0 #f4f5ff 0.8, 0.14 #cfdcff 0.4, 1 #9db7ee 0'),
    linear('far', '0 #93a6cb, 0.5 #5d76a6, 1 #7f95bb'),
    linear('middle', '0 #44598c, 1 #2b3d6d'),
    linear('lake', '0 #6b84b0, 0.3 #34507f, 1 #0e1d40'),
    linear('wall', '0 #3a1d13, 0.5 #6a3820, 1 #3b1d14'),
    linear('panel', '0 #52291a, 1 #7a4527'),
    linear('drape', '0 #2a0f1d, 0.3 #7c2c3b, 0.5 #a2444a, 0.72 #6a2334, 1 #240c19', 90),
    linear('sheet', '0 #fff1db, 0.5 #dcc7bb, 1 #8a7c92'),
    linear('pillow', '0 #fffaf0, 0.55 #f2dcc4, 1 #a88d8d'),
    linear('wool', '0 #c65a48, 0.35 #97363a, 1 #3d1426'),
    linear('brass', '0 #5f3d1c, 0.3 #f4cd7f, 0.5 #fff2c6, 0.65 #c98d3f, 1 #4d2f17', 90),
    linear('shade', '0 #ffc873, 0.6 #fff2c9, 1 #fffbe9'),
    radial(
      'lamplight',
      light,
      72 * unit,
      '0 #ffe2a8 0.85, 0.2 #ffb765 0.48, 0.6 #ff9440 0.12, 1 #ff9440 0',
    ),
    radial(
      'vignette',
      [0.42 * width, 0.45 * height],
      98 * unit,
      '0 #0c0610 0, 0.5 #0c0610 0.08, 1 #080410 0.8',
    ),
  ].join('')
}

function filters(canvas: Canvas): string {
  const { unit } = canvas
  return [
    clouds('cloud', canvas, {
      frequency: [0.015, 0.06],
      color: [0.75, 0.82, 0.97],
      gain: 3,
      cut: 0.5,
      seed: 27,
    }),
    relief('snow', canvas, {
      frequency: [0.1, 0.06],
      azimuth: -50,
      elevation: 38,
      height: 7,
      ambient: 0.55,
      seed: 33,
    }),
    relief('walnut', canvas, {
      frequency: [0.35, 0.018],
      azimuth: 0,
      elevation: 45,
      height: 1.1,
      ambient: 0.62,
      seed: 8,
    }),
    relief('weave', canvas, {
      frequency: [0.9, 1.4],
      azimuth: -110,
      elevation: 50,
      height: 0.4,
      ambient: 0.7,
      seed: 16,
    }),
    blur('soft', 0.5 * unit),
    blur('shadow', 1.6 * unit),
    blur('haze', 4 * unit),
  ].join('')
}

function definitions(canvas: Canvas): string {
  return gradients(canvas) + filters(canvas)
}

function glitter({ width, height, unit }: Canvas, random: Random): string {
  return times(170, () => {
    const near = random()
    const x = 0.7 * width + (random() + random() - 1) * (2 + 9 * near) * unit
    const y = (shoreline + 0.005 + 0.16 * near) * height
    const wide = between(random, 0.4, 1.6) * unit * (0.5 + near)
    return ellipse(
      [x, y],
      wide,
      unit * (0.07 + 0.12 * near),
      `fill="#eef3ff" opacity="${between(random, 0.25, 0.85).toFixed(2)}"`,
    )
  }).join('')
}

function view(canvas: Canvas, random: Random): string {
  const { width, height, unit } = canvas
  const lake = shoreline * height
  const far = ridge(
    canvas,
    random,
    anchors(
      '0.3 0.36, 0.4 0.27, 0.47 0.34, 0.54 0.39, 0.62 0.43, 0.72 0.42, 0.8 0.33, 0.86 0.26, 0.92 0.34',
    ),
    0.17,
  )
  const middle = ridge(
    canvas,
    random,
    anchors('0.3 0.43, 0.42 0.44, 0.52 0.485, 0.6 0.498, 0.75 0.495, 0.82 0.46, 0.92 0.42'),
    0.07,
  )
  const moon: Point = [0.7 * width, 0.24 * height]
  const scene =
    wash(canvas, fill('night')) +
    stars(canvas, random, 260, 0.5) +
    rect(0, 0.1 * height, width, 0.3 * height, 'filter="url(#cloud)" opacity=".35"') +
    wash(canvas, fill('moonlight')) +
    circle(moon, 3.3 * unit, 'fill="#fbfaf3"') +
    circle(
      [moon[0] - 0.9 * unit, moon[1] - 0.4 * unit],
      1.1 * unit,
      'fill="#d6dbe8" opacity=".6" filter="url(#soft)"',
    ) +
    circle(
      [moon[0] + 1 * unit, moon[1] + 1 * unit],
      0.8 * unit,
      'fill="#d6dbe8" opacity=".5" filter="url(#soft)"',
    ) +
    group('filter="url(#snow)"', path(below(far, canvas), fill('far'))) +
    path(below(middle, canvas), fill('middle')) +
    rect(0, lake, width, height - lake, fill('lake')) +
    rect(
      0,
      lake - 1.2 * unit,
      width,
      2.4 * unit,
      'fill="#b8c9e6" opacity=".5" filter="url(#shadow)"',
    ) +
    glitter(canvas, random)
  const lights = times(9, (index) => {
    const x = (0.39 + 0.012 * index + between(random, 0, 0.01)) * width
    return (
      circle([x, lake - 0.5 * unit], 0.22 * unit, 'fill="#ffcf86"') +
      rect(
        x - 0.12 * unit,
        lake + 0.4 * unit,
        0.24 * unit,
        2.6 * unit,
        'fill="#ffcf86" opacity=".35" filter="url(#soft)"',
      )
    )
  })
  return group('clip-path="url(#pane)"', scene + lights.join(''))
}

function wall(canvas: Canvas): string {
  const { width, height, unit } = canvas
  const panel = (x: number, wide: number) =>
    rect(x, 5 * unit, wide, 0.6 * height, `rx="${round(unit)}" ${fill('panel')}`) +
    rect(
      x,
      5 * unit,
      wide,
      0.6 * height,
      `rx="${round(unit)}" fill="none" stroke="#2a130d" stroke-width="${round(0.5 * unit)}"`,
    )
  return group(
    'filter="url(#walnut)"',
    wash(canvas, fill('wall')) + panel(3 * unit, 0.29 * width) + panel(width - 9 * unit, 12 * unit),
  )
}

function frame(canvas: Canvas): string {
  const { unit } = canvas
  const box = windowBox(canvas)
  const ring = (grow: number, weight: number, paint: string) =>
    rect(
      box.x - grow * unit,
      box.y - grow * unit,
      box.width + 2 * grow * unit,
      box.height + 2 * grow * unit,
      `rx="${round((5 + grow) * unit)}" fill="none" stroke-width="${round(weight * unit)}" ${paint}`,
    )
  const shine = `M${round(box.x + 0.12 * box.width)} ${round(box.y)}L${round(box.x + 0.3 * box.width)} ${round(box.y)}L${round(box.x + 0.08 * box.width)} ${round(box.y + box.height)}H${round(box.x - 0.1 * box.width)}Z`
  return (
    group('clip-path="url(#pane)"', path(shine, 'fill="#ffdca6" opacity=".07"')) +
    ring(0.4, 3, 'stroke="#1a0c0a" opacity=".8" filter="url(#soft)"') +
    ring(1.4, 2.4, 'stroke="#4a2718"') +
    ring(0.3, 0.5, 'stroke="url(#brass)"') +
    ring(2.6, 0.35, 'stroke="#c98d3f" opacity=".7"')
  )
}

function drapes(canvas: Canvas, random: Random): string {
  const { height, unit } = canvas
  const box = windowBox(canvas)
  const foot = box.y + box.height + 3.6 * unit
  const fold = (x: number, sway: number) => {
    const wide = between(random, 2.8, 3.8) * unit
    const top = 2.8 * unit
    const d = `M${round(x)} ${round(top)}C${round(x + sway * 0.3)} ${round(height * 0.3)} ${round(x + sway)} ${round(height * 0.45)} ${round(x + sway * 0.8)} ${round(foot)}H${round(x + sway * 0.8 + wide)}C${round(x + wide + sway)} ${round(height * 0.45)} ${round(x + wide + sway * 0.3)} ${round(height * 0.3)} ${round(x + wide)} ${round(top)}Z`
    return path(d, fill('drape'))
  }
  const left = times(4, (index) =>
    fold(box.x - 4.6 * unit + index * 2.8 * unit, -index * 1.1 * unit),
  )
  const right = times(4, (index) =>
    fold(box.x + box.width + 1.6 * unit - index * 2.8 * unit, index * 1.1 * unit),
  )
  const rod = rect(
    box.x - 7 * unit,
    2 * unit,
    box.width + 14 * unit,
    1.1 * unit,
    `rx="${round(0.5 * unit)}" fill="#d3a054"`,
  )
  return group('filter="url(#weave)"', left.join('') + right.join('')) + rod
}

function sconce({ width, height, unit }: Canvas): string {
  const x = 0.17 * width
  const y = 0.29 * height
  const shade = `M${round(x - 3.6 * unit)} ${round(y - 4 * unit)}H${round(x + 3.6 * unit)}L${round(x + 6 * unit)} ${round(y + 4 * unit)}Q${round(x)} ${round(y + 5.2 * unit)} ${round(x - 6 * unit)} ${round(y + 4 * unit)}Z`
  const arm = `M${round(x)} ${round(y + 15 * unit)}C${round(x)} ${round(y + 10 * unit)} ${round(x)} ${round(y + 8 * unit)} ${round(x)} ${round(y + 4 * unit)}`
  return (
    ellipse([x, y + 15.4 * unit], 2.6 * unit, 3.4 * unit, fill('brass')) +
    path(arm, `fill="none" stroke="#d3a054" stroke-width="${round(0.9 * unit)}"`) +
    circle([x, y + 2 * unit], 8 * unit, 'fill="#ffdc97" opacity=".65" filter="url(#haze)"') +
    path(shade, fill('shade'))
  )
}

function bed(canvas: Canvas, random: Random): string {
  const { width, height, unit } = canvas
  const top = 0.77 * height
  const mattress = `M${round(-unit)} ${round(top)}C${round(0.3 * width)} ${round(top - 2.4 * unit)} ${round(0.7 * width)} ${round(top - 0.6 * unit)} ${round(width + unit)} ${round(top - unit)}V${height}H${round(-unit)}Z`
  const pillow = `M${round(1 * unit)} ${round(top + 2 * unit)}C${round(3 * unit)} ${round(top - 4 * unit)} ${round(-1 * unit)} ${round(top - 9 * unit)} ${round(2 * unit)} ${round(top - 12 * unit)}C${round(10 * unit)} ${round(top - 16 * unit)} ${round(31 * unit)} ${round(top - 16 * unit)} ${round(41 * unit)} ${round(top - 11 * unit)}C${round(43 * unit)} ${round(top - 7 * unit)} ${round(40 * unit)} ${round(top - 3 * unit)} ${round(43 * unit)} ${round(top + 2.4 * unit)}C${round(32 * unit)} ${round(top + 5 * unit)} ${round(12 * unit)} ${round(top + 5 * unit)} ${round(1 * unit)} ${round(top + 2 * unit)}Z`
  const edge = (shift: number): Point[] =>
    times(25, (index) => {
      const along = index / 24
      return [
        width * (0.43 + 0.62 * along) - shift * 0.9,
        top + unit * (9 * (1 - along) ** 2.2 - 1.5 + 0.7 * Math.sin(along * 9)) + shift,
      ]
    })
  const hem = edge(0)
  const blanket = `${line(hem)}L${round(width + 2 * unit)} ${height}L${round(0.24 * width)} ${height}C${round(0.29 * width)} ${round(height - 5 * unit)} ${round(0.36 * width)} ${round(height - 9 * unit)} ${round(0.43 * width)} ${round(top + 7.5 * unit)}Z`
  const stripe = (shift: number, color: string, weight: number) =>
    path(
      line([[0, height * 0.99 + shift * unit], ...edge(shift * unit)]),
      `fill="none" stroke="${color}" stroke-width="${round(weight * unit)}"`,
    )
  const creases = times(7, () => {
    const x = between(random, 0.5, 0.98) * width
    const y = between(random, 0.83, 0.95) * height
    return path(
      `M${round(x)} ${round(y)}q${round(-5 * unit)} ${round(4 * unit)} ${round(-9 * unit)} ${round(13 * unit)}`,
      `fill="none" stroke="#2c0d1c" stroke-opacity=".4" stroke-width="${round(1.6 * unit)}" filter="url(#shadow)"`,
    )
  })
  return (
    `<clipPath id="blanket">${path(blanket, '')}</clipPath>` +
    path(mattress, fill('sheet')) +
    ellipse(
      [20 * unit, top + 4 * unit],
      24 * unit,
      2.4 * unit,
      'fill="#4d3343" opacity=".6" filter="url(#shadow)"',
    ) +
    path(pillow, fill('pillow')) +
    path(
      `M${round(3 * unit)} ${round(top - 11 * unit)}q${round(6 * unit)} ${round(2.4 * unit)} ${round(9 * unit)} ${round(6 * unit)}M${round(40 * unit)} ${round(top - 10 * unit)}q${round(-6 * unit)} ${round(2 * unit)} ${round(-9 * unit)} ${round(6 * unit)}M${round(3 * unit)} ${round(top + 1 * unit)}q${round(6 * unit)} ${round(-1 * unit)} ${round(10 * unit)} ${round(-3 * unit)}`,
      `fill="none" stroke="#b08f86" stroke-width="${round(0.8 * unit)}" opacity=".5" filter="url(#soft)"`,
    ) +
    path(
      line(edge(-0.8 * unit)),
      `fill="none" stroke="#3d2030" stroke-width="${round(3 * unit)}" opacity=".5" filter="url(#shadow)"`,
    ) +
    group(
      'filter="url(#weave)"',
      path(blanket, fill('wool')) +
        group(
          'clip-path="url(#blanket)"',
          stripe(2.6, '#f0d7ae', 1.5) + stripe(4.6, '#f0d7ae', 0.5) + stripe(6, '#25325c', 1),
        ),
    ) +
    creases.join('')
  )
}

/** A berth at night: lamplight inside, a moonlit lake outside. */
export function drawCabin(canvas: Canvas): string {
  const random = createRandom(2140)
  const film = grain(canvas, 0.1)
  const shapes = [
    wall(canvas),
    view(canvas, random),
    frame(canvas),
    drapes(canvas, random),
    bed(canvas, random),
    wash(canvas, `${fill('lamplight')} style="mix-blend-mode:screen"`),
    sconce(canvas),
    wash(canvas, fill('vignette')),
    film.shape,
  ]
  return document(canvas, definitions(canvas) + film.definition, shapes.join(''))
}
