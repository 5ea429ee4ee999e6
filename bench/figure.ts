import { median } from './median.ts'

/** A time, or a size. */
export type Unit = 'ms' | 'MiB' | 'bytes'

/** One line of the table. */
export interface Figure {
  /** Such as `vite, 200 pictures: unchanged`. */
  readonly name: string
  /** Ours ÷ what it is compared with, or an exponent. */
  readonly ratio: number
  /** The most that the ratio may be. */
  readonly target?: number
  /** What the ratio is made of. */
  readonly of?: { readonly plain: number; readonly ours: number; readonly unit: Unit }
}

/** What was measured in turn: what ours is compared with, and ours. */
export interface Pair {
  readonly plain: number
  readonly ours: number
}

/** The figure of several pairs: the median of their ratios, so that a machine may be faster at one time than at another. */
export function figureOf(
  name: string,
  pairs: readonly Pair[],
  target?: number,
  unit: Unit = 'ms',
): Figure {
  return {
    name,
    ratio: median(pairs.map(({ plain, ours }) => ours / plain)),
    ...(target !== undefined && { target }),
    of: {
      plain: median(pairs.map(({ plain }) => plain)),
      ours: median(pairs.map(({ ours }) => ours)),
      unit,
    },
  }
}

/**
 * How something grows: the exponent of the straight line through the logarithms. 1 is in proportion.
 * @param points How many there were, and how long that took.
 */
export function exponentOf(points: readonly (readonly [count: number, time: number])[]): number {
  const logs = points.map(([count, time]) => [Math.log(count), Math.log(time)] as const)
  const mean = (of: 0 | 1): number => logs.reduce((sum, log) => sum + log[of], 0) / logs.length
  const [x, y] = [mean(0), mean(1)]
  const across = logs.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0)
  return across / logs.reduce((sum, [a]) => sum + (a - x) ** 2, 0)
}

/** Whether a figure is within its target. */
export function isMet({ ratio, target }: Figure): boolean {
  return target === undefined || ratio <= target
}

const WIDTH = 62

/**
 * The line that a terminal shows.
 * @param isJudged Whether a figure beyond its target is called one.
 */
export function lineOf(figure: Figure, isJudged: boolean): string {
  const { name, ratio, target, of } = figure
  const amount = (value: number): string => `${value.toFixed(0)} ${of?.unit ?? ''}`.padStart(12)
  const amounts = of ? amount(of.plain) + amount(of.ours) : ''.padStart(24)
  const most = target === undefined ? '' : `≤ ${target.toFixed(2)}`
  const missed = !isJudged || isMet(figure) ? '' : '   missed'
  return `${name.padEnd(WIDTH)}${amounts}${ratio.toFixed(3).padStart(9)}${most.padStart(9)}${missed}`
}

/** What stands above the lines. */
export const HEAD = `${''.padEnd(WIDTH)}${'plain'.padStart(12)}${'ours'.padStart(12)}${'ratio'.padStart(9)}${'target'.padStart(9)}`
