import sharp from 'sharp'
import { send, type Answer, type WireFault } from './wire.ts'

type Json = unknown
type Path = readonly (string | number)[]

/** Values that no field of an answer should have. */
const VALUES: readonly (readonly [name: string, value: Json])[] = [
  ['null', null],
  ['empty text', ''],
  ['text', 'odd'],
  ['a negative number', -1],
  ['a huge number', 1e300],
  ['a number', 7],
  ['yes', true],
  ['an object', {}],
  ['a list', []],
  ['a list in a list', [[]]],
]

/** Fields by which a server says that something is wrong: no fault of whoever believes it. */
const TELLING = /^(?:finishReason|blockReason|promptFeedback|status|error|thought|type|role|kind)$/

/** Every field of an answer with every odd value, and without it. @param line Whether the answer is lines of answers. */
export function oddAnswers(sample: Json, line = false): WireFault[] {
  return pathsIn(sample).flatMap((path) => {
    const name = path.join('.')
    const arrives = arrivalOf(sample, path)
    return [
      oddAnswer(`${name} is missing`, arrives, line, (json) => removed(json, path)),
      ...VALUES.map(([what, value]) =>
        oddAnswer(`${name} is ${what}`, arrives, line, (json) => replaced(json, path, value)),
      ),
    ]
  })
}

/** Answers whose picture is none, or another. */
export async function oddPictures(line = false): Promise<WireFault[]> {
  const plain = sharp({ create: { width: 64, height: 64, channels: 3, background: '#357' } })
  const jpeg = await plain.clone().jpeg().toBuffer()
  const png = await plain.clone().png().toBuffer()
  const bombed = Buffer.from(png)
  bombed.writeUInt32BE(60_000, 16)
  bombed.writeUInt32BE(60_000, 20)
  const rows: [string, WireFault['arrives'], (data: string) => string][] = [
    ['empty', 'nothing', () => ''],
    ['no base64', 'nothing', () => '%%%%'],
    ['half', 'nothing', (data) => data.slice(0, data.length / 2)],
    [
      'without its last byte',
      'perhaps',
      (data) => base64(Buffer.from(data, 'base64').subarray(0, -1)),
    ],
    ['text', 'nothing', () => base64(Buffer.from('I can’t draw that.'))],
    ['a page', 'nothing', () => base64(Buffer.from('<!doctype html>'))],
    [
      'an SVG',
      'nothing',
      () => base64(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')),
    ],
    ['a PDF', 'nothing', () => base64(Buffer.from('%PDF-1.7\n'))],
    ['zeros', 'nothing', () => base64(Buffer.alloc(5000))],
    ['a bomb of 60,000 pixels square', 'nothing', () => base64(bombed)],
    ['a PNG', 'whole', () => base64(png)],
    ['a WebP', 'whole', () => webp],
    ['a GIF', 'perhaps', () => gif],
    ['a TIFF', 'perhaps', () => tiff],
    ['an AVIF', 'perhaps', () => avif],
    ['of one pixel', 'perhaps', () => pixel],
    ['with noise behind it', 'whole', () => base64(Buffer.concat([jpeg, Buffer.from('noise')]))],
    ['a data URL', 'whole', (data) => `data:image/jpeg;base64,${data}`],
    ['in lines', 'whole', (data) => data.replaceAll(/.{76}/g, '$&\r\n')],
    ['without padding', 'whole', (data) => data.replaceAll('=', '')],
    ['in the alphabet of URLs', 'whole', (data) => data.replaceAll('+', '-').replaceAll('/', '_')],
  ]
  const webp = base64(await plain.clone().webp().toBuffer())
  const gif = base64(await plain.clone().gif().toBuffer())
  const tiff = base64(await plain.clone().tiff().toBuffer())
  const avif = base64(await plain.clone().avif().toBuffer())
  const pixel = base64(await plain.clone().resize(1, 1).png().toBuffer())
  return rows.map(([name, arrives, change]) =>
    oddAnswer(`the picture is ${name}`, arrives, line, (json) => withPicture(json, change)),
  )
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}

/** @param line Whether the answer is one line of several, each with a `response`. */
function oddAnswer(
  name: string,
  arrives: WireFault['arrives'],
  line: boolean,
  change: (json: Json) => Json,
): WireFault {
  const body = (text: string): string =>
    line
      ? text.replaceAll(/^.+$/gm, (one) => JSON.stringify(change(JSON.parse(one))))
      : JSON.stringify(change(JSON.parse(text)))
  return {
    name,
    arrives,
    apply: async (socket, good) => {
      const answer: Answer = await good()
      send(socket, { ...answer, body: Buffer.from(body(String(answer.body))) })
    },
  }
}

/** Fields whose bytes are no picture. */
const SIGNATURE = /^(?:thoughtSignature|thought_signature|signature)$/

function isBranch(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null
}

/** Whether a text is a picture's bytes. */
function isPicture(value: Json): value is string {
  return typeof value === 'string' && value.length > 500
}

/** Where all values lie. Of pictures in a list, as of candidates, there is one. */
function pathsIn(value: Json, path: Path = []): Path[] {
  if (!isBranch(value)) return []
  return Object.keys(value).flatMap((key) => {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    return [at, ...pathsIn(value[key], at)]
  })
}

function arrivalOf(sample: Json, path: Path): WireFault['arrives'] {
  const isSignature = SIGNATURE.test(String(path.at(-1)))
  if (!isSignature && holdsPicture(valueAt(sample, path))) return 'nothing'
  // The key of a line says whose answer it is.
  if (path.length === 1 && path[0] === 'key') return 'nothing'
  return path.some((key) => typeof key === 'string' && TELLING.test(key)) ? 'perhaps' : 'whole'
}

function holdsPicture(value: Json): boolean {
  if (!isBranch(value)) return isPicture(value)
  return Object.entries(value).some(([key, one]) => !SIGNATURE.test(key) && holdsPicture(one))
}

function valueAt(value: Json, path: Path): Json {
  return path.reduce<Json>((found, key) => (isBranch(found) ? found[key] : undefined), value)
}

function replaced(json: Json, path: Path, value: Json): Json {
  const parent = valueAt(json, path.slice(0, -1))
  const last = path.at(-1)
  if (isBranch(parent) && last !== undefined) parent[last] = value
  return json
}

function removed(json: Json, path: Path): Json {
  const parent = valueAt(json, path.slice(0, -1))
  const last = path.at(-1)
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else if (isBranch(parent) && last !== undefined) delete parent[last]
  return json
}

function withPicture(json: Json, change: (data: string) => string): Json {
  if (isPicture(json)) return change(json)
  if (Array.isArray(json)) return json.map((one) => withPicture(one, change))
  if (!isBranch(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      SIGNATURE.test(key) ? value : withPicture(value, change),
    ]),
  )
}
