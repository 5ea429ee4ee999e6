import { performance } from 'node:perf_hooks'
import { formatDollars, type Progress } from '@gemini-image/core'
import type { Terminal } from './terminal.ts'

const WIDTH = 24

/** Shows how far a run is: a bar, what it has cost, and the time that is left. */
export function showProgress(terminal: Terminal): (progress: Progress) => void {
  const startedAt = performance.now()
  return (progress) => {
    const elapsed = performance.now() - startedAt
    terminal.status(progress.total === 0 ? undefined : progressLine(progress, elapsed))
  }
}

/** `██████░░░░  3 of 12  $0.1008  about 40 s left`; `elapsed` is in milliseconds. */
export function progressLine({ total, ended, failed, spent }: Progress, elapsed: number): string {
  const filled = Math.round((ended / total) * WIDTH)
  const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
  const failures = failed > 0 ? `, ${failed} without a picture` : ''
  return `${bar}  ${ended} of ${total}${failures}  ${formatDollars(spent)}  ${timeLeft(total - ended, ended, elapsed)}`
}

function timeLeft(left: number, ended: number, elapsed: number): string {
  if (ended === 0 || left === 0) return ''
  const seconds = Math.ceil((elapsed / ended) * (left / 1000))
  return seconds < 90 ? `about ${seconds} s left` : `about ${Math.round(seconds / 60)} min left`
}
