import { between, createRandom, times } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { cut, ripples, scatter } from './marks.ts'
import { blob, ink, moved, places, sheetOf, soft, trace, under, within } from './pen.ts'
import { poplars } from './plants.ts'
import { print } from './print.ts'

const sea = '#4f958c'
const deep = '#1f5a5c'
const light = '#a9cdb8'
const cream = '#f4ecd2'

function stone(points: string, id: string): string {
  const random = createRandom(points.length)
  const outline = places(points)
  const [x0, y0] = outline[0] ?? [0, 0]
  const area = { left: x0 - 6, right: x0 + 34, top: y0 - 16, bottom: y0 + 6 }
  const marks = scatter(random, area, { count: 44, length: 7, thick: 0.5, angle: 0.5, spread: 0.4 })
  const foam = outline.map(([x, y]) => cut(x, Math.max(y, y0) + 2.6, 8, 0.7, 0.05)).join('')
  return (
    ink(blob(outline), '#48514f') +
    within(id, blob(outline), ink(marks, '#8b9791')) +
    ink(foam, cream)
  )
}

/** A gate of smooth water between two stones. */
export function drawRapids(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const random = createRandom(95)
  const area = { left: 0, right: w, top: 30, bottom: h + 2 }
  const tongue = places('62 53, 112 53, 98 72, 92 84, 89 90, 84 84, 76 70')
  const flow = times(30, () => {
    const share = random()
    const down = random()
    const x = 66 + share * 42 + (88 - (66 + share * 42)) * down * 0.85
    return cut(x, 55 + down * 28, between(random, 5, 10), 0.35, Math.PI / 2 + (0.5 - share) * -1.1)
  })
  const edges =
    trace(soft(places('62 53, 74 69, 84 84, 89 91')), cream, 1.1) +
    trace(soft(places('112 53, 100 70, 93 83, 89 91')), cream, 1.1)
  const crest = (x: number, y: number, reach: number): string =>
    ink(
      `M${x - reach} ${y}Q${x} ${y - 5.4} ${x + reach} ${y}Q${x} ${y - 2.4} ${x - reach} ${y}Z`,
      cream,
    ) + ink(cut(x, y + 0.9, reach * 1.7, 0.8), deep)
  const waves = places('88 92, 80 97, 96 97, 88 102, 72 103, 104 103')
    .map(([x, y], index) => crest(x, y, 5 + index * 0.7))
    .join('')
  return print(canvas, 181, {
    ground: '#e9dfb4',
    colors:
      ink(
        scatter(
          random,
          { left: 0, right: w, top: 0, bottom: 24 },
          { count: 50, length: 18, thick: 0.6, angle: 0.02, spread: 0.02 },
        ),
        cream,
      ) +
      ink(under(places('0 24, 50 20, 110 25, 182 20'), 40), '#8fa877') +
      poplars(random, {
        from: 118,
        to: 168,
        base: 29,
        tall: 17,
        count: 9,
        dark: '#4f7a5c',
        light: '#a9c08c',
      }) +
      ink(under(places('0 31, 60 29, 120 31, 182 29'), h + 2), sea) +
      ink(ripples(random, area, { rows: 24, length: 17, thick: 0.95, share: () => 0.6 }), deep) +
      ink(ripples(random, area, { rows: 20, length: 12, thick: 0.7, share: () => 0.4 }), light) +
      moved(0, -13, 1, ink(blob(tongue), '#6fb0a3') + ink(flow.join(''), light)),
    key: moved(
      0,
      -13,
      1,
      edges +
        stone('26 60, 32 50, 44 45, 56 49, 63 58, 54 63, 38 64', 'stone1') +
        stone('110 60, 116 48, 128 43, 142 47, 150 57, 140 63, 124 64', 'stone2') +
        waves,
    ),
  })
}
