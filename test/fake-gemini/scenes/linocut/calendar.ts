import { times } from '../random.ts'
import type { Canvas } from '../svg.ts'
import { cut } from './marks.ts'
import { box, disc, ink, sheetOf, trace } from './pen.ts'
import { paper, print } from './print.ts'

interface Bird {
  name: string
  /** The months in which it is there, from 0 to 11. */
  months: readonly number[]
  color: string
}

const span = (from: number, to: number): number[] =>
  times(((to - from + 12) % 12) + 1, (index) => (from + index) % 12)

const birds: readonly Bird[] = [
  { name: 'Grey heron', months: span(0, 11), color: '#5b7687' },
  { name: 'Bearded tit', months: span(0, 11), color: '#b9783c' },
  { name: 'Reed bunting', months: span(0, 11), color: '#7a4a33' },
  { name: 'Marsh harrier', months: span(2, 9), color: '#a8432c' },
  { name: 'Sedge warbler', months: span(3, 8), color: '#c79a34' },
  { name: 'Reed warbler', months: span(3, 8), color: '#6f8a45' },
  { name: 'Teal', months: span(8, 2), color: '#2f7276' },
]

const dark = '#26363a'
const left = 39
const top = 25
const row = 9.1

function lettering(text: string, x: number, y: number, size: number, rest = ''): string {
  return `<text x="${x}" y="${y}" font-family="Liberation Serif, DejaVu Serif, serif" font-size="${size}" fill="${dark}" ${rest}>${text}</text>`
}

function bars(step: number): string {
  return birds
    .flatMap(({ months, color }, index) =>
      months.map((month) => {
        const x = left + month * step
        const y = top + index * row
        const follows = months.includes((month + 1) % 12) && month < 11
        return (
          box(x + 0.5, y - 2.9, follows ? step + 0.2 : step - 1, 5.8, color) +
          ink(
            cut(x + step / 2, y - 0.9, step * 0.6, 0.35) +
              cut(x + step * 0.6, y + 1.1, step * 0.45, 0.3),
            paper,
          )
        )
      }),
    )
    .join('')
}

/** Which bird is there in which month. */
export function drawCalendar(canvas: Canvas): string {
  const { w, h } = sheetOf(canvas)
  const step = (w - left - 8) / 12
  const lines = times(13, (month) =>
    trace(`M${left + month * step} 20V${top + 7 * row - 4}`, '#cfc09a', 0.25),
  )
  const rules = times(8, (index) =>
    trace(`M8 ${top - 4.6 + index * row}H${w - 8}`, '#cfc09a', 0.25),
  )
  const months = 'JFMAMJJASOND'
    .split('')
    .map((letter, month) =>
      lettering(letter, left + (month + 0.5) * step, 18.4, 4.4, 'text-anchor="middle"'),
    )
  const names = birds.map(({ name }, index) => lettering(name, 9, top + index * row + 1.6, 4.9))
  const reed = times(17, (index) => {
    const x = 12 + index * ((w - 24) / 16)
    const tall = 5 + ((index * 7) % 4)
    return (
      trace(`M${x} ${h - 4}q.6 ${-tall / 2} ${(index % 3) - 1} ${-tall}`, '#6f8a45', 0.5) +
      ink(cut(x + (index % 3) - 1, h - 4.6 - tall, 2.8, 0.6, 1.4), '#7a4a33')
    )
  })
  return print(canvas, 171, {
    ground: '#f1e2bd',
    colors: lines.join('') + rules.join('') + reed.join('') + disc(w - 13.5, 9.8, 3, '#dc8a45'),
    key: bars(step),
    type: lettering('A year in the reeds', 9, 13, 6.4) + months.join('') + names.join(''),
  })
}
