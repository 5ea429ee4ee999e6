import type { Options } from '@gemini-image/core'

/** A picture to send, by the colour that it is filled with. What is yellow is 16:9, the others are square. */
export type Colour = 'red' | 'green' | 'blue' | 'white' | 'yellow'

/**
 * A part of a message, in the words of Google's SDK; `image` stands for the bytes of that picture, or of the one that
 * a prompt file declares.
 */
export type SdkPart = { readonly text: string } | { readonly image: Colour | `${string}.prompt.md` }

/** What Google's own SDK is told, to get the same picture. */
export interface SdkCall {
  /** The parts of the user's message. */
  readonly parts: readonly SdkPart[]
  /** `config` of `models.generateContent`. */
  readonly config?: Readonly<Record<string, unknown>>
  /** The parameters of `interactions.create` besides `model`, `input` and `store`. */
  readonly interaction?: Readonly<Record<string, unknown>>
}

/** One thing that Google's image-generation guide says its models can do. */
export interface Capability {
  /** The title of the test that proves it. */
  readonly title: string
  /** Sections of the guide that speak of it, in the words of its headings. */
  readonly guide: string
  /** Files of the site. `hero.prompt.md` declares the picture. */
  readonly files: Readonly<Record<string, string>>
  /** Images of the site: path → colour. */
  readonly images?: Readonly<Record<string, Colour>>
  readonly options?: Options
  /** The one API that can be asked for it. @default each of them */
  readonly api?: NonNullable<Options['transport']>
  /** The model that is asked. @default 'gemini-nano-banana-2.1' */
  readonly model?: string
  /**
   * What the SDK is told for the last call; turns say it one after another. Absent where the SDK
   * cannot make the request.
   */
  readonly sdk?: SdkCall
  /** The body that is sent where the SDK cannot make the request, as the API's reference has it. */
  readonly body?: object
  /** For turns: what was said before, in order. */
  readonly before?: readonly SdkCall[]
  /** How many of its calls, the first ones, are answered in text. @default 0 */
  readonly texts?: number
  /** How many calls the declaration costs. @default 1 */
  readonly calls?: number
  /** The test that proves what comes of it, besides the request. */
  readonly proof?: string
}
