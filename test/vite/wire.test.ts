import { GoogleGenAI } from '@google/genai'
import { MODELS } from '@gemini-image/core/internal'
import { expect, test } from 'vitest'
import { startGemini } from '../support/gemini.ts'
import { createSite, pageOf, promptFile } from '../support/site.ts'
import { buildSite, KEY, keyed } from '../support/vite.ts'

const cases = MODELS.filter(({ family }) => family === 'gemini').map(
  ({ id, takesSize, sizes }) => ({
    id,
    aspectRatio: '16:9',
    size: takesSize ? (Object.keys(sizes).at(-1) ?? '1K') : '1K',
    takesSize,
  }),
)

test.for(cases)(
  'the request to $id is, to the byte, the one of Google’s own SDK',
  async (wanted) => {
    const { id, aspectRatio, size, takesSize } = wanted
    const gemini = await startGemini()
    const prompt = 'A heron — “grey”, at dawn\nin the reeds ✨'
    const site = await createSite({
      ...pageOf(['a']),
      'src/a.prompt.md': promptFile(prompt, { model: id, aspectRatio, size }),
    })
    await buildSite(site, { env: keyed(gemini) })
    const sdk = new GoogleGenAI({
      apiKey: KEY,
      vertexai: false,
      apiVersion: 'v1beta',
      httpOptions: { baseUrl: gemini.url },
    })
    await sdk.models.generateContent({
      model: id,
      contents: prompt,
      config: {
        responseModalities: ['IMAGE'],
        imageConfig: takesSize ? { aspectRatio, imageSize: size } : { aspectRatio },
      },
    })
    const [ours, theirs] = gemini.requests
    expect(ours?.outcome).toBe('image')
    expect(theirs?.outcome).toBe('image')
    expect(ours?.rawBody).toBe(theirs?.rawBody)
    for (const part of ['method', 'path', 'query'] as const)
      expect(ours?.[part]).toBe(theirs?.[part])
    for (const header of ['x-goog-api-key', 'content-type']) {
      expect(ours?.headers[header]).toBe(theirs?.headers[header])
    }
  },
)
