import {
  type Transport,
  expandItem,
  replayFor,
  sincePicture,
  type WireImage,
  seedOf,
  spoken,
} from '../transport.ts'
import { readAnswer } from './answer.ts'
import { isOfSeveral, isOfText, isWithText, lastTurn, type ImageRequest } from '../../request.ts'
import type { ProviderJob } from '../../provider.ts'

/**
 * `models.generateContent`: stateless, one POST a picture.
 * @see https://ai.google.dev/api/generate-content
 */
export const generateContent: Transport = {
  path: ({ model }) => `models/${model.id}:generateContent`,
  body: toBody,
  read: (json, { request, model }) =>
    readAnswer(json, {
      askedModel: model.id,
      isOfSeveral: isOfSeveral(request),
      isOfText: isOfText(request),
    }),
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
    readonly imageConfig?: ImageConfig
  }
}

interface ImageConfig {
  readonly aspectRatio: string
  readonly imageSize?: string
  // Vertex AI alone takes these.
  readonly personGeneration?: string
  readonly imageOutputOptions?: NonNullable<ImageRequest['imageOutputOptions']>
  readonly prominentPeople?: string
}

interface GoogleSearch {
  readonly searchTypes?: { readonly webSearch?: object; readonly imageSearch?: object }
}

/**
 * The body for one picture, or for the text that a later turn draws from.
 * @see https://ai.google.dev/api/generate-content
 */
export async function toBody(job: ProviderJob): Promise<GenerateContentBody> {
  const { request, keepThoughts } = job
  const { system, safety, temperature } = request
  const { grounding, thinking } = lastTurn(request)
  const seed = seedOf(request)
  return {
    contents: await toContents(job),
    ...(system !== undefined && { systemInstruction: message('user', [{ text: system }]) }),
    ...(safety && { safetySettings: toSafetySettings(safety) }),
    ...(grounding && { tools: [{ googleSearch: toGoogleSearch(grounding) }] }),
    generationConfig: {
      ...(temperature !== undefined && { temperature }),
      ...(seed !== undefined && { seed }),
      responseModalities: modalitiesOf(request),
      ...((thinking || keepThoughts) && {
        thinkingConfig: {
          ...(thinking && { thinkingLevel: thinking.toUpperCase() }),
          ...(keepThoughts && { includeThoughts: true as const }),
        },
      }),
      ...(!isOfText(request) && { imageConfig: toImageConfig(job) }),
    },
  }
}

function toImageConfig({ request, model }: ProviderJob): ImageConfig {
  const { aspectRatio, size } = lastTurn(request)
  const { personGeneration, imageOutputOptions, prominentPeople } = request
  return {
    aspectRatio,
    ...(model.takesSize && { imageSize: size }),
    ...(personGeneration && { personGeneration: `ALLOW_${constant(personGeneration)}` }),
    ...(imageOutputOptions && { imageOutputOptions }),
    ...(prominentPeople && { prominentPeople: `${constant(prominentPeople)}_PROMINENT_PEOPLE` }),
  }
}

function modalitiesOf(request: ProviderJob['request']): readonly string[] {
  if (isOfText(request)) return ['TEXT']
  return isWithText(request) ? ['TEXT', 'IMAGE'] : ['IMAGE']
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

/** An answer as it goes back; `undefined` where its signatures are not known, and it needs some. */
function toModelContent(answer: ProviderJob['history'][number]): Promise<BodyContent> | undefined {
  const replay = replayFor('generate-content', answer)
  if (!replay) return answer.text === undefined ? undefined : Promise.resolve(said(answer.text))
  const parts = replay.items.map((item) => expandItem(item, answer.images, toPart))
  return Promise.all(parts).then((all) => message('model', all as BodyPart[]))
}

function said(text: string): BodyContent {
  return message('model', [{ text }])
}

async function afterOtherApi(job: ProviderJob): Promise<readonly BodyContent[]> {
  const exchanges = await sincePicture(job)
  return exchanges.flatMap(({ before, asked }) => [
    ...(before === undefined ? [] : [said(before)]),
    message('user', asked.map(toPart)),
  ])
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
