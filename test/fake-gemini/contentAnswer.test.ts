import { GoogleGenAI, ThinkingLevel } from '@google/genai'
import { describe, expect, test } from 'vitest'
import { bytesOf, flash, partsOf, useFakeGemini } from './client.ts'

const client = useFakeGemini()
const { ask } = client

const contents = [{ role: 'user', parts: [{ text: 'a <cat>' }] }]
const both = { responseModalities: ['TEXT', 'IMAGE'] }
const signature = expect.stringMatching(/^[A-Za-z0-9+/]+=*$/)

function sdk(apiVersion: string): GoogleGenAI {
  const httpOptions = { baseUrl: client.fake.url }
  return new GoogleGenAI({ apiKey: 'some-key', vertexai: false, apiVersion, httpOptions })
}

test('text comes before the picture, with a signature of its own', async () => {
  const { reply } = await ask({ body: { contents, generationConfig: both } })
  const [text, picture] = partsOf(reply)
  expect(text).toEqual({ text: 'Here is your picture.', thoughtSignature: signature })
  expect(picture).toEqual({ inlineData: expect.anything(), thoughtSignature: signature })
  expect(text?.thoughtSignature).not.toBe(picture?.thoughtSignature)
  expect(reply.usageMetadata).toMatchObject({
    candidatesTokenCount: 1126,
    candidatesTokensDetails: [
      { modality: 'TEXT', tokenCount: 6 },
      { modality: 'IMAGE', tokenCount: 1120 },
    ],
  })
})

test('2.5 signs nothing', async () => {
  const body = { contents, generationConfig: both }
  const { reply } = await ask({ model: 'gemini-2.5-flash-image', body })
  expect(partsOf(reply)).toEqual([
    { text: 'Here is your picture.' },
    { inlineData: expect.anything() },
  ])
})

test('thoughts come first, and are unsigned', async () => {
  const generationConfig = {
    responseModalities: ['IMAGE'],
    thinkingConfig: { includeThoughts: true },
  }
  const { reply } = await ask({ body: { contents, generationConfig } })
  const [words, sketch, picture, ...more] = partsOf(reply)
  expect(words).toEqual({ text: expect.any(String), thought: true })
  expect(sketch).toEqual({ inlineData: expect.anything(), thought: true })
  expect(picture).toEqual({ inlineData: expect.anything(), thoughtSignature: signature })
  expect(more).toEqual([])
  expect(bytesOf(sketch).equals(bytesOf(picture))).toBe(false)
})

describe('grounding', () => {
  const search = async (googleSearch: object, model = flash) => {
    const body = { contents, tools: [{ googleSearch }], generationConfig: both }
    const { reply } = await ask({ model, body })
    return reply.candidates?.[0]?.groundingMetadata
  }
  const web = { uri: expect.any(String), title: expect.any(String), domain: expect.any(String) }
  const image = { ...web, sourceUri: expect.any(String), imageUri: expect.any(String) }

  test('on the web', async () => {
    const found = await search({}, 'gemini-3-pro-image')
    expect(found).toEqual({
      searchEntryPoint: {
        renderedContent: expect.stringMatching(
          /^<style>.*<\/style><div class="container">.*<\/div>$/,
        ),
      },
      webSearchQueries: ['a <cat>'],
      groundingChunks: [{ web }],
      groundingSupports: [
        { segment: { endIndex: 21, text: 'Here is your picture.' }, groundingChunkIndices: [0] },
      ],
    })
    expect(JSON.stringify(found?.['searchEntryPoint'])).toContain('a &lt;cat>')
  })

  test('among images', async () => {
    const { uri: _, ...chunk } = image
    expect(await search({ searchTypes: { webSearch: {}, imageSearch: {} } })).toMatchObject({
      webSearchQueries: ['a <cat>'],
      imageSearchQueries: ['a <cat> photo'],
      groundingChunks: [{ web }, { image: chunk }],
    })
    expect(await search({ searchTypes: { imageSearch: {} } })).not.toHaveProperty(
      'webSearchQueries',
    )
  })

  test('is there only where it was asked for', async () => {
    const [candidate] = (await ask()).reply.candidates ?? []
    expect(candidate).not.toHaveProperty('groundingMetadata')
  })
})

describe('Google’s own SDK', () => {
  test.each(['v1', 'v1beta'])('%s: a chat that goes on', async (version) => {
    const chat = sdk(version).chats.create({
      model: flash,
      config: {
        responseModalities: ['TEXT', 'IMAGE'],
        thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.HIGH },
        imageConfig: { aspectRatio: '16:9', imageSize: '512' },
      },
    })
    const first = await chat.sendMessage({ message: 'a cat' })
    const second = await chat.sendMessage({ message: 'now with a hat' })
    expect(client.fake.requests.map(({ outcome }) => outcome)).toEqual(['image', 'image'])
    expect(first.candidates?.[0]?.content?.parts).toHaveLength(4)
    expect(second.usageMetadata?.promptTokensDetails).toContainEqual({
      modality: 'IMAGE',
      tokenCount: 2 * 1120,
    })
    expect(chat.getHistory(true)).toHaveLength(4)
  })

  test('a history without its signatures', async () => {
    const drawn = await sdk('v1beta').models.generateContent({ model: flash, contents: 'a cat' })
    const { inlineData } = drawn.candidates?.[0]?.content?.parts?.[0] ?? {}
    const chat = sdk('v1beta').chats.create({
      model: flash,
      history: [
        { role: 'user', parts: [{ text: 'a cat' }] },
        { role: 'model', parts: [inlineData === undefined ? {} : { inlineData }] },
      ],
    })
    await expect(chat.sendMessage({ message: 'a hat' })).rejects.toMatchObject({
      name: 'ApiError',
      status: 400,
      message: expect.stringContaining('content position 2, part position 1'),
    })
  })

  test('a search', async () => {
    const { candidates } = await sdk('v1beta').models.generateContent({
      model: flash,
      contents: 'a cat',
      config: {
        responseModalities: ['TEXT', 'IMAGE'],
        tools: [{ googleSearch: { searchTypes: { webSearch: {}, imageSearch: {} } } }],
      },
    })
    expect(candidates?.[0]?.groundingMetadata?.groundingChunks?.[1]?.image?.sourceUri).toMatch(
      /^https:/,
    )
  })
})
