import type { ThinkingLevel } from './models/model.ts'

/** What safety filters look for. */
export type SafetyCategory =
  | 'harassment'
  | 'hate-speech'
  | 'sexually-explicit'
  | 'dangerous-content'
  | 'civic-integrity'

/** From what probability on a filter blocks. */
export type SafetyThreshold = 'low-and-above' | 'medium-and-above' | 'only-high' | 'none' | 'off'

/** What is blocked, by category. */
export type Safety = { readonly [Category in SafetyCategory]?: SafetyThreshold | undefined }

/** The APIs that a declaration or an option may name: those of the default provider, or of another. */
export type TransportName = 'generate-content' | 'interactions' | (string & {})

/** What an answer is to hold: a picture, all that come, text and pictures in turn, or text alone. */
export type OutputKind = 'image' | 'images' | 'text-and-image' | 'text'

/** A format that a picture may be asked for in. */
export type PictureFormat = 'png' | 'jpeg'

/** Whether people may be in a picture: nobody, nobody but adults, or anybody. */
export type PersonGeneration = 'none' | 'adult' | 'all'

/** Whether well-known people may be in a picture. */
export type ProminentPeople = 'allow' | 'block'

/** How a picture is encoded. */
export type ImageOutputOptions = {
  readonly mimeType?: 'image/png' | 'image/jpeg'
  /** 0 to 100, of JPEG. */
  readonly compressionQuality?: number
}

/** Options of one service each, by its name, as that service spells them: `{ openai: { quality: 'high' } }`. */
export type ProviderOptions = { readonly [service: string]: { readonly [option: string]: Json } }

/** A value of JSON. */
export type Json =
  | null
  | string
  | number
  | boolean
  | readonly Json[]
  | { readonly [key: string]: Json }

/** The settings that only some providers take; each says in its catalogue which of them it does. */
export const PROVIDER_SETTINGS = [
  'personGeneration',
  'prominentPeople',
  'imageOutputOptions',
  'providerOptions',
] as const

export type ProviderSetting = (typeof PROVIDER_SETTINGS)[number]

/** What a reference image is there for. */
export type ReferenceRole = 'object' | 'character' | 'style'

/**
 * All that decides what a model will generate in one call, and nothing else: no path, no alternative
 * text, no option of ours. Two specs with the same request share one picture. What is not declared
 * is absent, so that a setting added to the language changes no fingerprint.
 *
 * A type and not an interface, so that it is assignable to a JSON object.
 */
export type ImageRequest = {
  /** `{{image:label}}` stands where the reference of that label is to be shown; the others come behind the words. */
  readonly prompt: string
  /** As declared: an alias stays an alias, so that moving it changes no fingerprint. */
  readonly model: string
  readonly aspectRatio: string
  readonly size: string
  readonly references?: readonly RequestReference[]
  readonly system?: string
  readonly seed?: number
  readonly temperature?: number
  readonly safety?: Safety
  readonly thinking?: ThinkingLevel
  readonly grounding?: { readonly web?: true; readonly images?: true }
  readonly output?: Exclude<OutputKind, 'image'>
  readonly format?: PictureFormat
  readonly personGeneration?: PersonGeneration
  readonly prominentPeople?: ProminentPeople
  readonly imageOutputOptions?: ImageOutputOptions
  readonly providerOptions?: ProviderOptions
  /** The subject is cut out; the prompt and the turns ask for a background of this colour. */
  readonly transparent?: { readonly key: string }
  /** The number of a variant, from 2; the first is the plain request. */
  readonly variant?: number
  /** The turns so far; the picture is that of the last. */
  readonly turns?: readonly RequestTurn[]
}

/** A reference image: what it shows counts, not where it lies. */
export type RequestReference = {
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string
  readonly as?: ReferenceRole
  readonly label?: string
}

/** One further instruction. What it does not say of itself is as the request has it. */
export type RequestTurn = {
  /** As {@link ImageRequest.prompt}, with references of its own. */
  readonly prompt: string
  readonly aspectRatio: string
  readonly size: string
  /** What it shows for the first time. */
  readonly references?: readonly RequestReference[]
  readonly thinking?: ThinkingLevel
  readonly grounding?: { readonly web?: true; readonly images?: true }
  readonly output?: OutputKind
}

/** What is asked last. */
type LastTurn = Omit<ImageRequest, 'references' | 'turns' | 'output'> & Pick<RequestTurn, 'output'>

/** What is asked last: the request itself, with what its last turn says of itself. */
export function lastTurn(request: ImageRequest): LastTurn {
  const turn = request.turns?.at(-1)
  return turn ? { ...request, ...turn } : request
}

/** All images that a request shows, in order: those of its prompt, then those of its turns. */
export function shownBy({
  references = [],
  turns = [],
}: ImageRequest): readonly RequestReference[] {
  return [...references, ...turns.flatMap((turn) => turn.references ?? [])]
}

/** What each question of a request asks for, in order: that of its prompt, then those of its turns. */
export function outputsOf({
  output,
  turns = [],
}: ImageRequest): readonly (OutputKind | undefined)[] {
  return [output, ...turns.map((turn) => turn.output ?? output)]
}

/** Whether text is all that an answer is to hold: words, from which a later turn draws. */
export function isOfText({ output, turns }: Pick<ImageRequest, 'output' | 'turns'>): boolean {
  return (turns?.at(-1)?.output ?? output) === 'text'
}

/** Whether an answer is to hold text beside the picture. */
export function isWithText(request: ImageRequest): boolean {
  return lastTurn(request).output === 'text-and-image'
}

/** Whether all pictures of an answer are wanted, and not the last alone. */
export function isOfSeveral(request: ImageRequest): boolean {
  return isWithText(request) || lastTurn(request).output === 'images'
}
