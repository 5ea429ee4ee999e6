import type { ProviderJob } from '../provider.ts'

/** A request body of `models.generateContent`, as far as we use it. */
export interface GenerateContentBody {
  readonly contents: readonly {
    readonly parts: readonly { readonly text: string }[]
    readonly role: 'user'
  }[]
  readonly generationConfig: {
    readonly responseModalities: readonly string[]
    readonly imageConfig: { readonly aspectRatio: string; readonly imageSize?: string }
  }
}

/**
 * The body for one picture from text.
 * @see https://ai.google.dev/api/generate-content
 */
export function toBody({ request, model }: ProviderJob): GenerateContentBody {
  const { aspectRatio, size } = request
  return {
    contents: [{ parts: [{ text: request.prompt }], role: 'user' }],
    generationConfig: {
      responseModalities: ['IMAGE'],
      imageConfig: model.takesSize ? { aspectRatio, imageSize: size } : { aspectRatio },
    },
  }
}
