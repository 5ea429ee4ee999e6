import { hash } from 'node:crypto'
import type { Draw, PictureOrder } from './drawing.ts'
import type { ImageType } from './models.ts'
import { scalePixels } from './pixels.ts'
import { textTokens, type Question, type TokenCount } from './question.ts'
import { search } from './search.ts'
import { signatureOf } from './signature.ts'

export interface TextPiece {
  kind: 'text'
  text: string
  thought: boolean
  signature?: string
}

export interface ImagePiece {
  kind: 'image'
  mimeType: ImageType
  bytes: Buffer
  thought: boolean
  signature?: string
}

/** A piece of what the model came up with, in its order, in no API's shape. */
export type Piece = TextPiece | ImagePiece

/** What a fault changes about a result. */
export interface ResultChanges {
  /** How many times the pixels that were asked for. */
  factor?: number
  /** The type of the bytes. */
  drawnType?: ImageType
  /** The type that the answer tells. */
  declaredType?: ImageType
  pictures?: number
  /** How much of the bytes of each picture comes, from 0 to 1. */
  share?: number
  /** How a flat background comes out, where one is asked for. */
  background?: PictureOrder['background']
  wantsText?: boolean
  wantsThoughts?: boolean
  signs?: boolean
}

const thoughtTokens = 240

export interface Usage {
  input: TokenCount
  output: TokenCount
  thoughts: number
  total: number
}

function words(text: string, thought = false): TextPiece {
  return { kind: 'text', text, thought }
}

/** Google signs each picture, and what comes first after the thoughts. */
function sign(pieces: readonly Piece[]): Piece[] {
  return pieces.map((piece, index) => {
    if (piece.kind === 'image') return { ...piece, signature: signatureOf(piece.bytes) }
    return index === 0 ? { ...piece, signature: signatureOf(piece.text) } : piece
  })
}

/** Draws what the question asks for, or what a fault makes of it. */
export async function drawResult(
  question: Question,
  paint: Draw,
  changes: ResultChanges = {},
): Promise<Piece[]> {
  const plan = { factor: 1, share: 1, ...question, ...changes }
  const order = {
    prompt: plan.prompt,
    pixels: scalePixels(plan.pixels, plan.factor),
    type: plan.drawnType ?? plan.type,
    background: plan.background ?? 'flat',
  }
  const draw = async (name: string, thought = false): Promise<ImagePiece> => {
    const whole = await paint({ ...order, mark: `${plan.identity} ${name}` })
    const bytes = whole.subarray(0, Math.ceil(whole.length * plan.share))
    return { kind: 'image', mimeType: plan.declaredType ?? plan.type, bytes, thought }
  }
  const numbers = Array.from({ length: plan.pictures }, (_, index) => index + 1)
  const [sketches, pictures] = await Promise.all([
    Promise.all(plan.wantsThoughts ? [draw('sketch', true)] : []),
    Promise.all(numbers.map((number) => draw(`picture ${number}`))),
  ])
  const thoughts = sketches.flatMap((sketch) => [
    words('Let me sketch the composition first.', true),
    sketch,
  ])
  const results = pictures.flatMap((picture) =>
    plan.wantsText ? [words('Here is your picture.'), picture] : [picture],
  )
  return [...thoughts, ...(plan.signs ? sign(results) : results)]
}

const chatter = 'I can describe that picture for you: it would be a lovely one.'

/** A text of its own for every request that asks for one, as pictures are. */
function textOf({ identity, isOfText = false }: Question): string {
  return isOfText ? `Fresh every morning: loaf ${hash('sha1', identity).slice(0, 8)}.` : chatter
}

export function textResult(question: Question): Piece[] {
  const said = question.words ?? textOf(question)
  const results = said === '' ? [] : [words(said)]
  const { isOfText, wantsThoughts, signs } = question
  if (!isOfText) return results
  const thoughts = wantsThoughts ? [words('Let me find the words first.', true)] : []
  return [...thoughts, ...(signs ? sign(results) : results)]
}

/** Thoughts are counted apart. */
export function countPieces(pieces: readonly Piece[], imageTokens: number): TokenCount {
  const count = { text: 0, image: 0 }
  for (const piece of pieces.filter(({ thought }) => !thought)) {
    if (piece.kind === 'image') count.image += imageTokens
    else count.text += textTokens(piece.text)
  }
  return count
}

/** Of a prompt that never reaches the model. */
export function countPrompt({ input }: Question): Usage {
  return { input, output: countPieces([], 0), thoughts: 0, total: input.text + input.image }
}

/** What an answer is charged for: tokens, searches, and pictures that are sold by the piece. */
export interface Bill {
  input: number
  image: number
  /** Text and thoughts. */
  text: number
  searches: number
  pictures: number
}

export function billOf(question: Question, pieces: readonly Piece[]): Bill {
  const { input, output, thoughts } = countUsage(question, pieces)
  const isByPiece = question.route === 'predict'
  return {
    input: isByPiece ? 0 : input.text + input.image,
    image: output.image,
    text: isByPiece ? 0 : output.text + thoughts,
    searches: search(question.searches, question.prompt).flatMap(({ queries }) => queries).length,
    pictures: pieces.filter(({ kind, thought }) => kind === 'image' && !thought).length,
  }
}

/** Thoughts cost the same whatever they come to, and whether or not they are shown. */
export function countUsage(question: Question, pieces: readonly Piece[]): Usage {
  const { input, total } = countPrompt(question)
  const output = countPieces(pieces, question.imageTokens)
  const thoughts = question.words === undefined ? thoughtTokens : 0
  return { input, output, thoughts, total: total + output.text + output.image + thoughts }
}
