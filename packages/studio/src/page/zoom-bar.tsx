import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { isTyping } from './keys.ts'
import { useLatest } from './studio.ts'
import { FIT, panned, STEP, stepped, type Look, type Point, type Zoom } from './zoom.ts'

/** Buttons for the zoom, with the same keys everywhere on the page. */
export function ZoomBar({ zoom }: { zoom: Zoom }): JSX.Element {
  const { look, set } = zoom
  const latest = useLatest(zoom)
  const by = (factor: number): void => set(stepped(latest(), factor))
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event)) return
      if (event.key === '+' || event.key === '=') by(STEP)
      if (event.key === '-') by(1 / STEP)
      if (event.key === '0') set(FIT)
      if (event.key === '1') set(ACTUAL)
      const pan = PANS[event.key]
      if (!pan || latest().look.scale === undefined) return
      event.preventDefault()
      set(panned(latest(), pan))
    }
    // Before the page's own keys: while it is zoomed, arrows move the picture.
    addEventListener('keydown', listen, true)
    return () => removeEventListener('keydown', listen, true)
  }, [])
  return (
    <div class="zoom-bar" role="group" aria-label="Zoom">
      <button type="button" class="quiet square" aria-label="Zoom out" onClick={() => by(1 / STEP)}>
        <Icon name="minus" />
      </button>
      <button
        type="button"
        class="quiet"
        aria-pressed={look.scale === undefined}
        onClick={() => set(FIT)}
      >
        Fit
      </button>
      <button
        type="button"
        class="quiet"
        aria-pressed={look.scale === 1}
        onClick={() => set(ACTUAL)}
      >
        {look.scale === undefined || look.scale === 1
          ? '100 %'
          : `${Math.round(look.scale * 100)} %`}
      </button>
      <button type="button" class="quiet square" aria-label="Zoom in" onClick={() => by(STEP)}>
        <Icon name="plus" />
      </button>
    </div>
  )
}

const ACTUAL: Look = { scale: 1, x: 0.5, y: 0.5 }

const PANS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
}
