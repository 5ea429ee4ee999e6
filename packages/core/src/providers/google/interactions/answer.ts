import { z } from 'zod'
import type {
  Citation,
  Grounding,
  GroundingSource,
  ProviderResult,
  ResultPart,
} from '../../provider.ts'
import { toTokenCount, type TokenCount } from '../../models/price.ts'
import {
  count,
  imageTokens,
  list,
  optional,
  text,
  chooseParts,
  pictureBytes,
  isWebAddress,
} from '../../lenient.ts'
import { BLOCK_REASONS, FINISH_REASONS } from '../reasons.ts'
import { badAnswer, refusal, type RefusalFacts } from '../refusal.ts'
import { offset, toCitations } from '../citations.ts'
import { pictureMark } from '../transport.ts'

const content = z.looseObject({
  type: text,
  text,
  mime_type: text,
  data: text,
  uri: text,
  annotations: optional(list(z.looseObject({ url: text, title: text }))),
})
type Content = z.infer<typeof content>

const status = z.object({ code: z.unknown().optional(), message: text })
const step = z.looseObject({
  type: text,
  content: optional(list(content)),
  summary: optional(list(content)),
  arguments: optional(z.looseObject({ queries: optional(list(z.string())) })),
  result: optional(list(z.looseObject({ search_suggestions: text }))),
  error: optional(status),
})
type Step = z.infer<typeof step>

/** Google's answer, read leniently. */
const answerSchema = z.object({
  id: text,
  status: text,
  model: text,
  steps: list(step),
  errors: list(status),
  usage: optional(
    z.object({
      total_input_tokens: count,
      total_output_tokens: count,
      total_thought_tokens: count,
      total_tool_use_tokens: count,
      output_tokens_by_modality: list(z.object({ modality: text, tokens: count })),
      grounding_tool_count: optional(list(z.object({ count }))),
    }),
  ),
})
type Answer = z.infer<typeof answerSchema>

/** The way to a picture. An answer that holds neither, and has something else there, cannot be read. */
const skeleton = z.object({
  steps: z.array(z.object({ content: z.array(z.unknown()).nullish() })).nullish(),
})

interface Asked {
  readonly askedModel: string
  readonly isOfSeveral: boolean
  /** Whether text is wanted, and no picture. @default false */
  readonly isOfText?: boolean | undefined
  /** Whether Google keeps the interaction, so that its id is worth keeping. */
  readonly isStored: boolean
}

/**
 * The pictures in an interaction: image content of its `model_output` steps, whatever its status says. Where text is
 * wanted, the text of those of an interaction that has come to its end.
 * @throws {PictureRefusal} `BLOCKED`, `NO_IMAGE` or `NO_TEXT`, with Google's own reason.
 * @throws {GeminiImageError} `BAD_ANSWER` where it is no interaction at all.
 */
export function readInteraction(json: unknown, asked: Asked): ProviderResult {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success) throw noInteraction()
  const answer = parsed.data
  const { steps } = answer
  const { isOfText = false } = asked
  const grounding = readGrounding(steps)
  const searches = countSearches(answer, grounding)
  const given = steps.filter(isOutput).flatMap(contentOf)
  const tokens = countTokens(answer, isOfText && !given.some(isPicture))
  const isResult = isOfText ? isText : isPicture
  const isWhole = (answer.status ?? 'completed') === 'completed'
  if (!given.some(isResult) || (isOfText && !isWhole)) {
    if (!skeleton.safeParse(json).success) throw noInteraction()
    const drafts = steps.filter(isThought).flatMap(summaryOf).filter(isPicture)
    const model = answer.model || asked.askedModel
    const draft = { parts: drafts.map(toResult), model, ...(grounding && { grounding }) }
    throw toRefusal(answer, { tokens, searches, isOfText, draft })
  }
  const { kept, others } = chooseParts(given, isPicture, asked)
  const thoughts = steps.filter(isThought).flatMap(summaryOf)
  return {
    parts: kept.map(toResult),
    ...(others.length > 0 && { others: others.map(toResult) }),
    ...(thoughts.length > 0 && { thoughts: thoughts.map(toResult) }),
    ...(grounding && { grounding }),
    replay: {
      api: 'interactions',
      items: toItems(steps, kept.filter(isPicture)),
      ...(asked.isStored && answer.id !== undefined && { id: answer.id }),
    },
    model: answer.model || asked.askedModel,
    tokens,
    searches,
  }
}

