import { asksAtOnce, type RouteName } from './route.ts'

/** Where a fault can hit: a route, or one line of a batch. */
export type FaultTarget = RouteName | 'batchLine'

export type FaultKind =
  | 'rate-limited'
  | 'quota-exhausted'
  | 'server-error'
  | 'unavailable'
  | 'html-error'
  | 'html'
  | 'invalid-json'
  | 'reset'
  | 'truncated'
  | 'hang'
  | 'slow'
  | 'blocked'
  | 'prompt-blocked'
  | 'text-only'
  | 'empty'
  | 'wrong-size'
  | 'wrong-type'
  | 'uneven-background'
  | 'no-background'
  | 'thought-image'
  | 'interleaved'
  | 'no-signature'
  | 'not-found'
  | 'lost'
  | 'cut-short'
  | 'odd'
  | 'half-picture'
  | 'wrong-encoding'
  | 'redirect'
  | 'foreign-page'

/**
 * Something that goes wrong with the next requests that are otherwise good. `lost` does what was asked
 * and cuts the connection before the answer; `cut-short` ends a download early, as if it were whole. A prompt
 * that asks for a flat background gets one that runs, or none. What stands between may call a body gzip that is none
 * (`wrong-encoding`), send elsewhere (`redirect`), or answer in place of Google (`foreign-page`).
 */
export interface Fault {
  kind: FaultKind
  /** What it hits. @default what asks for a picture: at once, or in a line of a batch */
  on?: FaultTarget
  /** How many requests it hits. `Infinity` hits all that follow. @default 1 */
  times?: number
  /** Hits only requests whose prompt text matches. */
  match?: RegExp
  /** RetryInfo of the two 429 kinds. @default '0.05s' */
  retryDelay?: string
  /** HTTP status of `server-error` and `foreign-page`. @default 500, 404 */
  status?: number
  /** Finish reason of `blocked`. @default 'IMAGE_PROHIBITED_CONTENT' */
  finishReason?: string
  /** What `prompt-blocked` blames. @default 'PROHIBITED_CONTENT' */
  blockReason?: string
  /** How many pictures `interleaved` puts between its texts. @default 3 */
  images?: number
  /** Milliseconds that the good answer of `slow` waits for. @default 1000 */
  delay?: number
  /** What `odd` makes of the JSON of a good answer; it may change it in place. */
  change?: (answer: Answered) => unknown
  /** Where `redirect` leads. @default 'https://elsewhere.invalid/' */
  location?: string
  /** How much of a download `cut-short` sends, from 0 to 1. @default 0.5 */
  share?: number
}

/** The JSON of an answer: each test says what it changes. */
export type Answered = ReturnType<typeof JSON.parse>

/** Faults in the order in which they were given; each request takes the first that matches it. */
export interface FaultQueue {
  add(fault: Fault): void
  take(prompt: string, target: FaultTarget): Fault | undefined
  clear(): void
}

export function createFaultQueue(): FaultQueue {
  const waiting: { fault: Fault; left: number }[] = []
  return {
    add: (fault) => void waiting.push({ fault, left: fault.times ?? 1 }),
    take: (prompt, target) => {
      const found = waiting.find(
        ({ fault, left }) =>
          left > 0 &&
          hits(fault, target) &&
          (fault.match === undefined || prompt.search(fault.match) >= 0),
      )
      if (found === undefined) return undefined
      found.left -= 1
      return found.fault
    },
    clear: () => void waiting.splice(0),
  }
}

function hits({ on }: Fault, target: FaultTarget): boolean {
  if (on !== undefined) return on === target
  return target === 'batchLine' || asksAtOnce(target)
}
