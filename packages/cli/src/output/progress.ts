import { performance } from 'node:perf_hooks'
import { formatDollars, type Progress } from '@gemini-image/core/internal'
import type { Terminal } from './terminal.ts'

const WIDTH = 24
/** A shorter bar says nothing. */
const SHORTEST = 6
/** Where nobody looks on, so many lines tell of a run, however long it is. */
const LINES = 10

/**
 * Shows how far a run is: the calls that have ended, what they have cost, and the time that is
 * left; as a bar where somebody looks on, and else as a few plain lines.
 */
export function showProgress(terminal: Terminal): (progress: Progress) => void {
  const startedAt = performance.now()
  let told = 0
  return (progress) => {
    const { total, ended } = progress
    const text = progressText(progress, performance.now() - startedAt)
    if (terminal.isWatched) {
      return terminal.status(
        total === 0 ? undefined : withBar(text, ended / total, terminal.columns),
      )
    }
    const tenth = total === 0 ? 0 : Math.floor((ended / total) * LINES)
    if (tenth > told) terminal.say(text)
    told = tenth
  }
}

/** `3 of 12  $0.1008  about 40 s left`; `elapsed` is in milliseconds. */
function progressText({ total, ended, failed, spent }: Progress, elapsed: number): string {
  const failures = failed > 0 ? `, ${failed} without a picture` : ''
  const parts = [`${ended} of ${total}${failures}`, formatDollars(spent)]
  return [...parts, ...timeLeft(total - ended, ended, elapsed)].join('  ')
}

/** `██████░░░░  3 of 12`, as long as it fits. */
function withBar(text: string, share: number, columns: number): string {
  const width = Math.min(WIDTH, columns - text.length - 3)
  if (width < SHORTEST) return text
  const filled = Math.round(Math.min(1, share) * width)
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}  ${text}`
}

function timeLeft(left: number, ended: number, elapsed: number): readonly string[] {
  if (ended === 0 || left <= 0) return []
  const seconds = Math.ceil((elapsed / ended) * (left / 1000))
  return [seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`]
}