function noInteraction(): ReturnType<typeof badAnswer> {
  return badAnswer('it is not shaped like an interaction')
}

function isThought({ type }: Step): boolean {
  return type === 'thought'
}

function isOutput({ type }: Step): boolean {
  return type === undefined || type === 'model_output'
}

function contentOf({ content: all = [] }: Step): readonly Content[] {
  return all.filter((one) => isPicture(one) || Boolean(one.text))
}

function summaryOf({ summary = [] }: Step): readonly Content[] {
  return contentOf({ content: summary })
}

function isPicture({ type, data }: Content): boolean {
  return Boolean(data) && (type === undefined || type === 'image')
}

function isText(one: Content): boolean {
  return !isPicture(one) && Boolean(one.text?.trim())
}

function toText({ text: words = '' }: Content): string {
  return words
}

function toResult(one: Content): ResultPart {
  const { data = '', mime_type: claimedType } = one
  return isPicture(one) ? { bytes: pictureBytes(data), claimedType } : { text: toText(one) }
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

/** @param isAllText Whether its output can be nothing but text. */
function countTokens({ usage }: Answer, isAllText: boolean): TokenCount | undefined {
  if (!usage) return undefined
  return toTokenCount({
    input: (usage.total_input_tokens ?? 0) + (usage.total_tool_use_tokens ?? 0),
    output: usage.total_output_tokens ?? 0,
    image: isAllText
      ? 0
      : imageTokens(
          usage.output_tokens_by_modality.map(({ modality, tokens }) => [modality, tokens]),
        ),
    thoughts: usage.total_thought_tokens ?? 0,
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
  const all = [...new Map(sources.map((source) => [source.url, source])).values()]
  const citations = citationsOf(steps, all)
  return {
    ...(suggestions.length > 0 && { searchSuggestions: suggestions.join('\n') }),
    sources: all,
    queries: calls.flatMap(({ arguments: { queries = [] } = {} }) => queries),
    ...(citations.length > 0 && { citations }),
  }
}

function citationsOf(
  steps: readonly Step[],
  sources: readonly GroundingSource[],
): readonly Citation[] {
  const output = steps.filter(isOutput).flatMap(contentOf)
  const texts = output.filter((one) => !isPicture(one))
  const cited = texts.flatMap(({ annotations = [] }, number) =>
    annotations.map(({ url, start_index: start, end_index: end }) => ({
      text: number,
      start: offset.parse(start),
      end: offset.parse(end),
      sources: sources.flatMap((source, index) => (source.url === url ? index : [])),
    })),
  )
  return toCitations(texts.map(toText), cited)
}

function countSearches({ usage }: Answer, grounding: Grounding | undefined): number {
  const counted = usage?.grounding_tool_count
  if (counted) return counted.reduce((sum, { count: one = 0 }) => sum + one, 0)
  return grounding ? Math.max(1, grounding.queries.length) : 0
}

function toRefusal(
  { steps, errors, status: state }: Answer,
  came: Pick<RefusalFacts, 'tokens' | 'searches' | 'isOfText' | 'draft'>,
): ReturnType<typeof refusal> {
  const [first] = [...errors, ...steps.flatMap(({ error }) => error ?? [])]
  const code = typeof first?.code === 'string' ? first.code.toUpperCase() : undefined
  const output = steps.filter(isOutput)
  return refusal({
    reason: code ?? (state === 'completed' ? 'STOP' : state),
    isPromptBlocked: code !== undefined && !(code in FINISH_REASONS) && code in BLOCK_REASONS,
    message: first?.message,
    text: output.flatMap(contentOf).find((one) => one.text)?.text,
    link: output.flatMap(({ content: all = [] }) => all).find(({ uri }) => uri)?.uri,
    ...came,
  })
}
