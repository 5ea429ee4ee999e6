import { document, type Canvas } from '../svg.ts'
import { num, sheetOf } from './pen.ts'

/** What lies on the paper: first the colours, then the block that is cut last and printed on top. */
export interface Layers {
  /** The ink that covers the whole block. */
  ground: string
  colors: string
  key: string
  /** Set by hand afterwards: lettering, which no knife has touched. */
  type?: string
}

export const paper = '#f5ecda'

const exact = 'color-interpolation-filters="sRGB"'

function filter({ width, height }: Canvas, id: string, steps: string): string {
  const region = `filterUnits="userSpaceOnUse" x="0" y="0" width="${width}" height="${height}"`
  return `<filter id="${id}" ${region} ${exact}>${steps}</filter>`
}

function noise({ unit }: Canvas, perUnit: number, octaves: number, seed: number): string {
  const frequency = (perUnit / unit).toFixed(4)
  return `<feTurbulence type="fractalNoise" baseFrequency="${frequency}" numOctaves="${octaves}" seed="${seed}"/>`
}

function paperAlpha(gain: number, cut: number): string {
  const [red, green, blue] = [0.961, 0.925, 0.855]
  return `<feColorMatrix values="0 0 0 0 ${red} 0 0 0 0 ${green} 0 0 0 0 ${blue} ${gain} 0 0 0 ${num(-gain * cut)}"/>`
}

function filters(canvas: Canvas, seed: number): string {
  const shift = (scale: number) =>
    `<feDisplacementMap in="SourceGraphic" scale="${num(scale * canvas.unit)}" xChannelSelector="R" yChannelSelector="G"/>`
  return [
    // A knife never runs quite straight.
    filter(canvas, 'knife', noise(canvas, 0.35, 2, seed) + shift(0.7)),
    // Where the ink was thin, paper shows in specks, and more of it in some places.
    filter(canvas, 'specks', noise(canvas, 2.2, 2, seed + 3) + paperAlpha(6, 0.7)),
    filter(canvas, 'thin', noise(canvas, 0.09, 3, seed + 9) + paperAlpha(1.1, 0.5)),
    filter(
      canvas,
      'fibre',
      `<feTurbulence type="fractalNoise" baseFrequency=".02 .35" numOctaves="2" seed="${seed}"/>` +
        '<feColorMatrix values="0 0 0 0 .35 0 0 0 0 .28 0 0 0 0 .2 .5 0 0 0 -.22"/>',
    ),
  ].join('')
}

/** A print with a narrow margin of paper, its edge rough and its ink uneven. */
export function print(
  canvas: Canvas,
  seed: number,
  { ground, colors, key, type = '' }: Layers,
): string {
  const { w, h } = sheetOf(canvas)
  const margin = 2.6
  const block = `x="${margin}" y="${margin}" width="${num(w - 2 * margin)}" height="${num(h - 2 * margin)}" rx=".6"`
  const whole = `width="${canvas.width}" height="${canvas.height}"`
  const scale = `transform="scale(${canvas.unit})"`
  const definitions =
    filters(canvas, seed) + `<clipPath id="block"><rect ${block} ${scale}/></clipPath>`
  const shapes =
    `<rect ${whole} fill="${paper}"/><rect ${whole} filter="url(#fibre)" opacity=".3"/>` +
    `<g filter="url(#knife)"><g clip-path="url(#block)"><g ${scale}>` +
    `<rect ${block} fill="${ground}"/>` +
    // The second block never lies quite on the first.
    `<g transform="translate(.28 -.2)">${colors}</g>${key}</g>` +
    `<rect ${whole} filter="url(#thin)" opacity=".28"/>` +
    `<rect ${whole} filter="url(#specks)" opacity=".42"/></g></g>` +
    `<g ${scale}>${type}</g>`
  return document(canvas, definitions, shapes)
}
