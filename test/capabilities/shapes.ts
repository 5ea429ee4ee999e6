/** `config` of Google's SDK for a picture of a ratio and size. */
export function imageConfig(
  aspectRatio = '1:1',
  imageSize = '1K',
): Readonly<Record<string, unknown>> {
  return { responseModalities: ['IMAGE'], imageConfig: { aspectRatio, imageSize } }
}

/** `response_format` of an interaction for a picture of a ratio and size. */
export function imageFormat(aspect_ratio = '1:1', image_size = '1K'): object {
  return { type: 'image', aspect_ratio, image_size }
}
