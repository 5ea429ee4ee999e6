import type { SdkCall } from './capability.ts'

/** `config` of Google's SDK for a picture of a ratio and size. */
export function imageConfig(
  aspectRatio = '1:1',
  imageSize = '1K',
): Readonly<Record<string, unknown>> {
  return { responseModalities: ['IMAGE'], imageConfig: { aspectRatio, imageSize } }
}

/** What Google's SDK is told for a picture of data that is looked up on the web. */
export function grounded(): Required<Pick<SdkCall, 'config' | 'interaction'>> {
  return {
    config: {
      ...imageConfig(),
      responseModalities: ['TEXT', 'IMAGE'],
      tools: [{ googleSearch: {} }],
    },
    interaction: {
      response_format: [{ type: 'text' }, imageFormat()],
      tools: [{ type: 'google_search', search_types: ['web_search'] }],
    },
  }
}

/** `response_format` of an interaction for a picture of a ratio and size. */
export function imageFormat(aspect_ratio = '1:1', image_size = '1K'): object {
  return { type: 'image', aspect_ratio, image_size }
}
