import { between, times, type Random } from './random.ts'
import { circle, group, round, type Canvas, type Point, wash } from './svg.ts'

const exact = 'color-interpolation-filters="sRGB"'

function wholeCanvas({ width, height }: Canvas): string {
  return `filterUnits="userSpaceOnUse" x="0" y="0" width="${width}" height="${height}" ${exact}`
}

export function blur(id: string, deviation: number): string {
  return (
    `<filter id="${id}" x="-100%" y="-100%" width="300%" height="300%" ${exact}>` +
    `<feGaussianBlur stdDeviation="${round(deviation)}"/></filter>`
  )
}

export interface Relief {
  /** Cycles per `unit`, across and down. */
  frequency: readonly [across: number, down: number]
  /** Where the light comes from, in degrees clockwise from the right. */
  azimuth: number
  /** Height of the light over the ground, in degrees. */
  elevation: number
  /** Height of the relief, in `unit`s. */
  height: number
  /** How bright the shadow side stays, from 0 to 1. */
  ambient: number
  seed: number
}

/** Lights a shape as if it were rock: multiplies its colours by a lit fractal relief. */
export function relief(id: string, canvas: Canvas, options: Relief): string {
  const [across, down] = options.frequency.map((cycles) => (cycles / canvas.unit).toFixed(5))
  const lit = (1 - options.ambient).toFixed(2)
  const ambient = [0, 1, 2].map(() => `${lit} 0 0 0 ${options.ambient}`).join(' ') + ' 0 0 0 0 1'
  const gain = (1 / Math.sin((options.elevation * Math.PI) / 180)).toFixed(2)
  return (
    `<filter id="${id}" ${wholeCanvas(canvas)}>` +
    `<feTurbulence type="fractalNoise" baseFrequency="${across} ${down}" numOctaves="5" seed="${options.seed}"/>` +
    `<feDiffuseLighting surfaceScale="${round(options.height * canvas.unit)}" diffuseConstant="${gain}" lighting-color="#fff">` +
    `<feDistantLight azimuth="${options.azimuth}" elevation="${options.elevation}"/></feDiffuseLighting>` +
    `<feColorMatrix values="${ambient}"/>` +
    `<feComposite in2="SourceGraphic" operator="in" result="light"/>` +
    `<feBlend in="SourceGraphic" in2="light" mode="multiply"/></filter>`
  )
}

export interface Clouds {
  /** Cycles per `unit`, across and down. */
  frequency: readonly [across: number, down: number]
  /** Red, green and blue, from 0 to 1. */
  color: readonly [red: number, green: number, blue: number]
  /** How abruptly a cloud ends. */
  gain: number
  /** How much of the sky is clear: noise below this shows nothing. */
  cut: number
  seed: number
}

/** Ragged clouds: fractal noise as the opacity of one colour, where it is above a threshold. */
export function clouds(id: string, canvas: Canvas, options: Clouds): string {
  const [across, down] = options.frequency.map((cycles) => (cycles / canvas.unit).toFixed(5))
  const [red, green, blue] = options.color
  const matrix =
    `0 0 0 0 ${red} 0 0 0 0 ${green} 0 0 0 0 ${blue} ` +
    `${options.gain} 0 0 0 ${-options.gain * options.cut}`
  return (
    `<filter id="${id}" ${wholeCanvas(canvas)}>` +
    `<feTurbulence type="fractalNoise" baseFrequency="${across} ${down}" numOctaves="5" seed="${options.seed}"/>` +
    `<feColorMatrix values="${matrix}"/><feComposite in2="SourceAlpha" operator="in"/></filter>`
  )
}

/** Film grain for the whole picture; it also keeps long gradients from banding. */
export function grain(canvas: Canvas, strength: number): { definition: string; shape: string } {
  const definition =
    `<filter id="grain" ${wholeCanvas(canvas)}>` +
    `<feTurbulence type="fractalNoise" baseFrequency=".7" numOctaves="2" seed="7"/>` +
    `<feColorMatrix values=".6 .6 0 0 -.1 .6 .6 0 0 -.1 .6 .6 0 0 -.1 0 0 0 0 1"/></filter>`
  const shape = wash(
    canvas,
    `filter="url(#grain)" opacity="${strength}" style="mix-blend-mode:overlay"`,
  )
  return { definition, shape }
}

/** Stars of many sizes, fewer and fainter towards `horizon`, a fraction of the height. */
export function stars(canvas: Canvas, random: Random, count: number, horizon: number): string {
  const { width, height, unit } = canvas
  const shapes = times(count, () => {
    const depth = random() ** 1.3
    const place: Point = [random() * width, depth * horizon * height]
    const size = random() ** 6
    const opacity = round((0.25 + 0.75 * size) * (1 - 0.8 * depth) * 10) / 10
    const tint = random() < 0.25 ? '#ffe6c9' : '#e4ecff'
    const radius = unit * (0.055 + 0.15 * size)
    return `<circle cx="${round(place[0])}" cy="${round(place[1])}" r="${radius.toFixed(2)}" fill="${tint}" opacity="${opacity}"/>`
  })
  return group('', shapes.join(''))
}

/** Round lights out of focus, each brighter at its rim as a lens draws them. */
export function bokeh(
  canvas: Canvas,
  random: Random,
  count: number,
  options: { colors: readonly string[]; top: number; bottom: number; radius: number },
): string {
  const { width, height, unit } = canvas
  return times(count, () => {
    const place: Point = [
      between(random, -0.02, 1.02) * width,
      between(random, options.top, options.bottom) * height,
    ]
    const radius = between(random, 0.35, 1) * options.radius * unit
    const color = options.colors[Math.floor(random() * options.colors.length)] ?? '#fff'
    const opacity = between(random, 0.18, 0.62)
    const rim = `fill="none" stroke="${color}" stroke-width="${round(unit * 0.22)}" stroke-opacity="${round(opacity * 10) / 10}"`
    return (
      circle(place, radius, `fill="${color}" fill-opacity="${opacity.toFixed(2)}"`) +
      circle(place, radius * 0.97, rim)
    )
  }).join('')
}
