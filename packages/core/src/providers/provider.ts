import type { ReferenceRole, TransportName, ImageRequest } from './request.ts'
import type { ImageType, Pixels } from '../pixels/image.ts'
import type { ModelRow } from './models/model.ts'
import type { TokenCount } from './models/price.ts'
import type { TextModelRow, TextTokens } from './models/text-models.ts'
import type { ErrorParts, GeminiImageError } from '../kernel/errors/error.ts'
import type { Usage } from './models/booking.ts'
import type { BatchProvider } from './batch-provider.ts'

/** A part of an answer: text, or a picture by its number in the answer. */
export type AnswerPart = { readonly text: string } | { readonly image: number }

/** What a provider wants to be shown beside a picture that was generated from looked-up data. */
export interface Grounding {
  /** HTML of the provider, with the searches as links. */
  readonly searchSuggestions?: string | undefined
  readonly sources: readonly GroundingSource[]
  /** What was searched for. */
  readonly queries: readonly string[]
  /** What of the answer's text rests on which sources; left out where the answer says nothing of that. */
  readonly citations?: readonly Citation[] | undefined
}

/** A piece of an answer's text that rests on sources: `text.slice(start, end)`. */
export interface Citation {
  readonly start: number
  readonly end: number
  /** Numbers of {@link Grounding.sources}, from 0. */
  readonly sources: readonly number[]
}

/** The texts of an answer as one, in paragraphs. {@link Citation Citations} are places in it. */
export function joinTexts(texts: readonly string[]): string {
  return texts.join('\n\n')
}

/** A page or picture that was looked at. */
export interface GroundingSource {
  readonly url: string
  readonly title?: string | undefined
  /** The address of the picture itself, where a picture was found. */
  readonly imageUrl?: string | undefined
}

/**
 * What an API needs to go on from an answer: its own JSON, thought signatures included, with
 * `{ $image: n }` in the place of a picture's bytes.
 */
export interface Replay {
  readonly api: string
  readonly items: readonly unknown[]
  /** The id under which the server keeps the answer, where it does. */
  readonly id?: string | undefined
}

/** What is known of an image that may be sent. */
export interface ReferenceFacts {
  /** SHA-256 of its bytes, in hex. */
  readonly sha256: string
  /** Media type, read from the bytes. */
  readonly type: ImageType
  /** Size, in bytes. */
  readonly size: number
}

/** An image that the model is to look at. */
export interface ReferenceImage extends ReferenceFacts {
  readonly as: ReferenceRole | undefined
  /** The name by which the prompt may call it. */
  readonly label: string | undefined
  /** The turn that shows it for the first time, from 1; 0 for the prompt. */
  readonly turn: number
  /**
   * Its bytes, read when they are sent and held against `sha256`.
   * @throws {GeminiImageError} `REFERENCE_CHANGED`, `REFERENCE_UNAVAILABLE`, `CORRUPT_OBJECT`.
   */
  bytes(): Promise<Uint8Array>
}

/** One call to be made. */
export interface ProviderJob {
  readonly fingerprint: string
  readonly request: ImageRequest
  /** The catalogue's row for the model to ask. */
  readonly model: ModelRow
  /** The pixel size that the catalogue promises. */
  readonly pixels: Pixels
  /** The images of `request.references` and of its turns, in the same order. */
  readonly references: readonly ReferenceImage[]
  /** What was answered to the prompt and to all of `request.turns` but the last, in order. */
  readonly history: readonly PastAnswer[]
  /** Whether interim pictures and texts are wanted as well. */
  readonly keepThoughts: boolean
  /** The API to ask, where the declaration names one. */
  readonly transport: TransportName | undefined
}

/** An answer of an earlier turn. */
export interface PastAnswer {
  /** What the API that gave it needs to go on from it. */
  readonly replay: Replay | undefined
  /** What it says, where text is all that was asked for. */
  readonly text?: string | undefined
  /** Its pictures, in order; the last is the one that the next turn changes. Empty where text was asked for. */
  readonly images: readonly PastImage[]
}

/** A picture of an earlier turn. */
export interface PastImage {
  readonly type: ImageType
  bytes(): Promise<Uint8Array>
}

