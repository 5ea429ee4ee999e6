import sharp from 'sharp'

/** A picture with known alpha. */
export interface CutOutCase {
  /** The greatest error at edges that is known of it, in percent, rounded up. */
  readonly limit: number
  readonly name: string
  /** What is drawn, on nothing. */
  readonly svg: string
  /** A blur over all of it, in pixels. */
  readonly blur?: number
  readonly key: string
  /** What the model painted in place of the key; it may run to a second colour at the right. */
  readonly painted: readonly [string, string]
  /** JPEG quality; PNG where there is none. */
  readonly quality?: number
  readonly chroma?: '4:2:0' | '4:4:4'
}

/** A case, drawn. */
export interface DrawnCase {
  /** What the model sends. */
  readonly sent: Buffer
  /** What should come of it: red, green, blue, alpha. */
  readonly truth: Buffer
  readonly width: number
  readonly height: number
}

const SIZE = 512

function svg(inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 512 512">${inside}</svg>`
}

const CUP = svg(`
<defs><linearGradient id="g" x1="0" x2="1"><stop offset="0" stop-color="#e8e2d4"/><stop offset=".6" stop-color="#b9ad94"/><stop offset="1" stop-color="#6f6552"/></linearGradient></defs>
<path d="M340 190 q110 -20 90 80 q-20 80 -100 70" fill="none" stroke="#9a8d72" stroke-width="24"/>
<path d="M120 150 h230 l-24 210 q-6 30 -36 30 h-110 q-30 0 -36 -30 z" fill="url(#g)"/>
<ellipse cx="235" cy="150" rx="115" ry="26" fill="#3a2617"/>
<path d="M150 220 q80 30 170 0" stroke="#27446b" stroke-width="10" fill="none"/>`)

function hair(colour: string, width: number): string {
  let strokes = ''
  for (let i = 0; i < 60; i += 1) {
    const angle = (i / 60) * Math.PI * 2
    const bend = 40 * Math.sin(i * 2.3)
    const x = 256 + 215 * Math.cos(angle)
    const y = 256 + 215 * Math.sin(angle)
    strokes += `<path d="M${256 + 90 * Math.cos(angle)} ${256 + 90 * Math.sin(angle)} Q${256 + 150 * Math.cos(angle) + bend} ${256 + 150 * Math.sin(angle) - bend} ${x} ${y}" stroke="${colour}" stroke-width="${width}" fill="none"/>`
  }
  return svg(
    `${strokes}<circle cx="256" cy="256" r="100" fill="${colour}"/><circle cx="256" cy="270" r="70" fill="#e3b898"/>`,
  )
}

const WIRE =
  svg(`<g fill="none"><path d="M40 60 C 180 10 300 160 470 60" stroke="#222" stroke-width="3"/><path d="M40 180 C 180 110 300 260 470 180" stroke="#d9b23a" stroke-width="3"/>
<path d="M40 300 C 180 230 300 380 470 300" stroke="#fff" stroke-width="2"/><path d="M40 420 C 180 350 300 500 470 420" stroke="#3d7f46" stroke-width="6"/></g>`)

const GLASS =
  svg(`<path d="M150 100 h210 l-30 300 h-150 z" fill="#dfe9ee" fill-opacity=".35"/><path d="M160 200 h190 l-20 190 h-150 z" fill="#6f7a86" fill-opacity=".6"/>
<path d="M150 100 l30 300 h150 l30 -300" stroke="#f7fbff" stroke-width="8" fill="none"/><rect x="180" y="400" width="150" height="14" fill="#c3ced4"/>`)

const COLOURS =
  svg(`<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#f2d13c"/><stop offset=".35" stop-color="#2f9c57"/><stop offset=".65" stop-color="#1b4fa0"/><stop offset="1" stop-color="#b01e1e"/></linearGradient></defs>
<path fill-rule="evenodd" d="M256 40 L310 190 L470 190 L340 285 L390 440 L256 345 L122 440 L172 285 L42 190 L202 190 Z M256 200 a60 60 0 1 0 .1 0 z" fill="url(#g)"/>`)

const MAGENTA = ['#ff00ff', '#ff00ff'] as const
const NEARLY = ['#f010e4', '#e41ed6'] as const

