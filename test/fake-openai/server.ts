import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import sharp from 'sharp'

/** What the server does with the next request for a picture in place of answering it well. */
export type OpenAiFault =
  | {
      readonly kind: 'status'
      readonly status: number
      readonly code?: string
      readonly say?: string
    }
  | { readonly kind: 'reset' | 'hang' | 'empty' | 'not JSON' | 'lost picture' | 'no usage' }
  /** Repeats a text wherever an answer has room for one. */
  | { readonly kind: 'echo'; readonly say: string }

/** A request for a picture as it came. */
export interface OpenAiRequest {
  readonly path: '/v1/images/generations' | '/v1/images/edits'
  /** The fields of the JSON, or of the form, but for its images. */
  readonly fields: Readonly<Record<string, unknown>>
  /** SHA-256 of the images that came along, in hex, in order. */
  readonly images: readonly string[]
}

export interface FakeOpenAi {
  /** With `/v1`, as the AI SDK takes it. */
  readonly url: string
  /** Every request for a picture, those with a wrong key left out. */
  readonly requests: readonly OpenAiRequest[]
  fault(fault: OpenAiFault): void
  close(): Promise<void>
}

export interface FakeOpenAiOptions {
  readonly key?: string
  readonly models: readonly string[]
  /** Whether pictures come as addresses, as ComfyUI's bridges and some services answer. @default false */
  readonly givesUrls?: boolean
}

/** @see https://platform.openai.com/docs/api-reference/images */
const FIELDS = new Set([
  'model',
  'prompt',
  'n',
  'size',
  'quality',
  'background',
  'output_format',
  'output_compression',
  'moderation',
  'user',
  'input_fidelity',
])

/**
 * OpenAI's images API on loopback, as strict about fields: a request for a picture of words, or of words and images.
 * Pictures have the size that is asked for.
 */
export async function startFakeOpenAi(options: FakeOpenAiOptions): Promise<FakeOpenAi> {
  const requests: OpenAiRequest[] = []
  const faults: OpenAiFault[] = []
  const pictures = new Map<string, Buffer>()
  const server = createServer((request, response) => {
    const desk = { options, requests, faults, pictures, url: urlOf(server) }
    handle(request, response, desk).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${urlOf(server)}/v1`,
    requests,
    fault: (fault) => void faults.push(fault),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Desk {
  readonly options: FakeOpenAiOptions
  readonly requests: OpenAiRequest[]
  readonly faults: OpenAiFault[]
  readonly pictures: Map<string, Buffer>
  readonly url: string
}

function urlOf(server: ReturnType<typeof createServer>): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function say(response: ServerResponse, status: number, answer: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-request-id': 'req_1' })
  response.end(JSON.stringify(answer))
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  say(response, status, { error: { message, type: 'invalid_request_error', param: null, code } })
}

async function handle(
  message: IncomingMessage,
  response: ServerResponse,
  desk: Desk,
): Promise<void> {
  const { options, faults, pictures } = desk
  const bytes = Buffer.concat(await message.toArray())
  const path = message.url ?? ''
  const picture = pictures.get(path)
  if (picture) return void response.writeHead(200, { 'content-type': 'image/png' }).end(picture)
  const sent = message.headers.authorization
  if (options.key !== undefined && sent !== `Bearer ${options.key}`) {
    return refuse(response, 401, 'invalid_api_key', `Incorrect API key provided: ${sent}.`)
  }
  if (path !== '/v1/images/generations' && path !== '/v1/images/edits') {
    return refuse(response, 404, 'unknown_url', `Unknown request URL: ${path}`)
  }
  const request = await readRequest(path, message, bytes)
  desk.requests.push(request)
  const fault = faults.shift()
  if (fault && !meet(fault, message, response)) return undefined
  const wrong = whatIsWrong(request, options)
  if (wrong) return refuse(response, ...wrong)
  return answer(request, response, desk, fault)
}

async function readRequest(
  path: OpenAiRequest['path'],
  { headers }: IncomingMessage,
  bytes: Buffer<ArrayBuffer>,
): Promise<OpenAiRequest> {
  if (path === '/v1/images/generations') {
    return { path, fields: JSON.parse(String(bytes)) as Record<string, unknown>, images: [] }
  }
  const type = headers['content-type'] ?? ''
  const form = await new Response(bytes, { headers: { 'content-type': type } }).formData()
  const files = [...form].filter(([name]) => name === 'image' || name === 'image[]')
  const images = files.map(async ([, file]) => {
    const content = file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.from(file)
    return createHash('sha256').update(content).digest('hex')
  })
  const fields = [...form].filter(([, value]) => typeof value === 'string')
  return { path, fields: Object.fromEntries(fields), images: await Promise.all(images) }
}

/** @returns whether the request is answered all the same. */
function meet(fault: OpenAiFault, message: IncomingMessage, response: ServerResponse): boolean {
  switch (fault.kind) {
    case 'status':
      refuse(response, fault.status, fault.code ?? 'fault', fault.say ?? 'As the test wants it.')
      return false
    case 'reset':
      message.socket.resetAndDestroy()
      return false
    case 'empty':
      say(response, 200, { created: 1, data: [] })
      return false
    case 'not JSON':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>')
      return false
    case 'hang':
      return false
    default:
      return true
  }
}

/** What OpenAI refuses: status, code and message. */
function whatIsWrong(
  { path, fields, images }: OpenAiRequest,
  { models }: FakeOpenAiOptions,
): [status: number, code: string, message: string] | undefined {
  const { model, size } = fields
  const foreign = Object.keys(fields).filter(
    (name) => !FIELDS.has(name) && !(name === 'response_format' && String(model) === 'dall-e-3'),
  )
  if (foreign.length > 0) return [400, 'unknown_parameter', `Unknown parameter: '${foreign[0]}'.`]
  if (!models.includes(String(model))) {
    return [404, 'model_not_found', `The model '${String(model)}' does not exist.`]
  }
  if (size !== undefined && !/^\d+x\d+$/.test(String(size))) {
    return [400, 'invalid_value', `Invalid size: '${String(size)}'.`]
  }
  if (path === '/v1/images/edits' && images.length === 0) {
    return [400, 'missing_required_parameter', "Missing required parameter: 'image'."]
  }
  return undefined
}

async function answer(
  { fields }: OpenAiRequest,
  response: ServerResponse,
  { options, pictures, requests, url }: Desk,
  fault: OpenAiFault | undefined,
): Promise<void> {
  const [width = 1024, height = 1024] = String(fields['size'] ?? '1024x1024')
    .split('x')
    .map(Number)
  // One colour a request, so that no two pictures are the same.
  const background = `#${(0x335577 + requests.length * 0x010307).toString(16)}`
  const picture = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer()
  const echoed = fault?.kind === 'echo' ? { revised_prompt: fault.say } : {}
  const name = `/pictures/${requests.length}.png`
  if (fault?.kind !== 'lost picture') pictures.set(name, picture)
  say(response, 200, {
    created: 1_764_500_000,
    data: [
      options.givesUrls
        ? { url: `${url}${name}`, ...echoed }
        : { b64_json: picture.toString('base64'), ...echoed },
    ],
    ...(fault?.kind !== 'no usage' && {
      usage: { input_tokens: 20, output_tokens: 1056, total_tokens: 1076 },
    }),
  })
}
