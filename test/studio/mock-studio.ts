import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { defineRpcFunction } from 'devframe'
import { initDevframe, type DevframeInstance, type InitDevframeOptions } from 'devframe/initiate'
import {
  ACTIONS,
  type Change,
  type PictureItem,
  type StudioApi,
} from '../../packages/studio/src/protocol.ts'
import { detailsOf, paint, type MockProject } from './mock-project.ts'

const BASE = '/__gemini-image/'
const PAGE = path.resolve(import.meta.dirname, '../../packages/studio/dist/page')
export const TOKEN = 'a-token-of-the-test'

/** A call that the page has made. */
interface Call {
  readonly name: string
  readonly args: readonly unknown[]
}

export interface MockStudio {
  readonly url: string
  readonly project: MockProject
  /** All calls that change something, in order. */
  readonly calls: Call[]
  /** Takes the place of what a function does. */
  readonly override: Partial<StudioApi>
  /** Changes a picture, and tells the page. */
  readonly update: (id: string, change: Partial<PictureItem>) => Promise<void>
  readonly changed: () => Promise<void>
  readonly close: () => Promise<void>
}

interface Options {
  /** Whether `token` gives the token to the page. @default true */
  readonly isOpen?: boolean
  readonly port?: number
}

/** Serves the built page with a project in memory behind it: a real devframe server, as the studio's own is. */
export async function startMockStudio(
  project: MockProject,
  { isOpen = true, port = 0 }: Options = {},
): Promise<MockStudio> {
  const server = createServer().listen(port, '127.0.0.1')
  await once(server, 'listening')
  const calls: Call[] = []
  const override: Partial<StudioApi> = {}
  const frame = serve(server, async (name, args) => {
    const isAction = ACTIONS.some((action) => action === name)
    if (isAction) calls.push({ name, args })
    const api: StudioApi = { ...apiOf(project), ...override }
    const call = api[name as keyof StudioApi] as (...args: readonly unknown[]) => Promise<unknown>
    const answer = await call(...args)
    if (isAction) await changed()
    return answer
  })
  server.on('request', (request, response) => {
    void answer(request, response, { project, isOpen, frame })
  })
  await frame.ready
  const changed = async (): Promise<void> => {
    const { rpc } = await frame.context
    await rpc.broadcast({ method: 'gemini-image:changed' as never, args: [] as never, event: true })
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`,
    project,
    calls,
    override,
    changed,
    update: async (id, change) => {
      replace(project, id, change)
      await changed()
    },
    close: async () => {
      await frame.close()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function serve(
  server: Server,
  call: (name: string, args: readonly unknown[]) => Promise<unknown>,
): DevframeInstance {
  const names = Object.keys(apiOf({} as MockProject))
  const frame: DevframeInstance = initDevframe(
    {
      id: 'gemini-image',
      name: 'gemini-image studio',
      version: '0.0.0',
      packageName: '@gemini-image/studio',
      homepage: 'https://example.com',
      description: 'A project in memory.',
      clientAssets: PAGE,
      setup(context) {
        for (const name of names) {
          context.rpc.register(
            defineRpcFunction({
              name: `gemini-image:${name}`,
              type: 'action',
              handler: (...args: unknown[]) => call(name, args),
            }) as never,
          )
        }
      },
    },
    { base: BASE, server, auth: auth(() => frame), mcp: false },
  )
  return frame
}

type Auth = Exclude<InitDevframeOptions['auth'], boolean | undefined>

/** One token, and nothing else. */
function auth(frame: () => DevframeInstance): Auth {
  return {
    rpcFunctions: [
      defineRpcFunction({
        name: 'anonymous:devframe:auth',
        type: 'action',
        handler: async ({ authToken }: { authToken: string }) => {
          const { rpc } = await frame().context
          const session = rpc.getCurrentRpcSession()
          if (session && authToken === TOKEN) session.meta.isTrusted = true
          return { isTrusted: session?.meta.isTrusted === true }
        },
      }) as never,
    ],
    authorize: (name, session) => name.startsWith('anonymous:') || session.meta.isTrusted === true,
    onConnect: () => undefined,
    printBanner: () => undefined,
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { project, isOpen, frame }: { project: MockProject; isOpen: boolean; frame: DevframeInstance },
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
  const [kind, key = ''] = pathname.slice(BASE.length).split('/')
  if (kind === 'token') {
    response.writeHead(isOpen ? 200 : 403, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isOpen ? { token: TOKEN } : {}))
    return
  }
  const scene = project.scenes.get(decodeURIComponent(key))
  if (scene) {
    const isTrusted = searchParams.get('token') === TOKEN
    response.writeHead(isTrusted ? 200 : 403, { 'content-type': 'image/jpeg' })
    response.end(isTrusted ? await scene.file(Number(searchParams.get('w')) || undefined) : '')
    return
  }
  frame.nodeMiddleware(request, response, () => response.writeHead(404).end())
}

function replace(project: MockProject, id: string, change: Partial<PictureItem>): void {
  const pictures = project.overview.pictures.map((picture) =>
    picture.id === id ? { ...picture, ...change } : picture,
  )
  project.overview = { ...project.overview, pictures }
}

/** What an edit is called that was shown, and not made yet. */
export function tokenOf(id: string, change: Change): string {
  return JSON.stringify([id, change])
}

function apiOf(project: MockProject): StudioApi {
  const item = (id: string): PictureItem | undefined =>
    project.overview.pictures.find((picture) => picture.id === id)
  return {
    overview: async () => project.overview,
    details: async (id) => {
      const found = item(id)
      return found && detailsOf(project, found)
    },
    generate: async (ids) => {
      for (const id of ids) {
        const found = item(id)
        const image = found && paint(project, Date.now() % 100_000, found)
        replace(project, id, { state: 'pinned', why: undefined, progress: undefined, image })
      }
      return { spent: '$0.04' }
    },
    proposeEdit: async (id, change) => ({
      file: id,
      diff: `@@ -1,6 +1,6 @@\n ---\n aspectRatio: 16:9\n ---\n-${item(id)?.prompt.split('\n')[0]}\n+${change.prompt ?? change.turn ?? JSON.stringify(change.settings)}\n`,
      token: tokenOf(id, change),
      price: change.prompt || change.turn ? '$0.04' : undefined,
    }),
    applyEdit: async (token) => {
      const [id, change] = JSON.parse(token) as [id: string, change: Change]
      if (change.prompt) replace(project, id, { prompt: change.prompt, state: 'stale' })
      return { id }
    },
    pick: async (id, variant) => {
      const more = project.details.get(id)
      const choices = (more?.choices ?? []).map((choice) => ({
        ...choice,
        isPicked: choice.number === variant,
      }))
      project.details.set(id, { ...more, choices })
      replace(project, id, { image: choices[variant - 1]?.image })
    },
    goBack: async (id, key) => {
      const former = project.details.get(id)?.former?.find((one) => one.key === key)
      replace(project, id, { image: former?.image })
    },
    adopt: async (id) => {
      replace(project, id, { state: 'adopted', why: undefined })
      return { hints: [] }
    },
    decide: async (id, verdict, word) => {
      replace(project, id, { decision: { verdict, word, date: '2026-11-30T10:00:00.000Z' } })
    },
    draftAlt: async () => ({ alt: 'A drafted sentence', spent: '$0.001' }),
    remove: async (id) => {
      const pictures = project.overview.pictures.filter((picture) => picture.id !== id)
      project.overview = { ...project.overview, pictures }
    },
    open: async () => undefined,
  }
}
