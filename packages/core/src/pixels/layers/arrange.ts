import type { Pixels } from '../image.ts'
import type { PlacedLayer } from './layer.ts'

/** A part of a picture, in pixels. */
export interface Spot extends Pixels {
  readonly left: number
  readonly top: number
}

/** A layer whose size is known. */
export interface Sized extends Pixels {
  readonly layer: PlacedLayer
}

/** Layers at one place, which stand below each other in the order in which they are written. */
export type Stack<One extends Sized> = readonly One[]

/** A percentage of the shorter side, in pixels. */
export function unitOf({ width, height }: Pixels): number {
  return Math.min(width, height) / 100
}

/** Layers by the place that they share. */
export function stacksOf<One extends Sized>(layers: readonly One[]): readonly Stack<One>[] {
  return [...Map.groupBy(layers, ({ layer }) => edgesOf(layer.at).join(' ')).values()]
}

/** How high a stack is, in pixels. */
export function heightOf(stack: Stack<Sized>, picture: Pixels): number {
  const unit = unitOf(picture)
  return stack.reduce(
    (sum, { height, layer }, index) => sum + height + (index === 0 ? 0 : layer.gap * unit),
    0,
  )
}

/** The room for a stack, in pixels. */
export function roomFor(stack: Stack<Sized>, picture: Pixels): number {
  const margin = Math.max(...stack.map(({ layer }) => layer.margin))
  return picture.height - 2 * margin * unitOf(picture)
}

/** Where each layer of a stack stands. */
export function place<One extends Sized>(
  stack: Stack<One>,
  picture: Pixels,
): readonly (readonly [One, Spot])[] {
  const unit = unitOf(picture)
  const whole = heightOf(stack, picture)
  const [first] = stack
  const [, down = 'middle'] = edgesOf(first?.layer.at ?? '')
  const margin = (down === 'top' ? first : stack.at(-1))?.layer.margin ?? 0
  let top = begin(down, whole, picture.height, margin * unit)
  return stack.map((one, index) => {
    const { layer, width, height } = one
    if (index > 0) top += layer.gap * unit
    const [across = 'center'] = edgesOf(layer.at)
    const left = begin(across, width, picture.width, layer.margin * unit)
    const spot = { left: Math.round(left), top: Math.round(top), width, height }
    top += height
    return [one, spot]
  })
}

/** `bottom left` as `left bottom`; `center` is the middle of both. */
function edgesOf(at: string): readonly [across: string, down: string] {
  const words = at.split(' ')
  if (at.includes('%')) return [words[0] ?? '50%', words[1] ?? '50%']
  const across = words.find((word) => word === 'left' || word === 'right')
  const down = words.find((word) => word === 'top' || word === 'bottom')
  return [across ?? 'center', down ?? 'middle']
}

function begin(edge: string, part: number, whole: number, margin: number): number {
  if (edge === 'left' || edge === 'top') return margin
  if (edge === 'right' || edge === 'bottom') return whole - margin - part
  const centre = edge.endsWith('%') ? (Number.parseFloat(edge) / 100) * whole : whole / 2
  return centre - part / 2
}
