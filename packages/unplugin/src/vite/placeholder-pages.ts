import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { ResolvedImage } from '@gemini-image/core'
import type { DeclarationId } from '@gemini-image/core/internal'
import type { ViteDevServer } from 'vite'
import { placeholderLine } from '../placeholder-line.ts'
import { withSlashes } from '../project/with-slashes.ts'
import { clientOf } from './environments.ts'
import { modulesOf } from './modules.ts'
import {
  NEWS_EVENT,
  PLACEHOLDER_CLIENT,
  SHOWN_EVENT,
  type PlaceholderNews,
} from './placeholder-news.ts'
import type { Session } from './session.ts'

/** Milliseconds in which calls that begin and end together are told together. */
const REFRESH_DELAY = 30

/** More than any page shows; a page may claim what it likes. */
const MOST_URLS = 2000

/** As Vite has it; that of a component ends in its language. */
const STYLESHEET = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/

/** Keeps the placeholders of pages as they would be drawn now. Pages are not loaded again for that. */
export class PlaceholderPages {
  readonly #session: Session
  readonly #server: ViteDevServer
  /** What runs are to generate: pages may show the picture before it. */
  readonly #generating = new Map<DeclarationId, number>()
  #isFollowing = false
  #timer: NodeJS.Timeout | undefined
  readonly #onShown: (file: string) => void

  /** @param onShown Is told the files that pages show, as {@link StandIns.fileShownBy} gives them. */
  constructor(session: Session, server: ViteDevServer, onShown: (file: string) => void) {
    this.#session = session
    this.#server = server
    this.#onShown = onShown
    server.ws.on(SHOWN_EVENT, (urls: unknown, client) => {
      if (!Array.isArray(urls) || urls.length > MOST_URLS) return
      const tell = (news: PlaceholderNews): void => client.send(NEWS_EVENT, news)
      void this.#newsOf(urls, tell).catch(() => undefined)
    })
  }

