import { timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { isGeminiImageError } from '@gemini-image/core'
import type { PicturesApi } from 'unplugin-gemini-image/vite'
import { z } from 'astro/zod'
import { answer } from './actions.ts'
import type { ToolbarAnswer, ToolbarRequest } from './protocol.ts'

/** Where the toolbar asks, below the site's base. */
export const ENDPOINT = '@gemini-image/toolbar'
/** The header that carries the token. */
export const TOKEN_HEADER = 'x-gemini-image-token'

const requestSchema = z.union([
  z.object({ action: z.literal('list'), files: z.array(z.string()).max(2000) }),
  z.object({ action: z.literal('redraw'), id: z.string() }),
  z.object({ action: z.literal('pick'), id: z.string(), variant: z.number() }),
])

/**
 * Answers the toolbar, and nobody else: what is asked can cost money. A page of another origin can
 * send neither the header nor JSON without a preflight, which is not answered; nor does it know the
 * token.
 */
export function toolbarEndpoint(api: PicturesApi, token: string): Middleware {
  return (request, response, next) => {
    const [path = ''] = (request.url ?? '').split('?', 1)
    if (path.endsWith(`/${ENDPOINT}`)) void respond(request, response, api, token)
    else next()
  }
}

/** A handler of a dev server, of connect's kind. */
export type Middleware = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  api: PicturesApi,
  token: string,
): Promise<void> {
  const [status, body] = await answerTo(request, api, token)
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}

async function answerTo(
  request: IncomingMessage,
  api: PicturesApi,
  token: string,
): Promise<[status: number, ToolbarAnswer]> {
  if (request.method !== 'POST') return [405, { message: 'The toolbar posts.' }]
  if (!isOwn(request, token)) return [403, { message: 'Only this server’s own pages may ask.' }]
  try {
    const parsed = requestSchema.safeParse(await json(request))
    if (!parsed.success) return [400, { message: 'This is not a request of the toolbar.' }]
    return [200, await answer(parsed.data as ToolbarRequest, api)]
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return [isGeminiImageError(error) ? 422 : 400, { message }]
  }
}

/** Whether a page of this very server asks, with the token that it was given. */
function isOwn({ headers }: IncomingMessage, token: string): boolean {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return false
  const origin = headers.origin === undefined ? undefined : URL.parse(headers.origin)
  if (origin?.host !== headers.host) return false
  const given = Buffer.from(String(headers[TOKEN_HEADER] ?? ''))
  const wanted = Buffer.from(token)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
