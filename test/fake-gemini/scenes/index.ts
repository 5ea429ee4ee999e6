import { createHash } from 'node:crypto'
import type { PixelSize } from '../pixels.ts'
import { drawArrival } from './arrival.ts'
import { drawCabin } from './cabin.ts'
import { drawDining } from './dining.ts'
import { drawHills } from './hills.ts'
import { honey } from './honey.ts'
import { drawNightSky } from './nightSky.ts'
import { drawFloodedLanding } from './landing.ts'
import { linocuts } from './linocut/index.ts'
import { pottery } from './pottery.ts'
import type { Scene } from './scene.ts'
import { createCanvas } from './svg.ts'
import { drawViaduct } from './viaduct.ts'

const scenes: readonly Scene[] = [
  { words: ['viaduct', 'train'], draw: drawViaduct },
  { words: ['berth', 'window'], draw: drawCabin },
  { words: ['lamp', 'dining'], draw: drawDining },
  { words: ['sea', 'pines'], draw: drawArrival },
  { words: ['milky way'], draw: drawNightSky },
  { words: ['jetty', 'river', 'hut'], draw: drawFloodedLanding },
  ...linocuts,
  ...honey,
  ...pottery,
]

function holds(prompt: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`, 'i').test(prompt.replace(/\s+/g, ' '))
}

/** An SVG for a prompt: the first scene whose words it holds, or hills that are its own. */
export function drawScene(prompt: string, pixels: PixelSize): string {
  const canvas = createCanvas(pixels)
  const scene = scenes.find(({ words }) => words.every((word) => holds(prompt, word)))
  if (scene !== undefined) return scene.draw(canvas)
  const seed = createHash('sha256').update(prompt).digest().readUInt32BE(0)
  return drawHills(canvas, seed)
}
