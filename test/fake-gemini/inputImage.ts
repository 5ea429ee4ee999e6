import { invalidArgument, type Failure } from './failure.ts'

/** An image in a request, whatever the names of its fields. */
export interface InputImage {
  mimeType: string
  bytes: Buffer
}

const acceptedTypes = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'])
const heicBrands = new Set(['heic', 'heix', 'hevc', 'hevx'])
const heifBrands = new Set(['mif1', 'msf1'])

/** The type that the first bytes tell. */
export function sniff(bytes: Buffer): string | undefined {
  const ascii = bytes.toString('latin1', 0, 12)
  if (ascii.startsWith('\u0089PNG\r\n')) return 'image/png'
  if (ascii.startsWith('\u00ff\u00d8\u00ff')) return 'image/jpeg'
  if (ascii.startsWith('RIFF') && ascii.endsWith('WEBP')) return 'image/webp'
  if (ascii.slice(4, 8) !== 'ftyp') return undefined
  if (heicBrands.has(ascii.slice(8))) return 'image/heic'
  return heifBrands.has(ascii.slice(8)) ? 'image/heif' : undefined
}

/** Refuses a type that is not accepted, and one that is not that of the bytes. */
export function refuseImage({ mimeType, bytes }: InputImage): Failure | undefined {
  const found = sniff(bytes)
  if (acceptedTypes.has(mimeType) && found === mimeType) return undefined
  const unhandled = acceptedTypes.has(mimeType) ? (found ?? 'application/octet-stream') : mimeType
  return invalidArgument(`Unhandled generated data mime type: ${unhandled}`)
}
