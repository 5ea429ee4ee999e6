import type { PixelSize } from './pixels.ts'

/** The colour of the flat background that a prompt asks for. */
export function keyOf(prompt: string): string | undefined {
  return /\bbackground\b[^.]*\bflat\b[^.]*(#[\da-f]{6})|\bflat\b[^.]*\bbackground\b[^.]*(#[\da-f]{6})/
    .exec(prompt)
    ?.slice(1)
    .find(Boolean)
}

/** A cup with a handle to look through, before a background that is a little off the key, as a model's is. */
export function drawKeyed(key: string, size: PixelSize, isUneven: boolean): string {
  const [near, far] = isUneven ? [28, 96] : [12, 18]
  return svg(
    size,
    `<defs><linearGradient id="behind" gradientUnits="userSpaceOnUse" x2="512"><stop offset="0" stop-color="${off(key, near)}"/><stop offset="1" stop-color="${off(key, far)}"/></linearGradient></defs>
<rect x="-4096" y="-4096" width="8704" height="8704" fill="url(#behind)"/>${CUP}${isUneven ? '<rect x="200" y="300" width="60" height="4096" fill="#6f6552"/>' : ''}`,
  )
}

/** The cup alone, on nothing: what should be left of it. */
export function drawSubject(size: PixelSize): string {
  return svg(size, CUP)
}

const CUP = `<defs><linearGradient id="cup"><stop offset="0" stop-color="#e8e2d4"/><stop offset=".6" stop-color="#b9ad94"/><stop offset="1" stop-color="#6f6552"/></linearGradient></defs>
<path d="M340 190 q110 -20 90 80 q-20 80 -100 70" fill="none" stroke="#9a8d72" stroke-width="24"/>
<path d="M120 150 h230 l-24 210 q-6 30 -36 30 h-110 q-30 0 -36 -30 z" fill="url(#cup)"/>
<ellipse cx="235" cy="150" rx="115" ry="26" fill="#3a2617"/>`

function svg([width, height]: PixelSize, inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 512 512">${inside}</svg>`
}

/** A colour moved towards grey. */
function off(colour: string, by: number): string {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  const moved = channels.map((channel) => channel + (channel > 127 ? -by : by))
  return `#${Buffer.from(moved).toString('hex')}`
}
