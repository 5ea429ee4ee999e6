import sharp from 'sharp'

/** What the bytes of a picture say: `jpeg 1376x768`. */
export async function describeImage(bytes: Uint8Array): Promise<string> {
  const { format, width, height } = await sharp(bytes).metadata()
  return `${format} ${width}x${height}`
}
