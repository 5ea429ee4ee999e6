import type { Failure } from './failure.ts'
import type { Bill } from './result.ts'

/** What goes over the socket. */
export interface Answer {
  status: number
  contentType: string
  body: string
  headers?: Readonly<Record<string, string>>
  /** `half` and `reset` break the connection, `hang` never answers. */
  delivery: 'whole' | 'half' | 'reset' | 'hang'
  /** What Google would charge for it. */
  bill?: Bill
}

const jsonType = 'application/json; charset=UTF-8'

export function jsonAnswer(status: number, value: unknown): Answer {
  return { status, contentType: jsonType, body: JSON.stringify(value), delivery: 'whole' }
}

export function doneAnswer(body: string): Answer {
  return { ...jsonAnswer(200, null), body }
}

export function failureAnswer(failure: Failure): Answer {
  return jsonAnswer(failure.code, { error: failure })
}

export function htmlAnswer(status: number, title: string): Answer {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return { status, contentType: 'text/html; charset=UTF-8', body, delivery: 'whole' }
}

/** Never an answer. */
export const silence: Answer = { status: 0, contentType: '', body: '', delivery: 'hang' }
