import path from 'node:path'
import sharp, { type Sharp } from 'sharp'
import { drawHills } from './hills.ts'
import type { PixelSize } from './pixels.ts'

const PICTURES = path.join(import.meta.dirname, 'pictures')

/** Picture → words. The first picture of which a prompt holds every word, in any order, is its answer. */
const SCENES: Readonly<Record<string, readonly string[]>> = {
  // examples/vite, a night train
  viaduct: ['viaduct', 'train'],
  cabin: ['berth', 'window'],
  dining: ['lamp', 'dining'],
  arrival: ['sea', 'pines'],
  'night-sky': ['milky way'],
  // examples/astro, a blog about a rope ferry
  'flooded-landing': ['jetty', 'river', 'hut'],
  ferrywoman: ['ferrywoman', 'portrait'],
  'bird-counter': ['binoculars', 'portrait'],
  boatbuilder: ['boatbuilder', 'portrait'],
  calendar: ['calendar', 'heron'],
  press: ['lino block', 'brayer'],
  valley: ['river valley', 'poplars'],
  fog: ['ferry', 'fog'],
  'crossing-at-night': ['ferry', 'half moon'],
  'crossing-at-dawn': ['rope ferry', 'sunrise'],
  ice: ['frozen river', 'willows'],
  heron: ['heron', 'reeds'],
  swallows: ['swallows', 'dusk'],
  meander: ['river', 'meanders'],
  flood: ['flooded river', 'hut'],
  orchard: ['apple tree', 'ladder'],
  soup: ['soup', 'bread'],
  vegetables: ['pumpkin', 'carrots'],
  yard: ['trestles', 'tarred'],
  mallet: ['caulking mallet'],
  oakum: ['coil', 'oakum'],
  brush: ['tar brush', 'pot'],
  'cracked-bell': ['barge bell'],
  bell: ['bronze bell'],
  rapids: ['river', 'standing waves'],
  // examples/webpack, a beekeeper
  hives: ['beehives', 'meadow'],
  clover: ['bee', 'clover'],
  jar: ['jar', 'honey'],
  comb: ['honeycomb', 'cells'],
  heather: ['heather', 'moor'],
  // examples/next, a pottery
  vessels: ['vessels', 'shelf'],
  bowl: ['bowl', 'crackle'],
  kiln: ['kiln', 'embers'],
  tiles: ['glaze', 'tiles'],
}

function holds(prompt: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`, 'i').test(prompt.replace(/\s+/g, ' '))
}

/** A prompt's picture in the size that was asked for: a committed one, or hills of its own. */
export function sceneOf(prompt: string, pixels: PixelSize): Sharp {
  const [width, height] = pixels
  const found = Object.entries(SCENES).find(([, words]) =>
    words.every((word) => holds(prompt, word)),
  )
  if (found === undefined) return sharp(Buffer.from(drawHills(prompt, pixels))).removeAlpha()
  return sharp(path.join(PICTURES, `${found[0]}.webp`)).resize(width, height)
}
