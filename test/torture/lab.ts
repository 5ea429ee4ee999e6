import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { performance } from 'node:perf_hooks'
import { formatPlace } from '@gemini-image/core/internal'
import { isGeminiImageError, type GeminiImageError } from '@gemini-image/core'
import { isErrorCode } from '@gemini-image/core/errors'
import { imagesOf, parseLockfile, type LockEntries } from '@gemini-image/core/internal'
import { startFakeGemini, type FakeGemini, type FakeGeminiOptions } from '../fake-gemini/server.ts'
import { openSite, type Site } from '../support/site.ts'
import { randomOf, type Random } from './random.ts'

/** What may go wrong. Of each, none is the target. */
export const HARMS = {
  lost: 'pictures that were answered, and are pinned nowhere',
  'paid again': 'calls that were answered whole, and were made again',
  untold: 'failures without a code, a place or a next step',
  unreadable: 'lockfiles that cannot be read, or pin what is not there',
  hung: 'work that waited or calculated a second longer than it may',
} as const
export type Harm = keyof typeof HARMS

/** Where one case is tried. Everything that it makes is gone when the case ends. */
export interface Lab {
  readonly random: Random
  /** A site of these files, in a folder of its own. */
  site(files: Readonly<Record<string, string>>): Promise<Site>
  gemini(options?: FakeGeminiOptions): Promise<FakeGemini>
  /** Called when the case ends, last first. */
  after(work: () => unknown): void
  /** Notes a harm. */
  harm(kind: Harm, told: string): void
}

/** One thing to try. Its name is what reproduces it. */
export interface Case {
  readonly name: string
  /** Milliseconds after which it is given up. @default 30_000 */
  readonly patience?: number
  run(lab: Lab): Promise<void>
}

/** A figure of a row beside its own target, such as memory. */
export interface Figure {
  readonly name: string
  readonly found: number
  readonly target: number
  readonly unit: string
}

/** A line of the table. */
export interface Row {
  readonly name: string
  readonly what: string
  /** How much of the time it gets, beside the others. */
  readonly share: number
  /** All of its cases, or cases without an end. */
  cases(seed: number, figures: Figure[]): Iterable<Case> | AsyncIterable<Case>
}

/** A harm that a case did. */
export interface Found {
  readonly row: string
  readonly name: string
  readonly kind: Harm
  readonly told: string
}

const SITES = path.resolve(import.meta.dirname, '../.sites')

/** A machine that is busy makes anything wait: what is hung waits as often as it is tried. */
const TRIES = 3

/** Tries one case, and gives what it found. */
export async function tryCase(row: string, one: Case, seed: number): Promise<readonly Found[]> {
  let found: readonly Found[] = []
  for (let left = TRIES; left > 0; left -= 1) {
    found = await tryOnce(row, one, seed)
    if (found.length === 0 || found.some(({ kind }) => kind !== 'hung')) break
  }
  return found
}

async function tryOnce(
  row: string,
  { name, run, patience = 30_000 }: Case,
  seed: number,
): Promise<Found[]> {
  const found: Found[] = []
  const closers: (() => unknown)[] = []
  const harm: Lab['harm'] = (kind, told) => void found.push({ row, name, kind, told })
  const lab = laboratory(`${seed}/${name}`, closers, harm)
  const strays: unknown[] = []
  const stray = (error: unknown): void => void strays.push(error)
  process.on('unhandledRejection', stray)
  const { promise: over, resolve: giveUp } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    harm('hung', `it did not end within ${patience / 1000} seconds`)
    giveUp()
  }, patience)
  try {
    await Promise.race([run(lab), over])
  } catch (error) {
    harm('untold', error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    clearTimeout(timer)
    for (const close of closers.toReversed()) await close()
    process.off('unhandledRejection', stray)
  }
  for (const error of strays) harm('untold', `rejected, and nobody saw it: ${String(error)}`)
  return found
}

/** @param closers What is to be done when all is over, last first. */
export function laboratory(seed: string, closers: (() => unknown)[], harm: Lab['harm']): Lab {
  return {
    random: randomOf(seed),
    harm,
    after: (work) => void closers.push(work),
    site: async (files) => {
      await mkdir(SITES, { recursive: true })
      const root = await mkdtemp(path.join(SITES, 'torture-'))
      closers.push(() => rm(root, { recursive: true, force: true, maxRetries: 5 }))
      const site = openSite(root)
      await site.write('package.json', '{ "name": "site", "private": true, "type": "module" }\n')
      for (const [file, content] of Object.entries(files)) await site.write(file, content)
      return site
    },
    gemini: async (options) => {
      const gemini = await startFakeGemini(options)
      closers.push(() => gemini.close())
      return gemini
    },
  }
}

/**
 * Whether an error tells its reader all that is needed; `undefined` where it does.
 * @param placeless Codes of errors whose place is named in their words.
 */
export function whatIsUntold(
  error: unknown,
  placeless: readonly string[] = [],
): string | undefined {
  if (!isGeminiImageError(error)) {
    return `no error of ours: ${error instanceof Error ? error.stack : String(error)}`
  }
  return eachOf(error)
    .map((one) => whatOneDoesNotTell(one, placeless.includes(one.code)))
    .find((told) => told !== undefined)
}

function eachOf(error: GeminiImageError): readonly GeminiImageError[] {
  return error.problems.length > 0 ? error.problems : [error]
}

function whatOneDoesNotTell(
  { code, what, fix, place, message }: GeminiImageError,
  isPlaceless: boolean,
): string | undefined {
  if (!isErrorCode(code)) return `an unknown code: ${message}`
  if (what.trim() === '') return `nothing that happened: ${message}`
  if (fix.trim() === '') return `no next step: ${message}`
  if (isPlaceless) return undefined
  if (!place) return `no place: ${message}`
  if (!/:\d+:\d+$/.test(formatPlace(place))) return `no line and column: ${message}`
  return undefined
}

/** What is pinned. A lockfile that cannot be read, or pins what the store has not, is a harm. */
export async function pinnedIn(lab: Lab, site: Site): Promise<LockEntries> {
  const text = await site.read('gemini-image.lock').catch(() => undefined)
  if (text === undefined) return new Map()
  try {
    const place = { file: '', path: 'gemini-image.lock', line: 1, column: 1 }
    const { entries } = parseLockfile(text, place)
    const there = new Set(await site.list('.gemini-image'))
    for (const entry of entries.values()) {
      for (const { file } of imagesOf(entry)) {
        if (!there.has(file)) lab.harm('unreadable', `${file} is pinned, and not there`)
      }
    }
    return entries
  } catch (error) {
    lab.harm('unreadable', String(error))
    return new Map()
  }
}

/** Measures whether work waits or calculates longer than it may. */
export async function watched<Result>(
  lab: Lab,
  milliseconds: number,
  work: () => Promise<Result>,
): Promise<Result> {
  const before = performance.eventLoopUtilization()
  const cpu = process.cpuUsage()
  const result = await work()
  const { idle } = performance.eventLoopUtilization(before)
  const { user } = process.cpuUsage(cpu)
  // What the machine gives to others is no waiting of ours: idle is the time without anything to do.
  if (idle > milliseconds + 1000) lab.harm('hung', `it waited for ${Math.round(idle)} ms`)
  if (user > 2_000_000) lab.harm('hung', `it calculated for ${Math.round(user / 1000)} ms`)
  return result
}

/** What a piece of work throws; `undefined` where it does not. */
export async function failureOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work()
    return undefined
  } catch (error) {
    return error ?? new Error('nothing was thrown')
  }
}
