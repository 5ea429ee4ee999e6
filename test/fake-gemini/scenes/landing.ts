import { blur, clouds, grain } from './atmosphere.ts'
import { between, createRandom, times, type Random } from './random.ts'
import { document, fill, group, linear, path, radial, rect, wash, type Canvas } from './svg.ts'
import { num, places, poly, soft, under } from './linocut/pen.ts'
import { crown } from './linocut/plants.ts'

/** Soft, as a lens would see it; the river may have risen. */
export interface Landing {
  isFlooded: boolean
}

const bank = '44 104, 58 92, 76 82, 96 74.5, 124 70.5, 152 69, 152 104'
const waterline = 72.4

function definitions(canvas: Canvas, { isFlooded }: Landing): string {
  const { unit, width } = canvas
  return [
    linear('sky', '0 #7fa3bf, 0.55 #bccdd3, 1 #efe6d2'),
    linear('clear', '0 #dfe0d2, 0.18 #9db4b4, 1 #3f5c60'),
    linear('brown', '0 #cfc3a4, 0.2 #a08b63, 0.6 #7b6541, 1 #54432b'),
    linear('grass', '0 #9aa35c, 0.5 #6f8040, 1 #3b4a26'),
    linear('wall', '0 #8a5b3d, 1 #a77750', 90),
    linear('roof', '0 #4c4a4a, 1 #353334'),
    linear('fade', '0 #000 0, 1 #000 0.42'),
    radial('sun', [0.2 * width, 30 * unit], 90 * unit, '0 #fff3d6 0.75, 1 #fff3d6 0'),
    clouds('cloud', canvas, {
      frequency: [0.012, 0.04],
      color: [1, 0.98, 0.95],
      gain: 2.6,
      cut: 0.5,
      seed: 12,
    }),
    clouds('glints', canvas, {
      frequency: [0.03, isFlooded ? 0.16 : 0.3],
      color: [0.98, 0.96, 0.88],
      gain: 3.4,
      cut: 0.56,
      seed: 4,
    }),
    clouds('troughs', canvas, {
      frequency: [0.022, isFlooded ? 0.13 : 0.26],
      color: [0.12, 0.16, 0.15],
      gain: 2.6,
      cut: 0.5,
      seed: 8,
    }),
    clouds('blades', canvas, {
      frequency: [0.4, 0.16],
      color: [0.1, 0.16, 0.05],
      gain: 2.2,
      cut: 0.45,
      seed: 21,
    }),
    blur('slight', 0.2),
    blur('far', 0.5),
    blur('wide', 0.9),
  ].join('')
}

function farBank(random: Random): string {
  const trees = times(34, (index) => {
    const x = index * 4.7 - 3
    const size = between(random, 3, 6.4)
    const color = ['#66795c', '#73835f', '#58705a', '#80896a'][index % 4]
    return path(crown(random, [x, 45 - size * 0.7], size, size * 0.9, 8), `fill="${color}"`)
  })
  const poplars = times(5, (index) => {
    const x = 58 + index * 4.6
    const tall = between(random, 13, 17)
    return `<ellipse cx="${num(x)}" cy="${num(46 - tall / 2)}" rx="1.7" ry="${num(tall / 2)}" fill="#5a6f55"/>`
  })
  const line = path(under(places('0 45, 50 44.4, 100 45.2, 152 44.6'), 47), 'fill="#8a9268"')
  return trees.join('') + poplars.join('') + line
}

function house(): string {
  const boards = times(13, (index) => `M${103.5 + index * 2} 56.4V74`).join('')
  return (
    path(poly(places('102 56, 128 56, 128 74, 102 74')), 'fill="url(#wall)"') +
    path(boards, 'stroke="#5d3c27" stroke-width=".18" opacity=".8"') +
    path(poly(places('98.5 57, 105.5 46.4, 125 46.4, 131.5 57')), 'fill="url(#roof)"') +
    path('M100 54.6H130M101.6 52.2H128.6M103 49.8H127.2', 'stroke="#5f5c5c" stroke-width=".22"') +
    rect(119.5, 41.6, 3.4, 7, 'fill="#6b4a3c"') +
    path(
      poly(places('107 60, 113 60, 113 66, 107 66')),
      'fill="#c9d3d0" stroke="#e9e3d5" stroke-width=".6"',
    ) +
    path('M110 60V66M107 63H113', 'stroke="#e9e3d5" stroke-width=".4"') +
    path(poly(places('118 60.4, 123.4 60.4, 123.4 74, 118 74')), 'fill="#3f5a4b"') +
    path('M98.5 57H131.5V58.6H98.5Z', 'fill="#000" opacity=".28"') +
    path(poly(places('102 56, 106 56, 104 74, 102 74')), 'fill="#000" opacity=".16"')
  )
}

const posts =
  '<path d="M27 60V82M46 58V79" stroke="#4a3a2c" stroke-width="2"/><path d="M26.4 60V82M45.4 58V79" stroke="#8b745a" stroke-width=".6"/>'

