import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import type { Candidate } from './candidates.ts'
import { Frame } from './frame.tsx'
import { Icon } from './icon.tsx'
import type { Zoom } from './zoom.ts'

interface Props {
  readonly candidates: readonly Candidate[]
  readonly zoom: Zoom
}

/** Two pictures on top of each other, with a divider to move over them. */
export function Compare({ candidates, zoom }: Props): JSX.Element {
  const [leftKey, setLeft] = useState(candidates[0]?.image.key)
  const [rightKey, setRight] = useState(candidates[1]?.image.key)
  const [at, setAt] = useState(50)
  const ref = useRef<HTMLDivElement>(null)
  const left = candidates.find(({ image }) => image.key === leftKey) ?? candidates[0]
  const right = candidates.find(({ image }) => image.key === rightKey) ?? candidates[1]
  if (!left || !right) return <p class="muted">There is nothing to compare it with.</p>
  const words = `${left.label} ${at} %, ${right.label} ${100 - at} %`
  return (
    <div class="compare">
      <div class="compare-sides">
        <Side label="Left" chosen={left} candidates={candidates} choose={setLeft} />
        <Side label="Right" chosen={right} candidates={candidates} choose={setRight} />
      </div>
      <div class="compare-frame" ref={ref}>
        <Frame image={right.image} alt={`Right: ${right.label}`} zoom={zoom} />
        <div class="compare-left" style={{ clipPath: `inset(0 ${100 - at}% 0 0)` }}>
          <Frame image={left.image} alt={`Left: ${left.label}`} zoom={zoom} />
        </div>
        <Divider at={at} words={words} set={setAt} within={ref} />
      </div>
    </div>
  )
}

function Divider(props: {
  at: number
  words: string
  set: (at: number) => void
  within: { current: HTMLElement | null }
}): JSX.Element {
  const { at, set } = props
  const drag = (event: PointerEvent): void => {
    const box = props.within.current?.getBoundingClientRect()
    if (box) set(inPercent(((event.clientX - box.left) / box.width) * 100))
  }
  return (
    <div
      class="divider"
      style={{ left: `${at}%` }}
      role="slider"
      tabIndex={0}
      aria-label="Divider between both pictures"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={at}
      aria-valuetext={props.words}
      onKeyDown={(event) => {
        const to = keyed(at, event)
        if (to === undefined) return
        event.preventDefault()
        event.stopPropagation()
        set(inPercent(to))
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        event.currentTarget.focus()
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) drag(event)
      }}
    >
      <span class="divider-grip">
        <Icon name="arrows" />
      </span>
    </div>
  )
}

function keyed(at: number, { key, shiftKey }: KeyboardEvent): number | undefined {
  const step = shiftKey ? 10 : 2
  if (key === 'ArrowLeft' || key === 'ArrowDown') return at - step
  if (key === 'ArrowRight' || key === 'ArrowUp') return at + step
  if (key === 'PageDown') return at - 10
  if (key === 'PageUp') return at + 10
  if (key === 'Home') return 0
  return key === 'End' ? 100 : undefined
}

function inPercent(value: number): number {
  return Math.round(Math.min(100, Math.max(0, value)))
}

function Side(props: {
  label: string
  chosen: Candidate
  candidates: readonly Candidate[]
  choose: (key: string) => void
}): JSX.Element {
  return (
    <label class="side-choice">
      <span class="muted">{props.label}</span>
      <select
        value={props.chosen.image.key}
        onChange={(event) => props.choose(event.currentTarget.value)}
      >
        {props.candidates.map(({ image, label }) => (
          <option key={image.key} value={image.key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
}
