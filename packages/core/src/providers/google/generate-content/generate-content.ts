import {
  type Transport,
  expandItem,
  lastPicture,
  replayFor,
  type WireImage,
  seedOf,
  spoken,
} from '../transport.ts'
import { readAnswer } from './answer.ts'
import { isOfSeveral, isWithText, lastTurn } from '../../request.ts'
import type { ProviderJob } from '../../provider.ts'

/**
 * `models.generateContent`: stateless, one POST a picture.
 * @see https://ai.google.dev/api/generate-content
 */
export const generateContent: Transport = {
  path: ({ model }) => `models/${model.id}:generateContent`,
  body: toBody,
  read: (json, { request, model }) =>
    readAnswer(json, { askedModel: model.id, isOfSeveral: isOfSeveral(request) }),
}

type BodyPart =
  | { readonly text: string }
  | { readonly inlineData: WireImage }
  | Readonly<Record<string, unknown>>

interface BodyContent {
  readonly parts: readonly BodyPart[]
  readonly role: 'user' | 'model'
}

/** A request body of `models.generateContent`, as far as we use it. */
interface GenerateContentBody {
  readonly contents: readonly BodyContent[]
  readonly systemInstruction?: BodyContent
  readonly safetySettings?: readonly { readonly category: string; readonly threshold: string }[]
  readonly tools?: readonly { readonly googleSearch: GoogleSearch }[]
  readonly generationConfig: {
    readonly temperature?: number
    readonly seed?: number
    readonly responseModalities: readonly string[]
    readonly thinkingConfig?: { readonly thinkingLevel?: string; readonly includeThoughts?: true }
    readonly imageConfig: { readonly aspectRatio: string; readonly imageSize?: string }
  }
}

interface GoogleSearch {
  readonly searchTypes?: { readonly webSearch?: object; readonly imageSearch?: object }
}

/**
 * The body for one picture.
 * @see https://ai.google.dev/api/generate-content
 */
export async function toBody(job: ProviderJob): Promise<GenerateContentBody> {
  const { request, model, keepThoughts } = job
  const { system, safety, temperature } = request
  const { aspectRatio, size, grounding, thinking } = lastTurn(request)
  const seed = seedOf(request)
  return {
    contents: await toContents(job),
    ...(system !== undefined && { systemInstruction: message('user', [{ text: system }]) }),
    ...(safety && { safetySettings: toSafetySettings(safety) }),
    ...(grounding && { tools: [{ googleSearch: toGoogleSearch(grounding) }] }),
    generationConfig: {
      ...(temperature !== undefined && { temperature }),
      ...(seed !== undefined && { seed }),
      responseModalities: isWithText(request) ? ['TEXT', 'IMAGE'] : ['IMAGE'],
      ...((thinking || keepThoughts) && {
        thinkingConfig: {
          ...(thinking && { thinkingLevel: thinking.toUpperCase() }),
          ...(keepThoughts && { includeThoughts: true as const }),
        },
      }),
      imageConfig: model.takesSize ? { aspectRatio, imageSize: size } : { aspectRatio },
    },
  }
}

function message(role: BodyContent['role'], parts: readonly BodyPart[]): BodyContent {
  return { parts, role }
}

function toPart(part: string | WireImage): BodyPart {
  return typeof part === 'string' ? { text: part } : { inlineData: part }
}

async function toContents(job: ProviderJob): Promise<readonly BodyContent[]> {
  const { request, history } = job
  const turns = request.turns ?? []
  const first = (await spoken(job, 0)).map(toPart)
  const replays = history.map(toModelContent)
  if (replays.some((replay) => replay === undefined)) return afterOtherApi(job)
  const contents = [message('user', first)]
  for (const index of turns.keys()) {
    const answer = await replays[index]
    if (answer) contents.push(answer)
    contents.push(message('user', (await spoken(job, index + 1)).map(toPart)))
  }
  return contents
}

/** An answer as it goes back; `undefined` where its signatures are not known. */
function toModelContent(answer: ProviderJob['history'][number]): Promise<BodyContent> | undefined {
  const replay = replayFor('generate-content', answer)
  if (!replay) return undefined
  const parts = replay.items.map((item) => expandItem(item, answer.images, toPart))
  return Promise.all(parts).then((all) => message('model', all as BodyPart[]))
}

/**
 * A picture of the model's own is refused without its signature; as a picture of the user's it is
 * not. What went before is not sent, since all of it is in the picture.
 */
async function afterOtherApi(job: ProviderJob): Promise<readonly BodyContent[]> {
  const { request, history } = job
  const parts = await spoken(job, request.turns?.length ?? 0, await lastPicture(history))
  return [message('user', parts.map(toPart))]
}

function toGoogleSearch({
  web,
  images,
}: NonNullable<ProviderJob['request']['grounding']>): GoogleSearch {
  if (!images) return {}
  return { searchTypes: { ...(web && { webSearch: {} }), imageSearch: {} } }
}

function toSafetySettings(
  safety: NonNullable<ProviderJob['request']['safety']>,
): NonNullable<GenerateContentBody['safetySettings']> {
  return Object.entries(safety).map(([category, threshold = 'off']) => ({
    category: `HARM_CATEGORY_${constant(category)}`,
    threshold: threshold === 'off' ? 'OFF' : `BLOCK_${constant(threshold)}`,
  }))
}

function constant(words: string): string {
  return words.replaceAll('-', '_').toUpperCase()
}