function jetty(): string {
  const planks = times(17, (index) => {
    const x = 24 + index * 3.1
    const drop = index * 0.24
    return path(
      `M${num(x)} ${num(75.2 + drop)}L${num(x + 2.7)} ${num(75.4 + drop)}L${num(x + 5.6)} ${num(82 + drop * 1.5)}L${num(x + 2.8)} ${num(81.8 + drop * 1.5)}Z`,
      `fill="${['#a89272', '#9a8565', '#b39d7d'][index % 3]}"`,
    )
  })
  const under = path(poly(places('26 82, 81 88, 81 90, 26 84')), 'fill="#3f3226"')
  const legs = path('M30 83V92M48 85V95M64 87V98', 'stroke="#4a3a2c" stroke-width="1.5"')
  return legs + under + planks.join('')
}

/** What stands at the water, upside down in it. */
function mirrored(shapes: string, level: number, opacity: number): string {
  return `<g transform="matrix(1 0 0 -.8 0 ${num(level * 1.8)})" opacity="${opacity}" filter="url(#wide)">${shapes}</g>`
}

function grass(random: Random, color: string, count: number): string {
  const blades = times(count, () => {
    const x = between(random, 58, 152)
    const low = 104 - (104 - 74) * Math.min(1, (x - 44) / 62)
    const y = between(random, low + 1.5, 104)
    const tall = 1 + (y - 66) * 0.07
    return `M${num(x)} ${num(y)}q.2-${num(tall * 0.7)} ${num(between(random, -0.9, 1.1))}-${num(tall)}`
  })
  return path(blades.join(''), `stroke="${color}" stroke-width=".26" fill="none"`)
}

function dry(random: Random, scaled: (shapes: string) => string): string {
  const land = path(poly(places(bank)), 'fill="url(#grass)"')
  const way = soft(places('120.6 74, 113 79, 100 84, 80 87'))
  return (
    scaled(land) +
    group('filter="url(#blades)" opacity=".5"', scaled(land)) +
    scaled(
      grass(random, '#4f5f2c', 420) +
        grass(random, '#a3ab63', 260) +
        path(
          way,
          'fill="none" stroke="#c8b48c" stroke-width="3" opacity=".75" filter="url(#far)"',
        ) +
        path('M101 74H132L140 77.4H104Z', 'fill="#1d2614" opacity=".45" filter="url(#far)"') +
        house() +
        mirrored(posts, 80, 0.35) +
        jetty() +
        posts,
    )
  )
}

function flooded(random: Random): string {
  const hill = poly(places('127 72.4, 134 69, 142 67, 152 66, 152 72.4'))
  const tips = times(34, () => {
    const [x, y] = [between(random, 78, 150), between(random, 75, 83)]
    return `M${num(x)} ${num(y)}q.4-2 ${num(between(random, -0.6, 1.2))}-3.4`
  })
  const dryPart = `<clipPath id="dry"><path d="M0 0H160V${waterline}H0Z"/></clipPath>`
  return (
    dryPart +
    path(hill, 'fill="url(#grass)"') +
    mirrored(house(), waterline, 0.75) +
    mirrored(posts, 82, 0.6) +
    group('clip-path="url(#dry)"', house()) +
    posts +
    path(tips.join(''), 'stroke="#6f7a3c" stroke-width=".3" fill="none"') +
    path(
      `M100 ${waterline}H152M25.6 82H28.4M44.6 79H47.4`,
      'stroke="#efe4c8" stroke-width=".3" opacity=".6"',
    )
  )
}

/** The landing, as a photo shows it: in August, or with the river at the door. */
export function drawLanding(canvas: Canvas, landing: Landing): string {
  const { unit } = canvas
  const random = createRandom(57)
  const film = grain(canvas, 0.2)
  const scaled = (shapes: string) => group(`transform="scale(${unit})"`, shapes)
  const bankOfTrees = farBank(random)
  const river = landing.isFlooded ? 'brown' : 'clear'
  const below = (filter: string, opacity: number) =>
    rect(
      0,
      46.4 * unit,
      canvas.width,
      canvas.height,
      `filter="url(#${filter})" opacity="${opacity}"`,
    )
  const shapes = [
    wash(canvas, 'fill="#efe6d2"'),
    rect(0, 0, canvas.width, 48 * unit, fill('sky')),
    rect(0, 0, canvas.width, 44 * unit, 'filter="url(#cloud)" opacity=".8"'),
    wash(canvas, fill('sun')),
    scaled(group('filter="url(#slight)"', bankOfTrees)),
    scaled(rect(0, 46.4, 160, 60, fill(river)) + mirrored(bankOfTrees, 46.4, 0.5)),
    landing.isFlooded ? scaled(flooded(random)) : '',
    group('clip-path="url(#water)"', below('troughs', 0.5) + below('glints', 0.5)),
    landing.isFlooded ? '' : dry(random, scaled),
    wash(canvas, fill('fade', 0.8)),
    film.shape,
  ]
  // Nothing but water is moved by waves.
  const hut = 'M98.5 57L105.5 46.4H125L131.5 57L128 58.6V72.4H102V58.6Z'
  const water = `M0 46.4H160V110H0Z${landing.isFlooded ? hut : ''}`
  const clip = `<clipPath id="water"><path d="${water}" clip-rule="evenodd" transform="scale(${unit})"/></clipPath>`
  return document(canvas, clip + definitions(canvas, landing) + film.definition, shapes.join(''))
}

/** What a model makes of the photo. */
export function drawFloodedLanding(canvas: Canvas): string {
  return drawLanding(canvas, { isFlooded: true })
}

/** The photo. */
export function drawDryLanding(canvas: Canvas): string {
  return drawLanding(canvas, { isFlooded: false })
}
