import type { PixelSize } from '../pixels.ts'

/** Where a scene is drawn. Lengths are in `unit`s, so that a picture looks the same at any size. */
export interface Canvas {
  width: number
  height: number
  /** A hundredth of the shorter side, in pixels. */
  unit: number
}

export type Point = readonly [x: number, y: number]

export function createCanvas([width, height]: PixelSize): Canvas {
  return { width, height, unit: Math.min(width, height) / 100 }
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}

export function document({ width, height }: Canvas, definitions: string, shapes: string): string {
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}"><defs>${definitions}</defs>${shapes}</svg>`
  )
}

/** Reads `'0 #0d1638, 0.5 #ffd8b0 0.8'`: offset, colour and, where it is not 1, opacity. */
function stopList(stops: string): string {
  return stops
    .split(', ')
    .map((stop) => {
      const [offset, color, opacity = 1] = stop.split(' ')
      return `<stop offset="${offset}" stop-color="${color}" stop-opacity="${opacity}"/>`
    })
    .join('')
}

/** A gradient over the box of the shape that it fills. `angle` 0 runs down, 90 to the right. */
export function linear(id: string, stops: string, angle = 0): string {
  const turn = `gradientTransform="rotate(${-angle} .5 .5)"`
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1" ${turn}>${stopList(stops)}</linearGradient>`
}

/** A round gradient at a place of the canvas; `squash` below 1 makes it a lying ellipse. */
export function radial(
  id: string,
  [x, y]: Point,
  radius: number,
  stops: string,
  squash = 1,
): string {
  const transform = `gradientTransform="translate(${round(x)} ${round(y)}) scale(1 ${squash})"`
  return (
    `<radialGradient id="${id}" gradientUnits="userSpaceOnUse" cx="0" cy="0" r="${round(radius)}" ` +
    `${transform}>${stopList(stops)}</radialGradient>`
  )
}

export function rect(x: number, y: number, width: number, height: number, rest: string): string {
  const box = [x, y, width, height].map(round)
  return `<rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" ${rest}/>`
}

/** A rectangle over the whole canvas. */
export function wash({ width, height }: Canvas, rest: string): string {
  return rect(0, 0, width, height, rest)
}

export function circle([x, y]: Point, radius: number, rest: string): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" ${rest}/>`
}

export function ellipse([x, y]: Point, rx: number, ry: number, rest: string): string {
  return `<ellipse cx="${round(x)}" cy="${round(y)}" rx="${round(rx)}" ry="${round(ry)}" ${rest}/>`
}

export function path(d: string, rest: string): string {
  return `<path d="${d}" ${rest}/>`
}

export function group(rest: string, shapes: string): string {
  return `<g ${rest}>${shapes}</g>`
}

export function line(points: readonly Point[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('')
}

/** The area under a line of points, down to the bottom of the canvas. */
export function below(points: readonly Point[], { height }: Canvas): string {
  const first = points[0]?.[0] ?? 0
  const last = points.at(-1)?.[0] ?? 0
  return `${line(points)}L${round(last)} ${height}L${round(first)} ${height}Z`
}

export function fill(id: string, opacity = 1): string {
  return opacity === 1 ? `fill="url(#${id})"` : `fill="url(#${id})" opacity="${opacity}"`
}
