const MARKER = /(?<backslash>\\?)\{\{\s*image:\s*(?<label>[^{}\n]*?)\s*\}\}/g

/** A place in a prompt that names a reference image by its label. */
interface ImageMarker {
  readonly label: string
  readonly start: number
  readonly end: number
}

/** The places in a prompt where a reference image is to stand: `{{image:Anna}}`. */
export function* findImageMarkers(prompt: string): Generator<ImageMarker> {
  if (!prompt.includes('{{')) return
  for (const { 0: whole, index, groups = {} } of prompt.matchAll(MARKER)) {
    if (groups['backslash'] !== '') continue
    yield { label: groups['label'] ?? '', start: index, end: index + whole.length }
  }
}

/** A marker as prompts hold it, however many blanks a person has written. */
export function imageMarker(label: string): string {
  return `{{image:${label}}}`
}

/** A piece of a prompt: words, or the label of the image that stands between them. */
export type PromptPiece = string | { readonly label: string }

/** A prompt in pieces. One that names no image is a single one, as it is. */
export function piecesOf(prompt: string): readonly PromptPiece[] {
  const pieces: PromptPiece[] = []
  let from = 0
  for (const { label, start, end } of findImageMarkers(prompt)) {
    pieces.push(prompt.slice(from, start).trim(), { label })
    from = end
  }
  const rest = prompt.slice(from)
  pieces.push(from === 0 ? rest : rest.trim())
  return pieces.filter((piece) => piece !== '').map(withoutBackslash)
}

/** Braces that are to stay. */
function withoutBackslash(piece: PromptPiece): PromptPiece {
  if (typeof piece !== 'string' || !piece.includes('\\{{')) return piece
  return piece.replaceAll(MARKER, (marker) => marker.replace(/^\\/, ''))
}
