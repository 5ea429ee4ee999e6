import { createHash } from 'node:crypto'
import type { PixelSize } from './pixels.ts'

/** A number from 0 up to, but not including, 1. */
type Random = () => number

/** The same text gives the same numbers on every machine. */
function randomOf(text: string): Random {
  let round = 0
  return () => {
    round += 1
    return createHash('sha256').update(`${round} ${text}`).digest().readUInt32BE(0) / 2 ** 32
  }
}

function colour(hue: number, saturation: number, lightness: number): string {
  return `hsl(${Math.round(hue)},${Math.round(saturation)}%,${Math.round(lightness)}%)`
}

const LAYERS = 5

/** One ridge in front of those before it: a line through a few places, and all that is below. */
function ridge(random: Random, layer: number, hue: number): string {
  const level = 30 + layer * 14
  const knots = 4 + Math.floor(random() * 5)
  const points = Array.from({ length: knots + 1 }, (_, knot) => {
    const height = level + (random() - 0.5) * 34
    return `${((100 * knot) / knots).toFixed(1)} ${height.toFixed(1)}`
  })
  const fill = colour(hue + layer * 9, 34, 68 - layer * 13)
  return `<path d="M0 100L${points.join('L')}L100 100Z" fill="${fill}"/>`
}

/** An SVG of hills under a low sun: colours, light and the lie of the land are the prompt's own. */
export function drawHills(prompt: string, [width, height]: PixelSize): string {
  const random = randomOf(prompt)
  const hue = random() * 360
  const sun = { x: 15 + random() * 70, y: 8 + random() * 26, radius: 4 + random() * 8 }
  const shorter = Math.min(width, height)
  const layers = Array.from({ length: LAYERS }, (_, layer) => ridge(random, layer, hue + 40))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 100 100" preserveAspectRatio="none">
<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${colour(hue, 45, 45)}"/><stop offset="0.7" stop-color="${colour(hue + 40, 70, 88)}"/></linearGradient></defs>
<rect width="100" height="100" fill="url(#sky)"/>
<ellipse cx="${sun.x}" cy="${sun.y}" rx="${(sun.radius * shorter) / width}" ry="${(sun.radius * shorter) / height}" fill="${colour(hue + 60, 80, 94)}"/>${layers.join('')}</svg>`
}
