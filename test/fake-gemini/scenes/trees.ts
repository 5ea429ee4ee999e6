import { between, times, type Random } from './random.ts'
import { path, round, type Canvas } from './svg.ts'

export interface Forest {
  /** Fractions of the width. */
  from: number
  to: number
  /** Fraction of the height. */
  baseline: number
  /** Height of a grown tree, in `unit`s. */
  size: number
  count: number
  color: string
  opacity: number
}

/** The outline of a fir: drooping branches, longer towards the ground, no two alike. */
function fir(random: Random, x: number, y: number, tall: number): string {
  const tiers = 9 + Math.floor(random() * 5)
  const broad = tall * between(random, 0.15, 0.21)
  const side = (direction: number) =>
    times(tiers, (tier) => {
      const down = (tier + 1) / tiers
      const reach = broad * down ** 0.85 * between(random, 0.72, 1.08) * direction
      const tip = y - tall + tall * down * 0.97
      const inner = x + reach * 0.42
      return `${round(x + reach)} ${round(tip)} ${round(inner)} ${round(tip - tall * 0.035)}`
    })
  const right = side(1)
  const left = side(-1).toReversed()
  return `M${round(x)} ${round(y - tall)}L${right.join(' ')} L${left.join(' ')}Z`
}

export function trees(canvas: Canvas, random: Random, forest: Forest): string {
  const { width, height, unit } = canvas
  const d = times(forest.count, () => {
    const x = between(random, forest.from, forest.to) * width
    const tall = forest.size * unit * between(random, 0.5, 1)
    return fir(random, x, forest.baseline * height + between(random, 0, 3) * unit, tall)
  }).join('')
  return path(d, `fill="${forest.color}" opacity="${forest.opacity}"`)
}
