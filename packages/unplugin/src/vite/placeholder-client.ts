import type { ViteHotContext } from 'vite/types/hot.js'
import type { NEWS_EVENT, PlaceholderNews, SHOWN_EVENT } from './placeholder-news.ts'

// A browser loads this file alone.
const NEWS: typeof NEWS_EVENT = 'gemini-image:news'
const SHOWN: typeof SHOWN_EVENT = 'gemini-image:shown'

declare global {
  interface ImportMeta {
    readonly hot?: ViteHotContext
  }
}

/** Attributes in which a page names pictures. */
const NAMING = ['src', 'srcset', 'imagesrcset', 'href', 'poster', 'style']

/** Placeholders themselves, and renditions, which may be made of one. */
const MAY_BE_PLACEHOLDER = /\.placeholder-\d|[/\\]renditions[/\\]/

if (import.meta.hot) follow(import.meta.hot)

/** Tells in the console why placeholders are shown, and has the page show the present ones. */
function follow(hot: ViteHotContext): void {
  /** Placeholder → what was told of it. */
  const told = new Map<string, string | undefined>()
  hot.on(NEWS, (news: PlaceholderNews) => {
    const isShown = replaceAll(news.urls)
    if (isShown || told.has(news.id)) tell(news, told)
  })
  const report = (entries: readonly PerformanceEntry[]): void => {
    const urls = entries.map(({ name }) => name).filter((url) => MAY_BE_PLACEHOLDER.test(url))
    if (urls.length > 0) hot.send(SHOWN, urls)
  }
  const observer = new PerformanceObserver((list) => report(list.getEntries()))
  observer.observe({ type: 'resource', buffered: true })
}

function tell({ id, line }: PlaceholderNews, told: Map<string, string | undefined>): void {
  // oxlint-disable-next-line no-console -- people look there for what their page lacks.
  if (line !== undefined && told.get(id) !== line) console.info(`[gemini-image] ${line}`)
  told.set(id, line)
}

/** Shows other pictures. @returns whether the page had one of them. */
function replaceAll(urls: PlaceholderNews['urls']): boolean {
  if (urls.length === 0) return true
  let isAny = false
  for (const element of document.querySelectorAll(NAMING.map((name) => `[${name}]`).join())) {
    for (const name of NAMING) {
      const before = element.getAttribute(name)
      const after = before === null ? null : replaceIn(before, urls)
      if (after === null || after === before) continue
      element.setAttribute(name, after)
      isAny = true
    }
  }
  return isAny
}

function replaceIn(text: string, urls: PlaceholderNews['urls']): string {
  return urls.reduce((all, [from, to]) => all.replaceAll(from, () => to), text)
}
