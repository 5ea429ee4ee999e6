import { parseLockfile, type LockEntry, type PinnedText } from '@gemini-image/core/internal'
import { startGemini } from '../support/gemini.ts'
import type { FakeGemini } from '../fake-gemini/server.ts'
import { promptFile, type Site } from '../support/site.ts'
import { keyed } from '../support/vite.ts'
import { runJson, siteOf, type Json } from '../cli/stage.ts'

export const WORDS = 'Write a headline for a bakery'
export const POSTER = 'Draw a poster with these words'

/** A prompt file that asks for words first, and then draws from them. */
export function poster(settings: Readonly<Record<string, string>> = {}): string {
  return promptFile(WORDS, { output: 'text', turns: `["${POSTER}"]`, ...settings })
}

export interface Stage {
  readonly gemini: FakeGemini
  readonly site: Site
  run(...args: readonly string[]): ReturnType<typeof runJson>
}

/** A site that shows a poster, with a server to ask. */
export async function stage(
  text: string = poster(),
  more: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const gemini = await startGemini({ batch: { polls: 1 } })
  const site = await siteOf({ poster: text }, more)
  return { gemini, site, run: (...args) => runJson(site, args, keyed(gemini)) }
}

/** What the lockfile pins, each kind in the order in which it stands there. */
export async function pinnedIn(
  site: Pick<Site, 'read'>,
): Promise<{ texts: PinnedText[]; pictures: LockEntry[] }> {
  const text = await site.read('gemini-image.lock').catch(() => '')
  const place = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
  const { entries, texts } = parseLockfile(text, place)
  return { texts: [...texts.values()], pictures: [...entries.values()] }
}

/** The body of a request, by its number from 0. */
export function bodyOf({ requests }: FakeGemini, number: number): Json {
  return requests[number]?.body
}

/** What each request asked for: `TEXT`, `IMAGE`, or both. */
export function modalities({ requests }: FakeGemini): string[] {
  return requests.flatMap(({ body, route }) =>
    route === 'generateContent' ? String((body as Json).generationConfig.responseModalities) : [],
  )
}
