import type { IncomingMessage, ServerResponse } from 'node:http'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import type { Plan, Project } from '@gemini-image/core'
import { formatDollars, linesOf, paidOnBranch, shownId, sumOf } from '@gemini-image/core/internal'
import { whyNotGenerate } from './abilities.ts'
import { actionsOf } from './actions.ts'
import { addressOf } from './address.ts'
import { toDetails } from './details.ts'
import { editsOf } from './edits.ts'
import { openFrame, type Frame } from './devframe.ts'
import type { StudioHost } from './host.ts'
import { Images, type ServedImage } from './images.ts'
import { toItems } from './items.ts'
import type { Studio, StudioOptions } from './open-studio.ts'
import { missingOf, problemsOf } from './overview.ts'
import { PAGE } from './page-folder.ts'
import type { Money, PictureItem, StudioApi } from './protocol.ts'
import { isFromOwnPage, Trust } from './trust.ts'

/** Milliseconds within which several changes are told as one. */
const TELL_DELAY = 100

/** The studio of one project. */
export class StudioServer implements Studio {
  readonly base: string
  readonly #host: StudioHost
  readonly #trust: Trust
  readonly #images = new Images()
  readonly #frame: Frame
  #plan: Promise<Plan> | undefined
  #telling: NodeJS.Timeout | undefined
  #ended: (() => void) | undefined

