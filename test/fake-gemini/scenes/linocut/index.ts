import type { Scene } from '../scene.ts'
import { drawBell, drawCrackedBell } from './bells.ts'
import { drawBrush, drawMallet, drawOakum, drawYard } from './boatyard.ts'
import { drawCalendar } from './calendar.ts'
import { drawCrossingAtDawn, drawCrossingAtNight } from './crossing.ts'
import { drawFlood } from './flood.ts'
import { drawFog } from './fog.ts'
import { drawHeron } from './heron.ts'
import { drawIce } from './ice.ts'
import { drawSoup, drawVegetables } from './kitchen.ts'
import { drawMeander } from './meander.ts'
import { drawOrchard } from './orchard.ts'
import { drawBirdCounter, drawBoatbuilder, drawFerrywoman } from './portraits.ts'
import { drawPress } from './press.ts'
import { drawRapids } from './rapids.ts'
import { drawSwallows } from './swallows.ts'
import { drawValley } from './valley.ts'

/** The pictures of `examples/astro`, a blog about a rope ferry. */
export const linocuts: readonly Scene[] = [
  { words: ['ferrywoman', 'portrait'], draw: drawFerrywoman },
  { words: ['binoculars', 'portrait'], draw: drawBirdCounter },
  { words: ['boatbuilder', 'portrait'], draw: drawBoatbuilder },
  { words: ['calendar', 'heron'], draw: drawCalendar },
  { words: ['lino block', 'brayer'], draw: drawPress },
  { words: ['river valley', 'poplars'], draw: drawValley },
  { words: ['ferry', 'fog'], draw: drawFog },
  { words: ['ferry', 'half moon'], draw: drawCrossingAtNight },
  { words: ['rope ferry', 'sunrise'], draw: drawCrossingAtDawn },
  { words: ['frozen river', 'willows'], draw: drawIce },
  { words: ['heron', 'reeds'], draw: drawHeron },
  { words: ['swallows', 'dusk'], draw: drawSwallows },
  { words: ['river', 'meanders'], draw: drawMeander },
  { words: ['flooded river', 'hut'], draw: drawFlood },
  { words: ['apple tree', 'ladder'], draw: drawOrchard },
  { words: ['soup', 'bread'], draw: drawSoup },
  { words: ['pumpkin', 'carrots'], draw: drawVegetables },
  { words: ['trestles', 'tarred'], draw: drawYard },
  { words: ['caulking mallet'], draw: drawMallet },
  { words: ['coil', 'oakum'], draw: drawOakum },
  { words: ['tar brush', 'pot'], draw: drawBrush },
  { words: ['barge bell'], draw: drawCrackedBell },
  { words: ['bronze bell'], draw: drawBell },
  { words: ['river', 'standing waves'], draw: drawRapids },
]