  /** Follows what a run does with declarations; what it did not generate is shown as it was. */
  async during<Value>(ids: readonly DeclarationId[], run: () => Promise<Value>): Promise<Value> {
    await this.#follow()
    for (const id of ids) this.#generating.set(id, (this.#generating.get(id) ?? 0) + 1)
    try {
      return await run()
    } finally {
      for (const id of ids) this.#end(id)
      for (const id of ids) await this.#restore(id).catch(() => undefined)
    }
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  /** What is told whenever a call begins, ends or fails. */
  async #follow(): Promise<void> {
    if (this.#isFollowing) return
    this.#isFollowing = true
    const { activity } = await this.#session.project()
    activity.onChange(() => this.#refreshSoon())
  }

  #refreshSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#refresh().catch(() => undefined)
    }, REFRESH_DELAY).unref()
  }

  #end(id: DeclarationId): void {
    const count = (this.#generating.get(id) ?? 0) - 1
    if (count > 0) this.#generating.set(id, count)
    else this.#generating.delete(id)
  }

  async #refresh(): Promise<void> {
    const { standIns } = this.#session
    const ids = [...new Set([...standIns.ids(), ...this.#generating.keys()])]
    const shown = ids.filter((id) => standIns.givenOf(id))
    if (shown.length === 0) return
    const reasons = await this.#session.whyShown(shown)
    for (const [id, { label }] of reasons) {
      const before = standIns.givenOf(withSlashes(id))
      if (before && before.why?.label !== label) await this.#redraw(withSlashes(id), before)
    }
  }

  async #redraw(id: DeclarationId, before: ResolvedImage): Promise<void> {
    const { standIns } = this.#session
    const image = await standIns.imageOf(id, (one) => this.#session.preview(one))
    // What has landed is told elsewhere.
    if (image.state === 'placeholder') await this.#replace(id, before, image)
  }

  /** The picture stays as it was: a run has ended without a new one. */
  async #restore(id: DeclarationId): Promise<void> {
    const { standIns } = this.#session
    const before = standIns.shownOf(id)
    if (!before || this.#generating.has(id)) return
    const image = await this.#session.preview(id)
    if (image.state !== 'pinned' || standIns.shownOf(id) !== before) return
    standIns.withdraw(id, image)
    await this.#replace(id, before, image)
  }

  /** Shows one image in the place of another, in pages and in those that are loaded from now on. */
  async #replace(id: DeclarationId, before: ResolvedImage, image: ResolvedImage): Promise<void> {
    if (before.file === image.file) return
    const urls = await this.#urlsFor(before, image)
    // What a server puts into a page that is loaded later is put right in the browser.
    const client = clientOf(this.#server)
    for (const module of modulesOf(id, this.#session, client.moduleGraph)) {
      client.moduleGraph.invalidateModule(module)
      // Stylesheets are replaced without the page being loaded again.
      if (STYLESHEET.test(module.id ?? '')) await client.reloadModule(module)
    }
    this.#send({ id, line: placeholderLine(image), urls })
  }

  #send(news: PlaceholderNews): void {
    this.#server.ws.send(NEWS_EVENT, news)
  }

  async #urlsFor(before: ResolvedImage, image: ResolvedImage): Promise<PlaceholderNews['urls']> {
    const { standIns } = this.#session
    const files: (readonly [string, string])[] = [[before.file, image.file]]
    for (const { wish, files: old } of standIns.renditionsOf(before)) {
      const made = await this.#session.render(image, wish)
      const fresh = made.sources.flatMap((source) => source.files)
      for (const [index, file] of old.entries()) {
        const next = fresh[index]?.file
        if (next !== undefined) files.push([file, next])
      }
    }
    return files.flatMap(([from, to]) => urlsBetween(from, to, this.#server.config.root))
  }

  /** Tells a page of what it shows. It may have been made with what was shown before. */
  async #newsOf(urls: readonly unknown[], tell: (news: PlaceholderNews) => void): Promise<void> {
    const { standIns } = this.#session
    for (const url of urls) {
      if (typeof url !== 'string') continue
      const file = standIns.fileShownBy(url)
      this.#onShown(file)
      const shown = standIns.named(file)
      const present = shown && standIns.shownOf(shown.id)
      if (!present) continue
      // A call may have ended after the reason was looked up and before the page had it.
      this.#refreshSoon()
      const isPresent = present.file === shown.image.file
      const replaced = isPresent ? [] : await this.#urlsFor(shown.image, present)
      tell({ id: shown.id, line: placeholderLine(present), urls: replaced })
    }
  }
}

/** How pages may name one file, with how they are to name another. */
function urlsBetween(from: string, to: string, root: string): PlaceholderNews['urls'] {
  const [before, after] = [withSlashes(from), withSlashes(to)]
  const [below, next] = [before, after].map((file) =>
    file.startsWith(`${root}/`) ? file.slice(root.length) : undefined,
  )
  const whole = [`/@fs${slashed(before)}`, `/@fs${slashed(after)}`] as const
  const all = below === undefined ? [whole] : [whole, [below, next ?? whole[1]] as const]
  return all.flatMap(([one, other]) => [
    [one, other] as const,
    [encodeURI(one), encodeURI(other)] as const,
    [encodeURIComponent(one), encodeURIComponent(other)] as const,
  ])
}

function slashed(file: string): string {
  return path.posix.isAbsolute(file) ? file : `/${file}`
}

/** Vite's client, with what follows placeholders. Only then is the connection there. */
export function withPlaceholderClient(code: string): string {
  return `${code}\nimport(${JSON.stringify(PLACEHOLDER_CLIENT)})\n`
}

/** The module that follows placeholders in the browser. */
export function loadPlaceholderClient(): Promise<string> {
  return readFile(new URL('placeholder-client.js', import.meta.url), 'utf8')
}
