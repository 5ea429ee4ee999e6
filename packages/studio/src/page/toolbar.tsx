import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { PictureItem } from '../protocol.ts'
import {
  GROUPS,
  isShown,
  SHOWN_STATES,
  shownWord,
  SORTS,
  type Filter,
  type Group,
  type Sort,
} from './filter.ts'
import { Icon } from './icon.tsx'
import { isTyping } from './keys.ts'

interface Props {
  readonly pictures: readonly PictureItem[]
  readonly filter: Filter
  readonly change: (filter: Filter) => void
}

/** Which pictures are shown, and in which order. */
export function Toolbar({ pictures, filter, change }: Props): JSX.Element {
  return (
    <div class="toolbar" role="search" aria-label="Pictures">
      <Words text={filter.text} change={(text) => change({ ...filter, text })} />
      <Chips pictures={pictures} filter={filter} change={change} />
      <div class="selects">
        <Select
          label="Group"
          value={filter.group}
          options={GROUPS}
          change={(group) => change({ ...filter, group: group as Group })}
        />
        <Select
          label="Sort"
          value={filter.sort}
          options={SORTS}
          change={(sort) => change({ ...filter, sort: sort as Sort })}
        />
      </div>
    </div>
  )
}

function Words({ text, change }: { text: string; change: (text: string) => void }): JSX.Element {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== '/' || isTyping(event)) return
      event.preventDefault()
      ref.current?.focus()
      ref.current?.select()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  return (
    <div class="search">
      <Icon name="search" />
      <input
        ref={ref}
        type="search"
        placeholder="Filter"
        aria-label="Filter by name, prompt or path"
        aria-keyshortcuts="/"
        value={text}
        onInput={(event) => change(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </div>
  )
}

/** States that no picture has are left out, so that what is there can be seen. */
function Chips({ pictures, filter, change }: Props): JSX.Element {
  const counts = SHOWN_STATES.map((state) => ({
    state,
    count: pictures.filter((picture) => isShown(picture, state)).length,
  }))
  const isReviewed = pictures.some(({ decision }) => decision)
  const shown = counts.filter(
    ({ state, count }) =>
      state === 'all' ||
      state === filter.state ||
      (count > 0 && (state !== 'undecided' || isReviewed)),
  )
  return (
    <div class="chips" role="group" aria-label="State">
      {shown.map(({ state, count }) => (
        <button
          key={state}
          type="button"
          class="chip"
          aria-pressed={state === filter.state}
          onClick={() => change({ ...filter, state })}
        >
          {shownWord(state)} <span class="count">{count}</span>
        </button>
      ))}
    </div>
  )
}

function Select(props: {
  label: string
  value: string
  options: Readonly<Record<string, string>>
  change: (value: string) => void
}): JSX.Element {
  return (
    <select
      aria-label={props.label}
      value={props.value}
      onChange={(event) => props.change(event.currentTarget.value)}
    >
      {Object.entries(props.options).map(([value, words]) => (
        <option key={value} value={value}>
          {words}
        </option>
      ))}
    </select>
  )
}
