import { hash } from 'node:crypto'
import { blockedMessage, type Dialect } from './dialect.ts'
import type { Question, TokenCount } from './question.ts'
import { countPrompt, countUsage, type Piece, type Usage } from './result.ts'
import { imageSource, search, searchSuggestions, webSource } from './search.ts'

interface Candidate {
  parts?: readonly object[]
  finishReason: string
  finishMessage?: string
}

function partOf(piece: Piece): object {
  const content =
    piece.kind === 'text'
      ? { text: piece.text }
      : { inlineData: { mimeType: piece.mimeType, data: piece.bytes.toString('base64') } }
  return {
    ...content,
    ...(piece.thought ? { thought: true } : {}),
    ...(piece.signature === undefined ? {} : { thoughtSignature: piece.signature }),
  }
}

function modalities({ text, image }: TokenCount): object[] {
  return [
    { modality: 'TEXT', tokenCount: text },
    { modality: 'IMAGE', tokenCount: image },
  ].filter(({ tokenCount }) => tokenCount > 0)
}

function usageOf({ input, output, thoughts, total }: Usage): object {
  const candidatesTokenCount = output.text + output.image
  return {
    promptTokenCount: input.text + input.image,
    promptTokensDetails: modalities(input),
    totalTokenCount: total,
    ...(thoughts === 0 ? {} : { thoughtsTokenCount: thoughts }),
    ...(candidatesTokenCount === 0
      ? {}
      : { candidatesTokenCount, candidatesTokensDetails: modalities(output) }),
  }
}

/** Which words rest on which sources. Zeros are left out, as everywhere in Google's JSON. */
function supports(searches: Question['searches'], pieces: readonly Piece[]): object {
  const partIndex = pieces.findIndex(({ kind, thought }) => kind === 'text' && !thought)
  const piece = pieces[partIndex]
  if (piece?.kind !== 'text') return {}
  const { text } = piece
  const segment = { ...(partIndex > 0 && { partIndex }), endIndex: Buffer.byteLength(text), text }
  return {
    groundingSupports: [{ segment, groundingChunkIndices: searches.map((_, index) => index) }],
  }
}

function grounding({ searches, prompt }: Question, pieces: readonly Piece[]): object {
  if (searches.length === 0) return {}
  const results = search(searches, prompt)
  const queries = (type: string) =>
    results.filter((it) => it.type === type).flatMap((it) => it.queries)
  const groundingMetadata = {
    searchEntryPoint: { renderedContent: searchSuggestions(results) },
    ...(searches.includes('web') ? { webSearchQueries: queries('web') } : {}),
    ...(searches.includes('image') ? { imageSearchQueries: queries('image') } : {}),
    groundingChunks: searches.map((type) =>
      type === 'web' ? { web: webSource } : { image: imageSource },
    ),
    ...supports(searches, pieces),
  }
  return { groundingMetadata }
}

function trailer({ modelId, identity }: Question): object {
  return { modelVersion: modelId, responseId: hash('sha1', identity, 'base64url').slice(0, 22) }
}

function contentBody(question: Question, candidate: Candidate, pieces: readonly Piece[]): object {
  const { parts, ...finish } = candidate
  const content = { role: 'model', ...(parts === undefined ? {} : { parts }) }
  return {
    candidates: [
      { content, ...finish, index: 0, ...(parts === undefined ? {} : grounding(question, pieces)) },
    ],
    usageMetadata: usageOf(countUsage(question, pieces)),
    ...trailer(question),
  }
}

/** How generateContent answers. */
export function contentDialect(question: Question): Dialect {
  return {
    result: (pieces) =>
      contentBody(question, { parts: pieces.map(partOf), finishReason: 'STOP' }, pieces),
    blocked: (finishReason) =>
      contentBody(question, { finishReason, finishMessage: blockedMessage }, []),
    promptBlocked: (blockReason) => ({
      promptFeedback: { blockReason },
      usageMetadata: usageOf(countPrompt(question)),
      ...trailer(question),
    }),
    opening: '{"candidates":[{"content":',
  }
}