  /** @param folder The project's cache folder. */
  constructor(host: StudioHost, folder: string, { base, token }: StudioOptions) {
    this.base = base
    this.#trust = new Trust(token)
    this.#host = host
    this.#frame = openFrame(this.#api(), this.#trust, {
      base,
      page: PAGE,
      folder: path.join(folder, 'studio'),
    })
  }

  addressAt(origin: string): string {
    return addressOf(origin, this.base, this.#trust.token)
  }

  middleware(request: IncomingMessage, response: ServerResponse, next: () => void): void {
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    if (!url?.pathname.startsWith(this.base)) {
      if (`${url?.pathname}/` !== this.base) return next()
      // Relative, since a proxy or a base may stand before it.
      const name = this.base.split('/').at(-2) ?? ''
      response.writeHead(302, { location: `${name}/` }).end()
      return
    }
    void this.#answer(request, response, url, next).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const url = URL.parse(request.url ?? '/', 'http://localhost')
    if (!url?.pathname.startsWith(this.base)) return false
    if (isFromOwnPage(request.headers)) this.#frame.upgrade(request, socket, head)
    else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    return true
  }

  changed(): void {
    this.#plan = undefined
    clearTimeout(this.#telling)
    this.#telling = setTimeout(() => this.#frame.tellChanged(), TELL_DELAY).unref()
  }

  async close(): Promise<void> {
    clearTimeout(this.#telling)
    this.#ended?.()
    await this.#frame.close()
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    { pathname, searchParams }: URL,
    next: () => void,
  ): Promise<void> {
    for (const [name, value] of HEADERS) response.setHeader(name, value)
    const [kind = '', key = ''] = pathname.slice(this.base.length).split('/')
    if (kind === 'token') return this.#giveToken(request, response)
    if (kind === 'image' || kind === 'thumbnail') {
      if (!this.#trust.isKnownTo(searchParams.get('token')))
        return void response.writeHead(403).end()
      const project = await this.#host.project()
      const width = Number(searchParams.get('w') ?? '640')
      const image =
        kind === 'image'
          ? await this.#images.original(key)
          : await this.#images.thumbnail(key, width, project)
      return sendImage(image, response)
    }
    // What can be called lies behind a POST or a WebSocket; a page elsewhere can send neither to us.
    if (request.method !== 'GET' && !isFromOwnPage(request.headers)) {
      return void response.writeHead(403).end()
    }
    this.#frame.middleware(request, response, next)
  }

  #giveToken(request: IncomingMessage, response: ServerResponse): void {
    const isGiven = this.#trust.isAtHome(request)
    response.writeHead(isGiven ? 200 : 403, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isGiven ? { token: this.#trust.token } : {}))
  }

  #planNow(): Promise<Plan> {
    this.#plan ??= this.#host.plan()
    this.#plan.catch(() => (this.#plan = undefined))
    return this.#plan
  }

  #api(): StudioApi {
    const plan = (): Promise<Plan> => this.#planNow()
    const actions = actionsOf(this.#host, plan)
    const edits = editsOf(this.#host, plan)
    const then = async <Value>(work: Promise<Value>): Promise<Value> => {
      try {
        return await work
      } finally {
        this.changed()
      }
    }
    return {
      overview: () => this.#overview(),
      details: async (id) => {
        const project = await this.#watched()
        const planned = await plan()
        const row = [...planned.rows, ...planned.unusedRows].find(
          ({ declared }) => shownId(declared) === id,
        )
        const [found] = row ? await toItems(planned, project, this.#images, new Set([row])) : []
        return found && toDetails(found, planned, project, this.#images)
      },
      proposeEdit: edits.proposeEdit,
      applyEdit: (token) => then(edits.applyEdit(token)),
      adopt: (id, adoption) => then(actions.adopt(id, adoption)),
      generate: (ids, ask, budget) => then(actions.generate(ids, ask, budget)),
      pick: (id, variant) => then(edits.pick(id, variant)),
      goBack: (id, key) => then(actions.goBack(id, key)),
      draftAlt: (id) => then(actions.draftAlt(id)),
      decide: (...args) => then(actions.decide(...args)),
      remove: (id) => then(actions.remove(id)),
      open: actions.open,
    }
  }

  async #overview(): ReturnType<StudioApi['overview']> {
    // In this order: what ends while a plan is made is told of.
    const project = await this.#watched()
    const [plan, onBranch] = await Promise.all([this.#planNow(), paidOnBranch(project)])
    const shown = await toItems(plan, project, this.#images)
    const due = shown.flatMap(({ row, item }) => (isWaiting(item) ? row : []))
    return {
      name: path.basename(project.options.root),
      canGenerate: whyNotGenerate(project) ?? true,
      generatesOnSave: this.#host.generatesOnSave === true && whyNotGenerate(project) === undefined,
      pictures: shown.map(({ item }) => item),
      problems: problemsOf(plan),
      money: {
        ...paidOf(project),
        branch: onBranch === undefined ? undefined : formatDollars(onBranch),
        missing: missingOf(due),
      },
    }
  }

  /** The project, whose calls are told of from now on. */
  async #watched(): ReturnType<StudioHost['project']> {
    const project = await this.#host.project()
    this.#ended ??= project.activity.onChange(() => this.changed())
    return project
  }
}

/** Whether a picture would be generated by whoever generates what is missing. */
function isWaiting({ state, isUnused }: PictureItem): boolean {
  return !isUnused && (state === 'missing' || state === 'stale')
}

/** What the ledger says of today and of this month, both in UTC. */
function paidOf({ ledger }: Project): Pick<Money, 'today' | 'month'> {
  const { lines } = ledger.read()
  if (lines.length === 0) return { today: undefined, month: undefined }
  const paidIn = (period: 'day' | 'month'): string => formatDollars(sumOf(linesOf(lines, period)))
  return { today: paidIn('day'), month: paidIn('month') }
}

/** The page loads nothing from elsewhere, and no other site may show it. */
const HEADERS = [
  [
    'content-security-policy',
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
  ],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
] as const

function sendImage(image: ServedImage | undefined, response: ServerResponse): void {
  if (!image) return void response.writeHead(404).end()
  // Its address is that of its content.
  response.writeHead(200, {
    'content-type': image.type,
    'cache-control': 'private, max-age=31536000, immutable',
  })
  response.end(image.bytes)
}