/** Edges, holes, hair, wire, glass and gradients; exact and less exact keys; without and with JPEG. */
export const CUT_OUT_CASES: readonly CutOutCase[] = [
  { name: 'cup, PNG, exact key', limit: 0.5, svg: CUP, key: '#ff00ff', painted: MAGENTA },
  {
    name: 'cup, JPEG 80 4:2:0, key off and running',
    limit: 4,
    svg: CUP,
    key: '#ff00ff',
    painted: NEARLY,
    quality: 80,
    chroma: '4:2:0',
  },
  {
    name: 'cup, JPEG 95 4:4:4',
    limit: 1,
    svg: CUP,
    key: '#ff00ff',
    painted: NEARLY,
    quality: 95,
    chroma: '4:4:4',
  },
  {
    name: 'cup, green, JPEG 90',
    limit: 4,
    svg: CUP,
    key: '#00ff00',
    painted: ['#12e61c', '#20d828'],
    quality: 90,
  },
  {
    name: 'cup, soft by 3 px, JPEG 90',
    limit: 2.5,
    svg: CUP,
    blur: 3,
    key: '#ff00ff',
    painted: NEARLY,
    quality: 90,
  },
  { name: 'star of all colours, PNG', limit: 1, svg: COLOURS, key: '#ff00ff', painted: MAGENTA },
  {
    name: 'star of all colours, JPEG 90',
    limit: 4,
    svg: COLOURS,
    key: '#ff00ff',
    painted: NEARLY,
    quality: 90,
  },
  {
    name: 'star, soft by 6 px, JPEG 85',
    limit: 4,
    svg: COLOURS,
    blur: 6,
    key: '#ff00ff',
    painted: NEARLY,
    quality: 85,
  },
  {
    name: 'dark hair 1.5 px, PNG',
    limit: 1,
    svg: hair('#2a1c14', 1.5),
    key: '#ff00ff',
    painted: MAGENTA,
  },
  {
    name: 'dark hair 1.5 px, JPEG 90 4:2:0',
    limit: 2.5,
    svg: hair('#2a1c14', 1.5),
    key: '#ff00ff',
    painted: NEARLY,
    quality: 90,
  },
  {
    name: 'dark hair 1.5 px, JPEG 90 4:4:4',
    limit: 2,
    svg: hair('#2a1c14', 1.5),
    key: '#ff00ff',
    painted: NEARLY,
    quality: 90,
    chroma: '4:4:4',
  },
  {
    name: 'fair hair 2 px, green, JPEG 90',
    limit: 2.7,
    svg: hair('#d8b46a', 2),
    key: '#00ff00',
    painted: ['#12e61c', '#20d828'],
    quality: 90,
  },
  {
    name: 'fair hair 2 px, JPEG 90',
    limit: 2.3,
    svg: hair('#d8b46a', 2),
    key: '#ff00ff',
    painted: NEARLY,
    quality: 90,
  },
  { name: 'wire, PNG', limit: 2, svg: WIRE, key: '#ff00ff', painted: MAGENTA },
  { name: 'wire, JPEG 90', limit: 7, svg: WIRE, key: '#ff00ff', painted: NEARLY, quality: 90 },
  { name: 'glass, PNG', limit: 3.5, svg: GLASS, key: '#ff00ff', painted: MAGENTA },
  { name: 'glass, JPEG 90', limit: 4.3, svg: GLASS, key: '#ff00ff', painted: NEARLY, quality: 90 },
  {
    name: 'glass, blue, JPEG 80',
    limit: 4.5,
    svg: GLASS,
    key: '#0000ff',
    painted: ['#1a1aec', '#2222e0'],
    quality: 80,
  },
]

/** Draws a case, and what should come of it. */
export async function drawCase(one: CutOutCase, scale = 1): Promise<DrawnCase> {
  const size = SIZE * scale
  let subject = sharp(Buffer.from(one.svg), { density: 72 * scale }).resize(size, size)
  if (one.blur !== undefined) subject = subject.blur(one.blur * scale)
  const truth = await subject.ensureAlpha().raw().toBuffer()
  const painted = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}"><defs><linearGradient id="b"><stop offset="0" stop-color="${one.painted[0]}"/><stop offset="1" stop-color="${one.painted[1]}"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#b)"/></svg>`,
  )
  const raw = { width: size, height: size, channels: 4 } as const
  const flat = sharp(painted)
    .composite([{ input: truth, raw }])
    .removeAlpha()
  const sent =
    one.quality === undefined
      ? await flat.png().toBuffer()
      : await flat
          .jpeg({ quality: one.quality, chromaSubsampling: one.chroma ?? '4:2:0' })
          .toBuffer()
  return { sent, truth, width: size, height: size }
}

/** How far a cut-out is off. All in percent. */
export interface CutOutError {
  /** Mean absolute error of alpha where the true one is between 0 and 1, and 1 px around. */
  readonly edges: number
  /** The same, where all around is the subject. */
  readonly inside: number
  /** The same, where all around is background. */
  readonly outside: number
  /** Mean absolute error of colour, over the edges, laid on white and on black. */
  readonly colour: number
}

/** Holds a cut-out against what it should be. */
export function compare(
  found: Uint8Array,
  truth: Uint8Array,
  width: number,
  height: number,
): CutOutError {
  const sums = { edges: 0, inside: 0, outside: 0, colour: 0 }
  const counts = { edges: 0, inside: 0, outside: 0 }
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const zone = zoneOf(truth, x, y, width, height)
      const at = (y * width + x) * 4
      const [alpha, own] = [(truth[at + 3] ?? 0) / 255, (found[at + 3] ?? 0) / 255]
      sums[zone] += Math.abs(alpha - own)
      counts[zone] += 1
      if (zone !== 'edges') continue
      for (const paper of [0, 255]) {
        for (let channel = 0; channel < 3; channel += 1) {
          const wanted = alpha * (truth[at + channel] ?? 0) + (1 - alpha) * paper
          const got = own * (found[at + channel] ?? 0) + (1 - own) * paper
          sums.colour += Math.abs(wanted - got) / 255 / 6
        }
      }
    }
  }
  const percent = (sum: number, count: number): number => (100 * sum) / Math.max(1, count)
  return {
    edges: percent(sums.edges, counts.edges),
    inside: percent(sums.inside, counts.inside),
    outside: percent(sums.outside, counts.outside),
    colour: percent(sums.colour, counts.edges),
  }
}

function zoneOf(
  truth: Uint8Array,
  x0: number,
  y0: number,
  width: number,
  height: number,
): 'edges' | 'inside' | 'outside' {
  let [least, greatest] = [255, 0]
  for (let y = Math.max(0, y0 - 2); y <= Math.min(height - 1, y0 + 2); y += 1) {
    for (let x = Math.max(0, x0 - 2); x <= Math.min(width - 1, x0 + 2); x += 1) {
      const alpha = truth[(y * width + x) * 4 + 3] ?? 0
      least = Math.min(least, alpha)
      greatest = Math.max(greatest, alpha)
    }
  }
  if (greatest === 0) return 'outside'
  return least === 255 ? 'inside' : 'edges'
}
