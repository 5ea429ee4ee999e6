import { drawPlaceholder } from '../render/placeholder-image.ts'
import type { Provider, ProviderJob, ProviderResult } from './provider.ts'

/** Answers offline and for nothing, with a stand-in of exactly the right pixel size. */
export function placeholderProvider(): Provider {
  return { name: 'placeholder', generate: draw }
}

async function draw({ fingerprint, request, pixels }: ProviderJob): Promise<ProviderResult> {
  const { width, height } = pixels
  const caption = `${request.aspectRatio} · ${request.size} · ${width} × ${height}`
  const { prompt } = request
  return {
    bytes: await drawPlaceholder({ fingerprint, prompt, caption, width, height }),
    model: 'placeholder',
    tokens: { input: 0, image: 0, text: 0 },
  }
}
