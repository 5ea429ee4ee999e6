import { hash } from 'node:crypto'
import { blockedMessage, type Dialect } from './dialect.ts'
import type { InteractionQuestion } from './interactionRequest.ts'
import type { Memory } from './memory.ts'
import type { TokenCount } from './question.ts'
import { countPieces, countPrompt, countUsage, type Piece, type Usage } from './result.ts'
import { imageSource, search, searchSuggestions, webSource } from './search.ts'
import { signatureOf } from './signature.ts'

function idOf({ identity }: InteractionQuestion): string {
  return `v1_${hash('sha256', identity, 'base64url')}`
}

function contentOf(piece: Piece): object {
  if (piece.kind === 'text') return { type: 'text', text: piece.text }
  return { type: 'image', mime_type: piece.mimeType, data: piece.bytes.toString('base64') }
}

function cite(piece: Piece, { searches }: InteractionQuestion): object {
  if (piece.kind === 'image' || searches.length === 0) return contentOf(piece)
  const annotations = searches.map((type) => ({
    type: 'url_citation',
    url: type === 'web' ? webSource.uri : imageSource.sourceUri,
    title: type === 'web' ? webSource.title : imageSource.title,
    start_index: 0,
    end_index: Buffer.byteLength(piece.text),
  }))
  return { ...contentOf(piece), annotations }
}

function searchSteps({ searches, prompt, identity }: InteractionQuestion): object[] {
  return search(searches, prompt).flatMap((result) => {
    const id = hash('sha1', `${identity} ${result.type}`).slice(0, 8)
    const call = {
      type: 'google_search_call',
      id,
      search_type: `${result.type}_search`,
      arguments: { queries: result.queries },
      signature: signatureOf(`call ${id}`),
    }
    const answer = {
      type: 'google_search_result',
      call_id: id,
      is_error: false,
      result: [{ search_suggestions: searchSuggestions([result]) }],
      signature: signatureOf(`result ${id}`),
    }
    return [call, answer]
  })
}

/** One group for each picture, with the texts before it; texts at the end are a group as well. */
function groupByPicture(pieces: readonly Piece[]): Piece[][] {
  const groups: Piece[][] = []
  for (const piece of pieces) {
    const last = groups.at(-1)
    if (last === undefined || last.at(-1)?.kind === 'image') groups.push([piece])
    else last.push(piece)
  }
  return groups
}

function thoughtSteps(summary: readonly Piece[], signature: string | undefined): object[] {
  if (summary.length === 0 && signature === undefined) return []
  return [
    {
      type: 'thought',
      ...(signature === undefined ? {} : { signature }),
      ...(summary.length === 0 ? {} : { summary: summary.map(contentOf) }),
    },
  ]
}

function stepsOf(question: InteractionQuestion, pieces: readonly Piece[]): object[] {
  const thoughts = pieces.filter(({ thought }) => thought)
  const groups = groupByPicture(pieces.filter(({ thought }) => !thought))
  return groups.flatMap((group, index) => [
    ...thoughtSteps(index === 0 ? thoughts : [], group.at(-1)?.signature),
    ...(index === 0 ? searchSteps(question) : []),
    { type: 'model_output', content: group.map((piece) => cite(piece, question)) },
  ])
}

function byModality({ text, image }: TokenCount): object[] {
  return [
    { modality: 'text', tokens: text },
    { modality: 'image', tokens: image },
  ].filter(({ tokens }) => tokens > 0)
}

function usageOf({ input, output, thoughts, total }: Usage, count: number): object {
  return {
    total_tokens: total,
    total_input_tokens: input.text + input.image,
    input_tokens_by_modality: byModality(input),
    total_output_tokens: output.text + output.image,
    output_tokens_by_modality: byModality(output),
    total_thought_tokens: thoughts,
    ...(count === 0 ? {} : { grounding_tool_count: [{ type: 'google_search', count }] }),
  }
}

function headOf(question: InteractionQuestion, status: string): object {
  const created = new Date().toISOString()
  return { id: idOf(question), status, model: question.modelId, created }
}

/** What the next interaction has to read. */
function contextOf(
  { input, inputImageTokens }: InteractionQuestion,
  pieces: readonly Piece[],
): TokenCount {
  const output = countPieces(pieces, inputImageTokens)
  return { text: input.text + output.text, image: input.image + output.image }
}

/** How Interactions answers; what it answers is stored, unless the request says otherwise. */
export function interactionDialect(question: InteractionQuestion, memory: Memory): Dialect {
  const fail = (code: string, message: string, usage: Usage): object => ({
    ...headOf(question, 'failed'),
    errors: [{ code, message }],
    usage: usageOf(usage, 0),
  })
  return {
    result: (pieces) => {
      if (question.stores) memory.remember(idOf(question), contextOf(question, pieces))
      return {
        ...headOf(question, 'completed'),
        steps: stepsOf(question, pieces),
        usage: usageOf(countUsage(question, pieces), question.searches.length),
      }
    },
    blocked: (reason) => fail(reason, blockedMessage, countUsage(question, [])),
    promptBlocked: (reason) => fail(reason, 'The prompt was blocked.', countPrompt(question)),
    opening: '{"id":"v1_","status":',
  }
}
