import { anything, base64, between, fields, flag, int32, listOf, oneOf, text } from './check.ts'
import type { Check } from './check.ts'

/** A generateContent body as far as it is read, once `checkContentBody` has found nothing. */
export interface ContentBody {
  contents?: readonly Content[]
  systemInstruction?: Content
  tools?: readonly {
    googleSearch?: { searchTypes?: { webSearch?: object; imageSearch?: object } }
  }[]
  generationConfig?: {
    responseModalities?: readonly string[]
    thinkingConfig?: { thinkingLevel?: string; includeThoughts?: boolean }
    imageConfig?: { aspectRatio?: unknown; imageSize?: unknown }
  }
}

export interface Content {
  role?: string
  parts?: readonly ContentPart[]
}

export interface ContentPart {
  text?: string
  inlineData?: { mimeType: string; data: string }
  thought?: boolean
  thoughtSignature?: string
}

const categories = [
  'HARM_CATEGORY_HARASSMENT',
  'HARM_CATEGORY_HATE_SPEECH',
  'HARM_CATEGORY_SEXUALLY_EXPLICIT',
  'HARM_CATEGORY_DANGEROUS_CONTENT',
  'HARM_CATEGORY_CIVIC_INTEGRITY',
  'HARM_CATEGORY_JAILBREAK',
  'HARM_CATEGORY_IMAGE_HATE',
  'HARM_CATEGORY_IMAGE_DANGEROUS_CONTENT',
  'HARM_CATEGORY_IMAGE_HARASSMENT',
  'HARM_CATEGORY_IMAGE_SEXUALLY_EXPLICIT',
]
const thresholds = [
  'BLOCK_LOW_AND_ABOVE',
  'BLOCK_MEDIUM_AND_ABOVE',
  'BLOCK_ONLY_HIGH',
  'BLOCK_NONE',
  'OFF',
]

const part = fields({
  text,
  inlineData: fields({ mimeType: text, data: base64 }, 'mimeType', 'data'),
  thought: flag,
  thoughtSignature: base64,
})

const content = fields({ role: text, parts: listOf(part) })

const safetySetting = fields(
  {
    category: oneOf('HarmCategory', categories),
    threshold: oneOf('HarmBlockThreshold', thresholds),
  },
  'category',
  'threshold',
)

const searchTypes = fields({ webSearch: fields({}), imageSearch: fields({}) })

const thinkingConfig = fields({
  thinkingLevel: oneOf('ThinkingLevel', ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH']),
  includeThoughts: flag,
})

const generationConfig = fields({
  temperature: between(0, 2),
  topP: between(0, 1),
  topK: int32,
  candidateCount: int32,
  maxOutputTokens: int32,
  stopSequences: listOf(text),
  seed: int32,
  presencePenalty: anything,
  frequencyPenalty: anything,
  responseModalities: listOf(oneOf('Modality', ['TEXT', 'IMAGE', 'AUDIO'])),
  responseMimeType: text,
  responseSchema: anything,
  responseJsonSchema: anything,
  mediaResolution: text,
  speechConfig: anything,
  thinkingConfig,
  imageConfig: fields({ aspectRatio: anything, imageSize: anything }),
})

/** Only the camelCase names: proto3 JSON takes snake_case too, our client must not rely on it. */
export const checkContentBody: Check = fields({
  contents: listOf(content),
  systemInstruction: content,
  safetySettings: listOf(safetySetting),
  tools: listOf(fields({ googleSearch: fields({ searchTypes }) })),
  toolConfig: anything,
  generationConfig,
  cachedContent: text,
  serviceTier: text,
  labels: anything,
  store: flag,
})
