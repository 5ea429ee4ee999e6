import sharp from 'sharp'
import type { ShownImage } from '../../packages/studio/src/protocol.ts'

/** A painted landscape for each key, so that a person who looks at the page has something to look at. */
export interface Scene {
  readonly image: ShownImage
  /** A CSS colour. */
  readonly blur: string
  readonly file: (width?: number) => Promise<Buffer>
}

/** Small steps of a generator, so that each seed has a scene of its own. */
function random(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32
  }
}

export function scene(seed: number, width: number, height: number): Scene {
  const key = `scene-${seed}-${width}x${height}`
  const picture = paint(random(seed + 7), width, height)
  return {
    image: { key, width, height },
    blur: picture.sky,
    file: (shown = width) =>
      sharp(Buffer.from(picture.svg))
        .resize({ width: Math.min(shown, width) })
        .jpeg({ quality: 82 })
        .toBuffer(),
  }
}

function paint(next: () => number, width: number, height: number): { svg: string; sky: string } {
  const hue = Math.floor(next() * 360)
  const warm = (hue + 40 + next() * 60) % 360
  const sky = `hsl(${hue} 45% 72%)`
  const hills = Array.from({ length: 4 }, (_, index) => {
    const base = height * (0.5 + index * 0.14)
    const light = 52 - index * 11
    return `<path fill="hsl(${(hue + index * 14) % 360} ${26 + index * 7}% ${light}%)" d="${ridge(next, width, height, base)}"/>`
  })
  const radius = Math.min(width, height) * (0.07 + next() * 0.06)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="hsl(${hue} 48% 62%)"/>
      <stop offset=".7" stop-color="hsl(${warm} 70% 86%)"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * (0.2 + next() * 0.6)}" cy="${height * (0.2 + next() * 0.2)}" r="${radius}" fill="hsl(${warm} 90% 93%)"/>
    ${hills.join('')}
  </svg>`
  return { svg, sky }
}

function ridge(next: () => number, width: number, height: number, base: number): string {
  const steps = 6
  const points = Array.from({ length: steps + 1 }, (_, index) => ({
    x: (width / steps) * index,
    y: base - next() * height * 0.16,
  }))
  const curves = points.slice(1).map(({ x, y }, index) => {
    const middle = (x + (points[index]?.x ?? 0)) / 2
    return `C${middle} ${points[index]?.y} ${middle} ${y} ${x} ${y}`
  })
  return `M0 ${height}V${points[0]?.y}${curves.join('')}V${height}Z`
}
