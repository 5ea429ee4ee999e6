import type { ProviderEnv } from '../definition.ts'
import type { ProviderOptions } from '../request.ts'
import type { AiSdkImageModel } from './image-model.ts'

/**
 * A model of the AI SDK, or a function that gives it when a picture is to be generated: then no build loads its
 * package that finds all pictures pinned. The function is given the variables of the run, those of env files included.
 */
export type AiSdkModel =
  | AiSdkImageModel
  | ((env: ProviderEnv) => AiSdkImageModel | PromiseLike<AiSdkImageModel>)

/** Size → ratio → pixels, as the AI SDK writes them: `{ '1K': { '3:2': '1536x1024' } }`. */
export type AiSdkSizes = Readonly<Record<string, Readonly<Record<string, `${number}x${number}`>>>>

/** What the AI SDK does not say of a model. */
export interface AiSdkModelOptions {
  /**
   * What a picture costs, in US dollars: `perImage`, or the most that one is taken to cost (`ceiling`).
   * @default { ceiling: 0.25 }
   */
  readonly price?: { readonly perImage: number } | { readonly ceiling: number } | undefined
  /**
   * What the model draws, by the sizes and ratios of declarations. Those that name none ask for `1K` and `1:1`.
   * @default that of OpenAI's models; of others `{ '1K': { '1:1': '1024x1024' } }`
   */
  readonly sizes?: AiSdkSizes | undefined
  /**
   * What the model is told of them: pixels, or the ratio alone.
   * @default 'size'
   */
  readonly shape?: 'size' | 'aspectRatio' | undefined
  /**
   * How many images it looks at; with none, it takes neither references nor turns.
   * @default that of OpenAI's models; of others 1 where the AI SDK says that it takes any, and 0 otherwise
   */
  readonly references?: number | undefined
  /**
   * Whether it takes a seed.
   * @default false
   */
  readonly seed?: boolean | undefined
  /**
   * Options of its provider for all pictures, which no fingerprint holds: `{ openai: { quality: 'high' } }`.
   * @default none
   */
  readonly providerOptions?: ProviderOptions | undefined
  /**
   * The variable that holds the key, or `false` where none is needed. Without a value in it, nothing is generated.
   * @default the one that the AI SDK reads for OpenAI, fal and Replicate; of others none
   */
  readonly key?: string | false | undefined
  /**
   * Who draws, in messages.
   * @default the name that the AI SDK gives its provider
   */
  readonly company?: string | undefined
  /**
   * Company and model, as the lockfile and labels name them: `openai/gpt-image-1`. Needed where a function gives the model.
   * @default what the model says
   */
  readonly id?: string | undefined
}

/** A model with what is to be known of it. */
export interface AiSdkEntry extends AiSdkModelOptions {
  readonly model: AiSdkModel
}

/** Models by the names under which declarations ask for them: one each, or several of one company, best first. */
export type AiSdkModels = Readonly<
  Record<string, AiSdkModel | AiSdkEntry | readonly (AiSdkModel | AiSdkEntry)[]>
>
