import { DEFAULT_PROVIDER, findModel } from '@gemini-image/core/internal'
import type { Asked } from './guide.ts'

type Json = Record<string, unknown>

/** How a request of ours differs from a sample's, and why. */
export interface Difference {
  readonly id: string
  /** What the sample says, and what is sent here. */
  readonly what: string
  readonly why: string
  /** Holds for samples that name it alone. @default it holds for all */
  readonly isRare?: true
  /** Whether both ask for the same, in other letters. @default false */
  readonly isNotation?: true
  /** Makes of the sample's body what is sent here; leaves it alone where they do not differ. */
  rewrite(body: Json, asked: Asked): Json
}

const SPELLING: Difference = {
  id: 'spelling',
  isNotation: true,
  what: '`inline_data` in the place of `inlineData`, `responseFormat` of `response_format`, and the like',
  why: 'Google’s servers read both spellings of generateContent. The guide mixes those of its two APIs; here stands that of each API’s reference',
  rewrite: (body, { api }) => renamed(body, api === 'interactions' ? toSnake : toCamel) as Json,
}

const ROLE: Difference = {
  id: 'role',
  isNotation: true,
  what: 'no `role`; here `role: user`',
  why: 'the SDK says it as well',
  rewrite: (body, { api }) =>
    api === 'interactions'
      ? body
      : { ...body, contents: listOf(body['contents']).map((one) => ({ role: 'user', ...one })) },
}

const CASE: Difference = {
  id: 'case',
  isNotation: true,
  what: '`Image` and `High`; here `IMAGE` and `high`',
  why: 'the values of each API’s reference',
  rewrite: (body, { api }) => {
    if (api === 'interactions') {
      const { generation_config: config } = body
      if (!isJson(config)) return body
      const level = String(config['thinking_level']).toLowerCase()
      return { ...body, generation_config: { ...config, thinking_level: level } }
    }
    const { generationConfig } = body
    if (!isJson(generationConfig)) return body
    const { responseModalities: said } = generationConfig
    if (!Array.isArray(said)) return body
    const responseModalities = said.map((one) => String(one).toUpperCase())
    return { ...body, generationConfig: { ...generationConfig, responseModalities } }
  },
}

const INPUT: Difference = {
  id: 'input',
  isNotation: true,
  what: '`input` as a text, as a list of texts, or as the messages of the other API; here always a list of typed content',
  why: 'the SDKs of Python and JavaScript take more shapes than the API has',
  rewrite: (body, { api }) =>
    api === 'interactions' ? { ...body, input: toTyped(body['input']) } : body,
}

const FORMAT: Difference = {
  id: 'format',
  isNotation: true,
  what: '`response_format` under `image`, in a list of one, or as `response_modalities`; here one format',
  why: 'the guide writes it in four ways; this is the one of the API’s reference',
  rewrite: (body, { api }) => {
    if (api !== 'interactions') return body
    const { response_modalities: modalities, response_format: format, ...rest } = body
    if (modalities !== undefined) return { ...rest, response_format: { type: 'image' } }
    if (Array.isArray(format) && format.length === 1) return { ...rest, response_format: format[0] }
    if (!isJson(format) || !isJson(format['image'])) return body
    return { ...rest, response_format: { type: 'image', ...format['image'] } }
  },
}

const TOOL: Difference = {
  id: 'tool',
  isNotation: true,
  what: '`{ google_search: {} }`; here `{ type: google_search, search_types: [web_search] }`',
  why: 'tools of an interaction have a type, and a declaration says what is to be searched',
  rewrite: (body, { api }) => {
    const { tools } = body
    if (api !== 'interactions' || !Array.isArray(tools)) return body
    const [tool] = listOf(tools)
    const search = isJson(tool?.['google_search']) ? tool['google_search'] : (tool ?? {})
    const types = search['search_types'] ?? ['web_search']
    return { ...body, tools: [{ type: 'google_search', search_types: types }] }
  },
}

const SEARCH_STAYS: Difference = {
  id: 'search-stays',
  what: 'a second turn without the search of the first; here every turn may search',
  why: '`grounding` of a declaration holds for all of its turns, since the picture goes on showing what was looked up. A turn alone may have its own',
  isRare: true,
  rewrite: withSearch,
}

const SEARCH_FORGOTTEN: Difference = {
  id: 'search-forgotten',
  what: 'no tool, below a heading about searching (003:466); here there is',
  why: 'a slip of the guide: the same sample has it in REST (003:510) and in the other versions',
  isRare: true,
  rewrite: withSearch,
}

