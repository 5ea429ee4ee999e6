import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import { ProposalDialog } from './proposal.tsx'

/** In percent from the left and from the top. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Where the declaration has it; else the middle. */
export function focusOf({ settings }: PictureDetails): Point {
  const [, x, y] = /^(\d+)% (\d+)%$/.exec(String(settings['focus'])) ?? []
  return { x: Number(x ?? 50), y: Number(y ?? 50) }
}

/** What crops keep in view: set by a click on the picture, or in numbers. */
export function FocusPoint(props: {
  details: PictureDetails
  at: Point
  move: (point: Point) => void
  end: () => void
}): JSX.Element {
  const { at, move, end } = props
  const [isAsking, setAsking] = useState(false)
  useEscape(end)
  return (
    <div class="aim-bar" role="group" aria-label="Focus point">
      <p class="muted">Click what crops must keep in view.</p>
      <Percent label="From the left" value={at.x} change={(x) => move({ ...at, x })} />
      <Percent label="From the top" value={at.y} change={(y) => move({ ...at, y })} />
      <button type="button" onClick={end}>
        Cancel
      </button>
      <button type="button" class="primary" onClick={() => setAsking(true)}>
        Review
      </button>
      {isAsking && (
        <ProposalDialog
          details={props.details}
          change={{ settings: { focus: `${at.x}% ${at.y}%` } }}
          title="Set the focus point"
          close={() => setAsking(false)}
          done={end}
        />
      )}
    </div>
  )
}

/** Ends this before the page's own Escape leads back to the gallery. */
function useEscape(end: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || document.querySelector('dialog[open]')) return
      event.preventDefault()
      end()
    }
    addEventListener('keydown', listen, true)
    return () => removeEventListener('keydown', listen, true)
  }, [])
}

function Percent(props: {
  label: string
  value: number
  change: (value: number) => void
}): JSX.Element {
  return (
    <label class="percent">
      <input
        type="number"
        min={0}
        max={100}
        aria-label={`${props.label}, in percent`}
        value={props.value}
        onInput={({ currentTarget }) => {
          const value = Math.round(currentTarget.valueAsNumber)
          if (value >= 0 && value <= 100) props.change(value)
        }}
      />
      %
    </label>
  )
}
