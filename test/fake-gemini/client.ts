import { afterAll, afterEach, beforeAll } from 'vitest'
import { startFakeGemini, type FakeGemini } from './server.ts'

export const flash = 'gemini-3.1-flash-image'

/** A generateContent request, unless it says otherwise. */
export interface Call {
  model?: string
  prompt?: string
  image?: object
  body?: unknown
  key?: string | undefined
  path?: string
  url?: string
  signal?: AbortSignal
  redirect?: RequestRedirect
}

export interface Part {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  inlineData?: { mimeType: string; data: string }
}

export interface Reply {
  candidates?: {
    content: { role: string; parts?: Part[] }
    finishReason: string
    finishMessage?: string
    groundingMetadata?: Record<string, unknown>
  }[]
  usageMetadata?: Record<string, unknown>
  modelVersion?: string
  responseId?: string
  promptFeedback?: { blockReason: string }
  error?: { code: number; status: string; message: string; details?: Record<string, unknown>[] }
}

export interface Client {
  readonly fake: FakeGemini
  post(call?: Call): Promise<Response>
  ask<Body = Reply>(call?: Call): Promise<{ status: number; reply: Body }>
}

/** A server for the tests of a file; its log and faults are cleared after each. */
export function useFakeGemini(): Client {
  let fake: FakeGemini
  beforeAll(async () => {
    fake = await startFakeGemini()
  })
  afterEach(() => {
    fake.reset()
    fake.setLatency(0)
  })
  afterAll(() => fake.close())

  function post(call: Call = {}): Promise<Response> {
    const path = call.path ?? `/v1beta/models/${call.model ?? flash}:generateContent`
    const body = call.body ?? {
      contents: [{ role: 'user', parts: [{ text: call.prompt ?? 'a cat' }] }],
      generationConfig: { responseModalities: ['IMAGE'], imageConfig: call.image ?? {} },
    }
    const key = 'key' in call ? call.key : 'some-key'
    return fetch(`${call.url ?? fake.url}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === undefined ? {} : { 'x-goog-api-key': key }),
      },
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...(call.signal === undefined ? {} : { signal: call.signal }),
      redirect: call.redirect ?? 'follow',
    })
  }

  return {
    get fake() {
      return fake
    },
    post,
    ask: async (call) => {
      const response = await post(call)
      return { status: response.status, reply: JSON.parse(await response.text()) }
    },
  }
}

export function partsOf(reply: Reply): Part[] {
  return reply.candidates?.[0]?.content.parts ?? []
}

export function bytesOf(part: Part | undefined): Buffer {
  return Buffer.from(part?.inlineData?.data ?? '', 'base64')
}
