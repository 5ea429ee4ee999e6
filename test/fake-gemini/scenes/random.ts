import type { Canvas, Point } from './svg.ts'

/** A number from 0 up to, but not including, 1. */
export type Random = () => number

/** The same seed gives the same numbers on every machine. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random()
}

export function times<Value>(count: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function subdivide(points: readonly Point[], jag: number, random: Random): Point[] {
  return points.flatMap((point, index): Point[] => {
    const next = points[index + 1]
    if (next === undefined) return [point]
    const reach = jag * Math.abs(next[0] - point[0])
    const middle: Point = [
      (point[0] + next[0]) / 2,
      (point[1] + next[1]) / 2 + between(random, -reach, reach),
    ]
    return [point, middle]
  })
}

/** Reads `'0 0.5, 1 0.43'`: one place after the other, in fractions of the canvas. */
export function anchors(places: string): Point[] {
  return places.split(', ').map((place): Point => {
    const [x = 0, y = 0] = place.split(' ').map(Number)
    return [x, y]
  })
}

/**
 * A rough line through places that are given in fractions of the canvas. `jag` is how far the
 * middle of a stretch may stray, as a share of its length: 0.03 is a dune, 0.3 is the Dolomites.
 */
export function ridge(
  canvas: Canvas,
  random: Random,
  places: readonly Point[],
  jag: number,
): Point[] {
  const scaled = places.map(([x, y]): Point => [x * canvas.width, y * canvas.height])
  return times(6, () => jag).reduce<Point[]>(
    (points, reach) => subdivide(points, reach, random),
    scaled,
  )
}
