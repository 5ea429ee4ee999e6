import type { Canvas, Point } from '../svg.ts'

/** A sheet to print on; all lengths are hundredths of its shorter side. */
export interface Sheet {
  w: number
  h: number
}

export function sheetOf({ width, height, unit }: Canvas): Sheet {
  return { w: width / unit, h: height / unit }
}

export function num(value: number): string {
  return String(Math.round(value * 100) / 100)
}

export function at([x, y]: Point): string {
  return `${num(x)} ${num(y)}`
}

/** Reads `'0 5, 1 4'`: one place after the other. */
export function places(text: string): Point[] {
  return text.split(',').map((place): Point => {
    const [x = 0, y = 0] = place.trim().split(/\s+/).map(Number)
    return [x, y]
  })
}

/** Moves places, and makes them larger. */
export function placed(points: readonly Point[], [dx, dy]: Point, scale = 1): Point[] {
  return points.map(([x, y]): Point => [dx + x * scale, dy + y * scale])
}

function curve(before: Point, from: Point, to: Point, after: Point): string {
  const first: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6]
  const second: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6]
  return `C${at(first)} ${at(second)} ${at(to)}`
}

/** A soft line through all points. */
export function soft(points: readonly Point[]): string {
  const [first = [0, 0] as const] = points
  const curves = points.slice(1).map((to, index) => {
    const from = points[index] ?? to
    return curve(points[index - 1] ?? from, from, to, points[index + 2] ?? to)
  })
  return `M${at(first)}${curves.join('')}`
}

/** A soft outline through all points. */
export function blob(points: readonly Point[]): string {
  const get = (index: number): Point => points.at(index % points.length) ?? [0, 0]
  const curves = points.map((from, index) =>
    curve(get(index + points.length - 1), from, get(index + 1), get(index + 2)),
  )
  return `M${at(get(0))}${curves.join('')}Z`
}

export function poly(points: readonly Point[]): string {
  return `M${points.map(at).join('L')}Z`
}

/** Everything below a soft line, down to a level. */
export function under(points: readonly Point[], level: number): string {
  const first = points[0]?.[0] ?? 0
  const last = points.at(-1)?.[0] ?? 0
  return `${soft(points)}L${at([last, level])}L${at([first, level])}Z`
}

/** A line whose breadth changes from its beginning to its end. */
export function taper(points: readonly Point[], from: number, to: number): string {
  const sides = points.map(([x, y], index): [Point, Point] => {
    const [ax, ay] = points[index - 1] ?? [x, y]
    const [bx, by] = points[index + 1] ?? [x, y]
    const length = Math.hypot(bx - ax, by - ay) || 1
    const half = (from + ((to - from) * index) / (points.length - 1)) / 2
    const [nx, ny] = [(-(by - ay) / length) * half, ((bx - ax) / length) * half]
    return [
      [x + nx, y + ny],
      [x - nx, y - ny],
    ]
  })
  return blobOpen([...sides.map(([left]) => left), ...sides.map(([, right]) => right).toReversed()])
}

function blobOpen(points: readonly Point[]): string {
  const half = points.length / 2
  return `${soft(points.slice(0, half))}L${soft(points.slice(half)).slice(1)}Z`
}

export function ink(d: string, color: string, rest = ''): string {
  return `<path d="${d}" fill="${color}" ${rest}/>`
}

export function trace(d: string, color: string, breadth: number, rest = ''): string {
  return `<path d="${d}" fill="none" stroke="${color}" stroke-width="${num(breadth)}" stroke-linecap="round" stroke-linejoin="round" ${rest}/>`
}

export function disc(x: number, y: number, r: number, color: string): string {
  return `<circle cx="${num(x)}" cy="${num(y)}" r="${num(r)}" fill="${color}"/>`
}

export function oval(x: number, y: number, rx: number, ry: number, color: string): string {
  return `<ellipse cx="${num(x)}" cy="${num(y)}" rx="${num(rx)}" ry="${num(ry)}" fill="${color}"/>`
}

export function box(x: number, y: number, w: number, h: number, color: string, rest = ''): string {
  return `<rect x="${num(x)}" y="${num(y)}" width="${num(w)}" height="${num(h)}" fill="${color}" ${rest}/>`
}

export function moved(x: number, y: number, scale: number, shapes: string, turn = 0): string {
  return `<g transform="translate(${at([x, y])}) rotate(${num(turn)}) scale(${num(scale)})">${shapes}</g>`
}

/** What is drawn inside an outline only. */
export function within(id: string, d: string, shapes: string): string {
  return `<clipPath id="${id}"><path d="${d}"/></clipPath><g clip-path="url(#${id})">${shapes}</g>`
}
