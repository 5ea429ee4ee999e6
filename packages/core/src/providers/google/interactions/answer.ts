import { z } from 'zod'
import type { Grounding, GroundingSource } from '../../answer.ts'
import { toTokenCount, type TokenCount } from '../../models/price.ts'
import { onlyLastPicture } from '../only-last.ts'
import type { ProviderResult, ResultPart } from '../../provider.ts'
import { BLOCK_REASONS, FINISH_REASONS } from '../reasons.ts'
import { badAnswer, refusal } from '../../refusal.ts'
import { pictureMark } from '../replay.ts'
import { isWebAddress } from '../../web-address.ts'

const content = z.looseObject({
  type: z.string().optional(),
  text: z.string().optional(),
  mime_type: z.string().optional(),
  data: z.string().optional(),
  annotations: z
    .array(z.looseObject({ url: z.string().optional(), title: z.string().optional() }))
    .optional(),
})
type Content = z.infer<typeof content>

const status = z.object({ code: z.unknown().optional(), message: z.string().optional() })
const step = z.looseObject({
  type: z.string().optional(),
  content: z.array(content).optional(),
  summary: z.array(content).optional(),
  arguments: z.looseObject({ queries: z.array(z.string()).optional() }).optional(),
  result: z.array(z.looseObject({ search_suggestions: z.string().optional() })).optional(),
  error: status.optional(),
})
type Step = z.infer<typeof step>

const byModality = z
  .array(z.object({ modality: z.string().optional(), tokens: z.number().optional() }))
  .optional()

/** Google's answer, read leniently: every field may be absent, and unknown ones are ignored. */
const answerSchema = z.object({
  id: z.string().optional(),
  status: z.string().optional(),
  model: z.string().optional(),
  steps: z.array(step).optional(),
  errors: z.array(status).optional(),
  usage: z
    .object({
      total_input_tokens: z.number().optional(),
      total_output_tokens: z.number().optional(),
      total_thought_tokens: z.number().optional(),
      total_tool_use_tokens: z.number().optional(),
      output_tokens_by_modality: byModality,
      grounding_tool_count: z.array(z.object({ count: z.number().optional() })).optional(),
    })
    .optional(),
})
type Answer = z.infer<typeof answerSchema>

/** What was asked for. */
export interface Asked {
  readonly askedModel: string
  readonly withText: boolean
  /** Whether Google keeps the interaction, so that its id is worth keeping. */
  readonly isStored: boolean
}

/**
 * The pictures in an interaction: image content of its `model_output` steps.
 * @throws {PictureRefusal} `BLOCKED` or `NO_IMAGE`, with Google's own reason.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is no interaction at all.
 */
export function readInteraction(json: unknown, asked: Asked): ProviderResult {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success) throw badAnswer('it is not shaped like an interaction')
  const answer = parsed.data
  const steps = answer.steps ?? []
  const tokens = countTokens(answer)
  const grounding = readGrounding(steps)
  const searches = countSearches(answer, grounding)
  const given = steps.filter(({ type }) => type === 'model_output').flatMap(contentOf)
  const isDone = answer.status === undefined || answer.status === 'completed'
  if (!isDone || !given.some(isPicture)) throw toRefusal(answer, tokens, searches)
  const kept = asked.withText ? given : onlyLastPicture(given, isPicture)
  const thoughts = steps.filter(({ type }) => type === 'thought').flatMap(summaryOf)
  return {
    parts: kept.map(toResult),
    ...(thoughts.length > 0 && { thoughts: thoughts.map(toResult) }),
    ...(grounding && { grounding }),
    replay: {
      api: 'interactions',
      items: toItems(steps, kept.filter(isPicture)),
      ...(asked.isStored && answer.id !== undefined && { id: answer.id }),
    },
    model: answer.model ?? asked.askedModel,
    tokens,
    searches,
  }
}

function contentOf({ content: all = [] }: Step): readonly Content[] {
  return all.filter((one) => isPicture(one) || (one.text !== undefined && one.text !== ''))
}

function summaryOf({ summary = [] }: Step): readonly Content[] {
  return contentOf({ content: summary })
}

function isPicture({ type, data }: Content): boolean {
  return type === 'image' && data !== undefined
}

function toResult({ text = '', data, mime_type: claimedType }: Content): ResultPart {
  return data === undefined ? { text } : { bytes: Buffer.from(data, 'base64'), claimedType }
}

/** The steps as they go back: without summaries, and with marks in the place of pictures. */
function toItems(steps: readonly Step[], pictures: readonly Content[]): readonly unknown[] {
  return steps.map(({ summary: _summary, content: all, ...rest }) => {
    if (!all) return rest
    const marked = all
      .filter((one) => !isPicture(one) || pictures.includes(one))
      .map((one) => (isPicture(one) ? pictureMark(pictures.indexOf(one)) : one))
    return { ...rest, content: marked }
  })
}

function countTokens({ usage }: Answer): TokenCount {
  const details = usage?.output_tokens_by_modality ?? []
  const pictures = details.filter(({ modality }) => modality?.toLowerCase() === 'image')
  return toTokenCount({
    input: (usage?.total_input_tokens ?? 0) + (usage?.total_tool_use_tokens ?? 0),
    output: usage?.total_output_tokens ?? 0,
    image:
      details.length > 0 ? pictures.reduce((sum, { tokens = 0 }) => sum + tokens, 0) : undefined,
    thoughts: usage?.total_thought_tokens ?? 0,
  })
}

function readGrounding(steps: readonly Step[]): Grounding | undefined {
  const calls = steps.filter(({ type }) => type === 'google_search_call')
  const results = steps.filter(({ type }) => type === 'google_search_result')
  if (calls.length + results.length === 0) return undefined
  const suggestions = results
    .flatMap(({ result = [] }) => result)
    .flatMap(({ search_suggestions: html }) => html ?? [])
  const annotations = steps
    .flatMap(({ content: all = [] }) => all)
    .flatMap(({ annotations: notes = [] }) => notes)
  const sources = annotations.flatMap(({ url, title }): GroundingSource[] =>
    url === undefined || !isWebAddress(url) ? [] : [{ url, ...(title !== undefined && { title }) }],
  )
  return {
    ...(suggestions.length > 0 && { searchSuggestions: suggestions.join('\n') }),
    sources: [...new Map(sources.map((source) => [source.url, source])).values()],
    queries: calls.flatMap(({ arguments: { queries = [] } = {} }) => queries),
  }
}

function countSearches({ usage }: Answer, grounding: Grounding | undefined): number {
  const counted = usage?.grounding_tool_count
  if (counted) return counted.reduce((sum, { count = 0 }) => sum + count, 0)
  return grounding ? Math.max(1, grounding.queries.length) : 0
}

function toRefusal(
  answer: Answer,
  tokens: TokenCount,
  searches: number,
): ReturnType<typeof refusal> {
  const steps = answer.steps ?? []
  const errors = [...(answer.errors ?? []), ...steps.flatMap(({ error }) => error ?? [])]
  const [first] = errors
  const code = typeof first?.code === 'string' ? first.code.toUpperCase() : undefined
  const other = answer.status === 'completed' ? 'STOP' : answer.status
  return refusal({
    reason: code ?? other,
    isPromptBlocked: code !== undefined && !(code in FINISH_REASONS) && code in BLOCK_REASONS,
    message: first?.message,
    text: steps.flatMap(contentOf).find(({ text }) => text)?.text,
    tokens,
    searches,
  })
}
