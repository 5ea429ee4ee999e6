import { createHash } from 'node:crypto'
import type { Failure } from './failure.ts'
import type { Question } from './question.ts'

/** What goes over the socket. */
export interface Answer {
  status: number
  contentType: string
  body: string
  /** `half` and `reset` break the connection, `hang` never answers. */
  delivery: 'whole' | 'half' | 'reset' | 'hang'
}

export interface InlineImage {
  mimeType: string
  bytes: Buffer
}

export type Part = Readonly<Record<string, unknown>>

interface Candidate {
  parts?: readonly Part[]
  finishReason: string
  finishMessage?: string
}

const jsonType = 'application/json; charset=UTF-8'
const thoughtTokens = 240
const charactersPerToken = 4

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, contentType: jsonType, body: JSON.stringify(value), delivery: 'whole' }
}

export function failureAnswer(failure: Failure): Answer {
  return jsonAnswer(failure.code, { error: failure })
}

export function htmlAnswer(status: number, title: string): Answer {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return { status, contentType: 'text/html; charset=UTF-8', body, delivery: 'whole' }
}

/** A part that holds an image; the signature is what a follow-up request would have to send back. */
export function imagePart({ mimeType, bytes }: InlineImage): Part {
  const thoughtSignature = createHash('sha512').update(bytes.subarray(0, 4096)).digest('base64')
  return { inlineData: { mimeType, data: bytes.toString('base64') }, thoughtSignature }
}

export function promptTokens(question: Question): number {
  return Math.ceil(question.prompt.length / charactersPerToken)
}

function usage(question: Question, candidateTokens: number, modality: 'IMAGE' | 'TEXT'): object {
  const prompt = promptTokens(question)
  const counted = {
    promptTokenCount: prompt,
    totalTokenCount: prompt + candidateTokens + thoughtTokens,
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    thoughtsTokenCount: thoughtTokens,
  }
  if (candidateTokens === 0) return counted
  const candidatesTokensDetails = [{ modality, tokenCount: candidateTokens }]
  return { ...counted, candidatesTokenCount: candidateTokens, candidatesTokensDetails }
}

function responseId(question: Question): string {
  return createHash('sha1').update(question.prompt).digest('base64url').slice(0, 22)
}

function contentAnswer(question: Question, candidate: Candidate, usageMetadata: object): Answer {
  const { parts, ...finish } = candidate
  const content = { role: 'model', ...(parts === undefined ? {} : { parts }) }
  return jsonAnswer(200, {
    candidates: [{ content, ...finish, index: 0 }],
    usageMetadata,
    modelVersion: question.modelId,
    responseId: responseId(question),
  })
}

export function imageAnswer(question: Question, parts: readonly Part[]): Answer {
  const usageMetadata = usage(question, question.imageTokens, 'IMAGE')
  return contentAnswer(question, { parts, finishReason: 'STOP' }, usageMetadata)
}

export function textAnswer(question: Question): Answer {
  const text = 'I can describe that picture for you: it would be a lovely one.'
  const candidate = { parts: [{ text }], finishReason: 'STOP' }
  return contentAnswer(question, candidate, usage(question, 15, 'TEXT'))
}

export function blockedAnswer(question: Question, finishReason: string): Answer {
  const finishMessage =
    'Unable to show the generated image. The prompt could not be submitted. If you think this was an ' +
    'error, send feedback. Support code: 42876398.'
  return contentAnswer(question, { finishReason, finishMessage }, usage(question, 0, 'IMAGE'))
}

export function promptBlockedAnswer(question: Question): Answer {
  const tokens = promptTokens(question)
  return jsonAnswer(200, {
    promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
    usageMetadata: {
      promptTokenCount: tokens,
      totalTokenCount: tokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }],
    },
    modelVersion: question.modelId,
    responseId: responseId(question),
  })
}
