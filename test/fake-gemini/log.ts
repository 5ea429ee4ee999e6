import { performance } from 'node:perf_hooks'
import type { Bill } from './result.ts'
import type { RouteName } from './route.ts'

/** One request as it came over the socket, and what became of it. */
export interface RecordedRequest {
  method: string
  /** Without the query. */
  path: string
  /** With its question mark, or empty. */
  query: string
  headers: Record<string, string>
  /** The parsed body; `undefined` where it is not JSON. */
  body: unknown
  rawBody: string
  /** `undefined` where nothing answers. */
  route: RouteName | undefined
  model: string | undefined
  /** All text of the request, instructions first, joined by line feeds. */
  prompt: string
  /** Milliseconds since 1970, with fractions. */
  startedAt: number
  /** `undefined` while the request is under way. */
  endedAt: number | undefined
  /** `image`, `text-only`, `done`, `error`, the kind of the fault that hit, or `pending`. */
  outcome: string
  /** What its answer is charged for, where it holds a picture. */
  bill?: Bill
}

export interface RequestLog {
  readonly requests: RecordedRequest[]
  /** The most requests that were under way at the same time. */
  readonly maxInFlight: number
  start(entry: RecordedRequest): void
  end(entry: RecordedRequest): void
  clear(): void
}

export function now(): number {
  return performance.timeOrigin + performance.now()
}

export function createLog(onEnd: (entry: RecordedRequest) => void): RequestLog {
  const requests: RecordedRequest[] = []
  let inFlight = 0
  let maxInFlight = 0
  return {
    requests,
    get maxInFlight() {
      return maxInFlight
    },
    start: (entry) => {
      requests.push(entry)
      inFlight += 1
      maxInFlight = Math.max(maxInFlight, inFlight)
    },
    end: (entry) => {
      entry.endedAt = now()
      inFlight -= 1
      onEnd(entry)
    },
    clear: () => {
      requests.length = 0
      maxInFlight = inFlight
    },
  }
}
