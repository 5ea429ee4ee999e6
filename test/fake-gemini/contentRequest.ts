import { refuseBody } from './check.ts'
import {
  checkContentBody,
  type Content,
  type ContentBody,
  type ContentPart,
} from './contentBody.ts'
import { invalidArgument, invalidSignature, missingSignature, type Failure } from './failure.ts'
import { refuseImage } from './inputImage.ts'
import { list, record } from './json.ts'
import type { FakeModel, SearchType } from './models.ts'
import {
  carryOver,
  readPicture,
  refuseExtras,
  textTokens,
  type Incoming,
  type Question,
} from './question.ts'
import { signatureOf } from './signature.ts'

/** All text of the body, instructions first, joined by line feeds. */
export function readContentPrompt(body: unknown): string {
  const { systemInstruction, contents } = record(body)
  return [systemInstruction, ...list(contents)]
    .flatMap((content) => list(record(content)['parts']))
    .map((part) => record(part)['text'])
    .filter((text) => typeof text === 'string')
    .join('\n')
}

function refuseRoles(contents: readonly Content[]): Failure | undefined {
  const roles = contents.map(({ role }) => role ?? 'user')
  if (roles.some((role) => role !== 'user' && role !== 'model')) {
    return invalidArgument('Please use a valid role: user, model.')
  }
  if (roles.some((role, index) => role === roles[index - 1])) {
    return invalidArgument(
      'Please ensure that multiturn requests alternate between user and model.',
    )
  }
  if (roles.at(-1) === 'user') return undefined
  return invalidArgument(
    'Please ensure that multiturn requests end with a user role or a function response.',
  )
}

function refusePart({ text, inlineData }: ContentPart, place: string): Failure | undefined {
  if (text !== undefined && inlineData !== undefined) {
    const problem = `oneof field 'data' is already set. Cannot set 'inlineData'`
    return invalidArgument(`Invalid value at '${place}' (oneof), ${problem}`)
  }
  if (inlineData !== undefined) {
    const { mimeType, data } = inlineData
    return refuseImage({ mimeType, bytes: Buffer.from(data, 'base64') })
  }
  if (text !== undefined) return undefined
  return invalidArgument(
    `* GenerateContentRequest.${place}.data: required oneof field 'data' must have one ` +
      'initialized field\n',
  )
}

function refuseSignature(
  { text, inlineData, thought, thoughtSignature }: ContentPart,
  at: readonly [content: number, part: number],
): Failure | undefined {
  if (text !== undefined && thought !== true && thoughtSignature !== undefined) {
    return thoughtSignature === signatureOf(text) ? undefined : invalidSignature()
  }
  if (inlineData === undefined || thought === true) return undefined
  if (thoughtSignature === undefined) return missingSignature(at[0] + 1, at[1] + 1)
  const issued = signatureOf(Buffer.from(inlineData.data, 'base64'))
  return thoughtSignature === issued ? undefined : invalidSignature()
}

/** Refuses messages that are no conversation. */
export function refuseContents(
  contents: readonly Content[],
  model: Pick<FakeModel, 'signs'>,
): Failure | undefined {
  if (contents.length === 0) {
    return invalidArgument('* GenerateContentRequest.contents: contents is not specified\n')
  }
  for (const [index, { role, parts = [] }] of contents.entries()) {
    const place = `contents[${index}].parts`
    if (parts.length === 0) {
      return invalidArgument(
        `* GenerateContentRequest.${place}: contents.parts must not be empty.\n`,
      )
    }
    const mustSign = model.signs && role === 'model'
    for (const [number, part] of parts.entries()) {
      const failure =
        refusePart(part, `${place}[${number}]`) ??
        (mustSign ? refuseSignature(part, [index, number]) : undefined)
      if (failure !== undefined) return failure
    }
  }
  return refuseRoles(contents)
}

function countImages(contents: readonly Content[]): number {
  return contents
    .flatMap(({ parts = [] }) => parts)
    .filter(({ inlineData }) => inlineData !== undefined).length
}

function readSearches({ tools = [] }: ContentBody): readonly SearchType[] {
  const searches = tools.flatMap(({ googleSearch }) => (googleSearch ? [googleSearch] : []))
  const types = searches.flatMap(({ searchTypes = {} }): SearchType[] => {
    if (searchTypes.imageSearch === undefined) return ['web']
    return searchTypes.webSearch === undefined ? ['image'] : ['web', 'image']
  })
  return [...new Set(types)]
}

/** Gemini draws nothing when IMAGE was not asked for, or when Search may not answer in text. */
function wantsImage(modalities: readonly string[], searches: readonly SearchType[]): boolean {
  if (modalities.length === 0) return true
  return modalities.includes('IMAGE') && (searches.length === 0 || modalities.includes('TEXT'))
}

/** Reads a generateContent request as strictly as Google does. */
export function readContentQuestion(incoming: Incoming<FakeModel>): Question | Failure {
  const { model, prompt } = incoming
  const strange = refuseBody(incoming.body, checkContentBody)
  if (strange !== undefined) return strange
  // The check has proven it.
  const body = incoming.body as ContentBody
  const { contents = [], generationConfig = {} } = body
  const { imageConfig = {}, thinkingConfig = {}, responseModalities = [] } = generationConfig
  const searches = readSearches(body)
  const refused =
    refuseContents(contents, model) ??
    refuseExtras(incoming, {
      thinkingLevel: thinkingConfig.thinkingLevel?.toLowerCase(),
      searches,
      inputImages: countImages(contents.filter(({ role }) => role !== 'model')),
    })
  if (refused !== undefined) return refused
  const picture = readPicture(model, imageConfig.aspectRatio, imageConfig.imageSize)
  if ('code' in picture) return picture
  return {
    ...carryOver(incoming),
    route: 'generateContent',
    type: model.type,
    signs: model.signs,
    ...picture,
    pictures: 1,
    input: { text: textTokens(prompt), image: countImages(contents) * model.inputImageTokens },
    wantsImage: wantsImage(responseModalities, searches),
    isOfText: responseModalities.length > 0 && responseModalities.every((it) => it === 'TEXT'),
    wantsText: responseModalities.includes('TEXT'),
    wantsThoughts: thinkingConfig.includeThoughts ?? false,
    searches,
  }
}