/** What a provider may use while it works. */
export interface ProviderContext {
  /**
   * Aborted when the run ends early: begin no further attempt. A call under way may finish, because
   * it is paid for either way.
   */
  readonly signal: AbortSignal
  /** Aborted when even a call under way is to be cut off. */
  readonly cutOff: AbortSignal
  /**
   * To be called before a request is sent again whose first sending may have been paid for (a
   * timeout, a lost connection). Throws where the budget has no room for paying twice.
   */
  readonly countPossiblyPaid: () => void
  /**
   * Makes the error to be thrown for an answer that holds no picture, because the model would not: it is booked, and
   * the same request is not made again before the declaration changes or a person asks for it.
   * @param parts Its code: `BLOCKED`, or `NO_IMAGE`.
   * @param usage What the answer says of its cost. @default nothing: the most that was estimated is booked
   */
  readonly refuse: (parts: ErrorParts, usage?: Usage) => GeminiImageError
  /** Tells a person what of a request was not taken into account, in a sentence. @default nobody is told */
  readonly warn?: ((text: string) => void) | undefined
}

/** A part of an answer. */
export type ResultPart =
  | { readonly text: string }
  | {
      readonly bytes: Uint8Array
      /** The media type that the answer claims; the bytes decide. */
      readonly claimedType?: string | undefined
    }

/** An answer as a provider hands it over. */
export interface ProviderResult {
  /**
   * Text and pictures, in order; at least one picture. The last picture is the result. Where text is all that was asked
   * for (`output: 'text'`), text is the result, and a picture among it is kept for looking at.
   */
  readonly parts: readonly ResultPart[]
  /** Pictures that came beside the one that was asked for. They are kept, for a person to choose. @default none */
  readonly others?: readonly ResultPart[] | undefined
  /** Interim pictures and texts, in order. Never results. */
  readonly thoughts?: readonly ResultPart[] | undefined
  readonly grounding?: Grounding | undefined
  /** What a later turn needs; pictures are numbered in the order of `parts`. */
  readonly replay?: Replay | undefined
  /** The model that answered. */
  readonly model: string
  /**
   * What the call is billed by. Leave it out where nobody knows: the most that was estimated is booked then, as it is for
   * numbers that are impossible (a picture of no tokens).
   */
  readonly tokens?: TokenCount | undefined
  /** How many searches are billed. @default 0 */
  readonly searches?: number | undefined
  /** How many seconds are billed, of a model whose price is by the second. @default nobody knows */
  readonly seconds?: number | undefined
}

/** The text of an answer; empty where it holds none. */
export function textOf({ parts }: Pick<ProviderResult, 'parts'>): string {
  return parts.flatMap((part) => ('text' in part ? part.text : [])).join('')
}

/** A picture to be put into words. */
export interface DescriptionJob {
  /** The row of the text model to ask. */
  readonly model: TextModelRow
  /** What is wanted. */
  readonly instruction: string
  readonly image: { readonly type: ImageType; readonly bytes: Uint8Array }
}

/** What a text model has answered. It is validated by whoever asked. */
export interface Description {
  /** Empty where it wrote nothing. */
  readonly text: string
  /** Why the answer did not come to its end; left out where it did. */
  readonly stopped?: {
    /** The provider's own name for it: `SAFETY`, `MAX_TOKENS`. */
    readonly reason: string
    readonly isBlocked: boolean
  }
  /** Left out where the answer does not say: the most that was estimated is booked then. */
  readonly tokens?: TextTokens | undefined
}

/**
 * What answers a request. A run calls `generate` once for each fingerprint that is missing,
 * never twice for one fingerprint at a time (unless the server does not know an alias's first
 * candidate), and at most `concurrency` calls side by side; it has checked the budget before the
 * first call. Type and pixel size are read from the bytes, so a provider need not know them.
 */
export interface Provider {
  /** A short name for messages: `generate-content`. */
  readonly name: string
  generate(job: ProviderJob, context: ProviderContext): Promise<ProviderResult>
  /**
   * The ids of the models that it can ask. Called by "gemini-image doctor" only; it must cost
   * nothing. Throws where the key is not accepted, or nobody answers.
   */
  listModels?(): Promise<readonly string[]>
  /**
   * Puts a picture into words; left out where it does not. Called by "gemini-image alt" only, once for
   * each picture, after the budget was checked.
   */
  describe?(job: DescriptionJob, context: ProviderContext): Promise<Description>
  /** How it answers many requests later, at a lower price; left out where it does not. */
  readonly batch?: BatchProvider | undefined
}