const ONE_PICTURE: Difference = {
  id: 'picture-alone',
  what: 'nothing about what the answer holds, which means text and picture; here the picture alone',
  why: 'a page shows the picture, and text costs tokens. `output: text-and-image` asks for both',
  rewrite: (body, { api }) => {
    if (api === 'interactions') return { response_format: { type: 'image' }, ...body }
    const { generationConfig = {} } = body
    return {
      ...body,
      generationConfig: { responseModalities: ['IMAGE'], ...(generationConfig as Json) },
    }
  },
}

const TEXT_WITH_SEARCH: Difference = {
  id: 'text-with-search',
  what: 'a search, and the picture alone as its answer; here text beside it',
  why: 'Google gives no picture where a search may not answer in text (003:464)',
  rewrite: (body, { api }) => {
    if (body['tools'] === undefined) return body
    if (api === 'interactions') {
      const { response_format: format } = body
      return Array.isArray(format) ? body : { ...body, response_format: [{ type: 'text' }, format] }
    }
    const config = body['generationConfig'] as Json
    return { ...body, generationConfig: { ...config, responseModalities: ['TEXT', 'IMAGE'] } }
  },
}

const RATIO: Difference = {
  id: 'ratio',
  what: 'no ratio; here 1:1, or that of the first image',
  why: 'a page knows the size of a picture before there is one. 1:1 is Google’s default, and for edits `aspectRatio: auto` is',
  rewrite: (body, { api }) => withShape(body, api, { snake: 'aspect_ratio', value: '1:1' }),
}

const SIZE: Difference = {
  id: 'size',
  what: 'no size; here 1K, where the model takes one',
  why: 'the same: 1K is Google’s default',
  rewrite: (body, { api, model }) =>
    findModel(model, DEFAULT_PROVIDER.catalogue)?.takesSize
      ? withShape(body, api, { snake: 'image_size', value: '1K' })
      : body,
}

const STORE: Difference = {
  id: 'store',
  what: 'nothing about `store`, which keeps interactions at Google; here `store: false`, or `true` with the option `serverState`',
  why: 'what a build goes on from stands in its lockfile',
  rewrite: (body, { api, declared }) =>
    api === 'interactions' ? { ...body, store: declared.serverState === true } : body,
}

/** In the order in which they are taken from a sample. */
export const DIFFERENCES: readonly Difference[] = [
  SPELLING,
  ROLE,
  CASE,
  INPUT,
  FORMAT,
  TOOL,
  SEARCH_STAYS,
  SEARCH_FORGOTTEN,
  ONE_PICTURE,
  TEXT_WITH_SEARCH,
  RATIO,
  SIZE,
  STORE,
]

/** What is sent here in place of a sample's body, and by what it differs. */
export function translate(
  body: object,
  asked: Asked,
): { readonly body: Json; readonly differs: readonly string[] } {
  const differs: string[] = []
  let now = JSON.parse(JSON.stringify(body)) as Json
  for (const { id, isRare, rewrite } of DIFFERENCES) {
    if (isRare && !asked.declared.differs?.includes(id)) continue
    const next = rewrite(now, asked)
    if (sorted(next) !== sorted(now)) differs.push(id)
    now = next
  }
  return { body: now, differs }
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    isJson(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  )
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value : []
}

function toCamel(key: string): string {
  return key.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase())
}

function toSnake(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** All keys of a value by their other names. */
function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, name))
  if (!isJson(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [name(key), renamed(one, name)]),
  )
}

function toTyped(input: unknown): readonly Json[] {
  const items = Array.isArray(input) ? input : [input]
  return items.flatMap((item: unknown) => {
    if (!isJson(item)) return [{ type: 'text', text: item }]
    if (Array.isArray(item['parts'])) return toTyped(item['parts'])
    if (isJson(item['inline_data'])) return [{ type: 'image', ...item['inline_data'] }]
    return [item['type'] === undefined ? { type: 'text', ...item } : item]
  })
}

function withSearch(body: Json, { api }: Asked): Json {
  const tool =
    api === 'interactions'
      ? { type: 'google_search', search_types: ['web_search'] }
      : { googleSearch: {} }
  return { ...body, tools: [tool] }
}

function withShape(
  body: Json,
  api: Asked['api'],
  { snake, value }: { readonly snake: string; readonly value: string },
): Json {
  const said = { [api === 'interactions' ? snake : toCamel(snake)]: value }
  if (api === 'interactions') {
    const { response_format: format } = body
    const formats = (Array.isArray(format) ? format : [format]) as readonly Json[]
    const shaped = formats.map((one) => (one['type'] === 'image' ? { ...said, ...one } : one))
    return { ...body, response_format: Array.isArray(format) ? shaped : shaped[0] }
  }
  const config = body['generationConfig'] as Json
  const image = config['imageConfig']
  return {
    ...body,
    generationConfig: { ...config, imageConfig: { ...said, ...(isJson(image) ? image : {}) } },
  }
}
