/**
 * An image model of the AI SDK, as far as it is used: what `openai.image('gpt-image-1')` gives. Its types are written
 * down here, so that no package of the AI SDK has to be installed where none is used.
 * @see https://github.com/vercel/ai/tree/main/packages/provider/src/image-model
 */
export interface AiSdkImageModel {
  /** `v3` (AI SDK 6) or `v4` (AI SDK 7). */
  readonly specificationVersion: string
  /** `openai.image` */
  readonly provider: string
  /** `gpt-image-1` */
  readonly modelId: string
  /** Whether it looks at images; `undefined` where the package does not know. */
  readonly supportsFileInputs?: boolean | PromiseLike<boolean | undefined> | undefined
  doGenerate(call: AiSdkCall): PromiseLike<AiSdkAnswer>
}

/** What a model is asked. */
export interface AiSdkCall {
  readonly prompt: string | undefined
  readonly n: number
  readonly size: `${number}x${number}` | undefined
  readonly aspectRatio: `${number}:${number}` | undefined
  readonly seed: number | undefined
  /** The images that it looks at: `{ type: 'file', mediaType, data }`. */
  readonly files: readonly object[] | undefined
  readonly mask: object | undefined
  readonly providerOptions: Readonly<Record<string, object>>
  readonly abortSignal?: AbortSignal | undefined
}

/** What a model answers. Nothing of it need be so. */
export interface AiSdkAnswer {
  /** Bytes, or base64. */
  readonly images: readonly (string | Uint8Array)[]
  readonly warnings: readonly AiSdkWarning[]
  readonly usage?:
    | { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined }
    | undefined
}

/** What a model did not take into account, or did in another way. */
export interface AiSdkWarning {
  readonly type: string
  readonly feature?: string | undefined
  readonly setting?: string | undefined
  readonly details?: string | undefined
  readonly message?: string | undefined
}
