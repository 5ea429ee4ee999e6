import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PictureItem } from '../protocol.ts'

const TICK = 500
/** Only the server knows that a picture has landed. */
const MOST = 0.96

/** How far a call is, and about how long it still takes. */
export function Progress({ of }: { of: PictureItem }): JSX.Element | null {
  const now = useNow(of.state === 'generating')
  if (of.state !== 'generating') return null
  const { startedAt, expectedMs } = of.progress ?? { startedAt: now, expectedMs: 0 }
  const elapsed = Math.max(0, now - startedAt)
  const part = expectedMs > 0 ? Math.min(MOST, elapsed / expectedMs) : 0
  const words = timeLeft(expectedMs - elapsed, expectedMs)
  return (
    <div class="progress">
      <div
        class="progress-track"
        role="progressbar"
        aria-label={`Generating ${of.name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(part * 100)}
        aria-valuetext={words}
      >
        <div class="progress-bar" style={{ transform: `scaleX(${part})` }} />
      </div>
      <span class="progress-words">{words}</span>
    </div>
  )
}

/** "about 8 s left". */
function timeLeft(left: number, expected: number): string {
  if (expected <= 0) return 'under way'
  if (left <= 500) return 'any moment now'
  if (left < 90_000) return `about ${Math.ceil(left / 1000)} s left`
  return `about ${Math.ceil(left / 60_000)} min left`
}

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!isTicking) return undefined
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), TICK)
    return () => clearInterval(timer)
  }, [isTicking])
  return now
}
