import {
  type Transport,
  expandItem,
  replayFor,
  sincePicture,
  type WireImage,
  seedOf,
  spoken,
} from '../transport.ts'
import { readInteraction } from './answer.ts'
import { isOfSeveral, isOfText, isWithText, lastTurn } from '../../request.ts'
import type { PastAnswer, ProviderJob } from '../../provider.ts'

/**
 * The Interactions API: steps in, steps out.
 * @param serverState Whether Google stores each interaction, and turns go on from what it stores.
 * @see https://ai.google.dev/gemini-api/docs/interactions
 */
export function interactions(serverState: boolean): Transport {
  return {
    path: () => 'interactions',
    body: (job) => toBody(job, serverState),
    read: (json, { request, model }) =>
      readInteraction(json, {
        askedModel: model.id,
        isOfSeveral: isOfSeveral(request),
        isOfText: isOfText(request),
        isStored: serverState,
      }),
    withoutServerState: (job) => {
      const isRemembered = job.history.some(({ replay }) => replay?.id !== undefined)
      if (!serverState || !isRemembered) return undefined
      return { ...job, history: job.history.map(withoutId) }
    },
  }
}

function withoutId(answer: PastAnswer): PastAnswer {
  if (!answer.replay) return answer
  const { api, items } = answer.replay
  return { ...answer, replay: { api, items } }
}

type Content =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image'; readonly mime_type: string; readonly data: string }

type UserInput = { readonly type: 'user_input'; readonly content: readonly Content[] }

/** A request body of `interactions.create`, as far as we use it. */
interface InteractionBody {
  readonly model: string
  readonly input: readonly Content[] | readonly unknown[]
  readonly system_instruction?: string
  readonly previous_interaction_id?: string
  readonly response_format: Format | readonly Format[]
  readonly tools?: readonly { readonly type: string; readonly search_types: readonly string[] }[]
  readonly generation_config?: {
    readonly seed?: number
    readonly temperature?: number
    readonly thinking_level?: string
    readonly thinking_summaries?: 'auto'
  }
  readonly store: boolean
  readonly safety_settings?: readonly { readonly type: string; readonly threshold: string }[]
}

type Format =
  | { readonly type: 'text' }
  | {
      readonly type: 'image'
      readonly mime_type?: string
      readonly aspect_ratio: string
      readonly image_size?: string
    }

/**
 * The body for one picture, or for the text that a later turn draws from.
 * @see https://ai.google.dev/api/interactions-api
 */
async function toBody(job: ProviderJob, serverState: boolean): Promise<InteractionBody> {
  const { request, model } = job
  const { system, safety } = request
  const { grounding } = lastTurn(request)
  const config = toConfig(job)
  const previous = serverState ? job.history.at(-1)?.replay?.id : undefined
  return {
    model: model.id,
    ...(previous === undefined
      ? { input: await toInput(job) }
      : {
          input: (await spokenLast(job)).map(toContent),
          previous_interaction_id: previous,
        }),
    ...(system !== undefined && { system_instruction: system }),
    response_format: toFormat(job),
    ...(grounding && { tools: [toGoogleSearch(grounding)] }),
    ...(Object.keys(config).length > 0 && { generation_config: config }),
    store: serverState,
    ...(safety && { safety_settings: toSafetySettings(safety) }),
  }
}

function toFormat({ request, model }: ProviderJob): InteractionBody['response_format'] {
  const text: Format = { type: 'text' }
  if (isOfText(request)) return text
  const { aspectRatio, size, format, transparent } = lastTurn(request)
  // What is cut out must not be blurred before.
  const wanted = format ?? (transparent && 'png')
  const image: Format = {
    type: 'image',
    ...(wanted && { mime_type: `image/${wanted}` }),
    aspect_ratio: aspectRatio,
    ...(model.takesSize && { image_size: size }),
  }
  return isWithText(request) ? [text, image] : image
}

function toConfig({
  request,
  keepThoughts,
}: ProviderJob): NonNullable<InteractionBody['generation_config']> {
  const { temperature, thinking } = lastTurn(request)
  const seed = seedOf(request)
  return {
    ...(seed !== undefined && { seed }),
    ...(temperature !== undefined && { temperature }),
    ...(thinking && { thinking_level: thinking }),
    ...(keepThoughts && { thinking_summaries: 'auto' }),
  }
}

/** Content for one question; steps where a conversation went before. */
async function toInput(job: ProviderJob): Promise<InteractionBody['input']> {
  const { request, history } = job
  const first = (await spoken(job, 0)).map(toContent)
  const turns = request.turns ?? []
  if (turns.length === 0) return first
  const replays = history.map(itemsOf)
  if (replays.includes(undefined)) return afterOtherApi(job)
  const steps: unknown[] = [userInput(first)]
  for (const index of turns.keys()) {
    const images = history[index]?.images ?? []
    for (const item of replays[index] ?? []) {
      steps.push(await expandItem(item, images, toContent))
    }
    steps.push(userInput((await spoken(job, index + 1)).map(toContent)))
  }
  return steps
}

/** The steps of an answer as they go back; `undefined` where its signatures are not known, and it needs some. */
function itemsOf(answer: PastAnswer): readonly unknown[] | undefined {
  const replay = replayFor('interactions', answer)
  return replay ? replay.items : answer.text === undefined ? undefined : [said(answer.text)]
}

function userInput(content: readonly Content[]): UserInput {
  return { type: 'user_input', content }
}

function said(text: string): {
  readonly type: 'model_output'
  readonly content: readonly Content[]
} {
  return { type: 'model_output', content: [{ type: 'text', text }] }
}

function toContent(part: string | WireImage): Content {
  if (typeof part === 'string') return { type: 'text', text: part }
  return { type: 'image', mime_type: part.mimeType, data: part.data }
}

async function afterOtherApi(job: ProviderJob): Promise<InteractionBody['input']> {
  const exchanges = await sincePicture(job)
  const contents = exchanges.map(({ asked }) => asked.map(toContent))
  if (contents.length === 1) return contents[0] ?? []
  return exchanges.flatMap(({ before }, index) => [
    ...(before === undefined ? [] : [said(before)]),
    userInput(contents[index] ?? []),
  ])
}

function spokenLast(job: ProviderJob, between?: readonly WireImage[]): ReturnType<typeof spoken> {
  return spoken(job, job.request.turns?.length ?? 0, between)
}

function toGoogleSearch({
  web,
  images,
}: NonNullable<ProviderJob['request']['grounding']>): NonNullable<
  InteractionBody['tools']
>[number] {
  const types = [web && 'web_search', images && 'image_search'].filter((type) => type !== undefined)
  return { type: 'google_search', search_types: types as readonly string[] }
}

function toSafetySettings(
  safety: NonNullable<ProviderJob['request']['safety']>,
): NonNullable<InteractionBody['safety_settings']> {
  return Object.entries(safety).map(([category, threshold = 'off']) => ({
    type: category.replaceAll('-', '_'),
    threshold: threshold === 'off' ? 'off' : `block_${threshold.replaceAll('-', '_')}`,
  }))
}
