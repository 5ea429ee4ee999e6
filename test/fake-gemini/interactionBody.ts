import {
  anything,
  base64,
  between,
  fields,
  flag,
  int32,
  listOf,
  oneOf,
  tagged,
  text,
} from './check.ts'
import type { Check } from './check.ts'
import { record } from './json.ts'

/** An interaction request as far as it is read, once `checkInteractionBody` has found nothing. */
export interface InteractionBody {
  model: string
  input: string | Content | readonly Content[] | readonly Step[]
  response_format?: ResponseFormat | readonly ResponseFormat[]
  tools?: readonly { search_types?: readonly string[] }[]
  generation_config?: { thinking_level?: string; thinking_summaries?: string }
  store?: boolean
  previous_interaction_id?: string
}

export type Content = { type: 'text'; text: string } | ImageContent

export interface ImageContent {
  type: 'image'
  mime_type: string
  data: string
}

export interface Step {
  type: string
  content?: readonly Content[]
  signature?: string
  summary?: readonly Content[]
}

export interface ResponseFormat {
  type: 'image' | 'text'
  mime_type?: string
  aspect_ratio?: unknown
  image_size?: unknown
}

const categories = [
  'hate_speech',
  'dangerous_content',
  'harassment',
  'sexually_explicit',
  'civic_integrity',
  'image_hate',
  'image_dangerous_content',
  'image_harassment',
  'image_sexually_explicit',
  'jailbreak',
]
const thresholds = [
  'block_low_and_above',
  'block_medium_and_above',
  'block_only_high',
  'block_none',
  'off',
]

const type = text

const citation = fields({ type, url: text, title: text, start_index: int32, end_index: int32 })

const content = tagged({
  text: fields({ type, text, annotations: listOf(tagged({ url_citation: citation })) }, 'text'),
  image: fields({ type, mime_type: text, data: base64 }, 'mime_type', 'data'),
})

const step = tagged({
  user_input: fields({ type, content: listOf(content) }, 'content'),
  thought: fields({ type, signature: base64, summary: listOf(content) }),
  model_output: fields({ type, content: listOf(content) }, 'content'),
  google_search_call: fields(
    {
      type,
      id: text,
      search_type: oneOf('SearchType', ['web_search', 'image_search']),
      arguments: fields({ queries: listOf(text) }),
      signature: base64,
    },
    'id',
    'arguments',
  ),
  google_search_result: fields(
    {
      type,
      call_id: text,
      is_error: flag,
      result: listOf(fields({ search_suggestions: text })),
      signature: base64,
    },
    'call_id',
    'result',
  ),
})

const contentTypes: ReadonlySet<unknown> = new Set(['text', 'image'])

export function isContent(value: Content | Step): value is Content {
  return contentTypes.has(value.type)
}

/** A text, one content, contents or steps; the first one tells which. */
const input: Check = (value, place) => {
  if (typeof value === 'string') return undefined
  if (!Array.isArray(value)) return content(value, place)
  const holdsContents = contentTypes.has(record(value[0])['type'])
  return listOf(holdsContents ? content : step)(value, place)
}

const responseFormat = tagged({
  image: fields({
    type,
    mime_type: oneOf('MimeType', ['image/jpeg', 'image/png']),
    aspect_ratio: anything,
    image_size: anything,
    delivery: oneOf('Delivery', ['inline']),
  }),
  text: fields({ type, mime_type: oneOf('MimeType', ['text/plain']) }),
})

const tool = tagged({
  google_search: fields({
    type,
    search_types: listOf(oneOf('SearchType', ['web_search', 'image_search'])),
  }),
})

const generationConfig = fields({
  seed: int32,
  temperature: between(0, 2),
  top_p: between(0, 1),
  max_output_tokens: int32,
  stop_sequences: listOf(text),
  thinking_level: oneOf('ThinkingLevel', ['minimal', 'low', 'medium', 'high']),
  thinking_summaries: oneOf('ThinkingSummaries', ['auto', 'none']),
})

const safetySetting = fields(
  { type: oneOf('HarmCategory', categories), threshold: oneOf('Threshold', thresholds) },
  'type',
  'threshold',
)

export const checkInteractionBody: Check = fields(
  {
    model: text,
    input,
    system_instruction: text,
    response_format: (value, place) =>
      (Array.isArray(value) ? listOf(responseFormat) : responseFormat)(value, place),
    tools: listOf(tool),
    generation_config: generationConfig,
    safety_settings: listOf(safetySetting),
    store: flag,
    previous_interaction_id: text,
    stream: oneOf('TYPE_BOOL', [false]),
    background: oneOf('TYPE_BOOL', [false]),
    service_tier: text,
    labels: anything,
  },
  'model',
  'input',
)
