import type { JSX } from 'preact'

/** Drawn on a grid of 16. */
const PATHS = {
  check: 'M3.5 8.5l3 3 6-7',
  person: 'M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM3 13.5c.6-2.6 2.5-4 5-4s4.4 1.4 5 4',
  clock: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.2l2 1.6',
  dashed: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2',
  spark:
    'M8 2.5c.5 3.2 2.3 5 5.5 5.5-3.2.5-5 2.3-5.5 5.5-.5-3.2-2.3-5-5.5-5.5 3.2-.5 5-2.3 5.5-5.5z',
  stop: 'M5.5 2.5h5l3 3v5l-3 3h-5l-3-3v-5zM8 5.5v3M8 10.7v.1',
  batch: 'M2.5 5L8 2.5 13.5 5 8 7.5zM2.5 8L8 10.5 13.5 8M2.5 11L8 13.5 13.5 11',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.6 10.6L14 14',
  back: 'M9.5 3.5L5 8l4.5 4.5',
  next: 'M6.5 3.5L11 8l-4.5 4.5',
  close: 'M4 4l8 8M12 4l-8 8',
  warning: 'M8 2.5l6 11H2zM8 6.5v3M8 11.4v.1',
  plus: 'M8 3.5v9M3.5 8h9',
  minus: 'M3.5 8h9',
  open: 'M6 3.5H3.5v9h9V10M9 3.5h3.5V7M12.5 3.5L7.5 8.5',
  bin: 'M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5',
  upload: 'M8 10.5v-7M5 6l3-3 3 3M3 10.5v2.5h10v-2.5',
  edit: 'M10.5 3l2.5 2.5-7 7H3.5V10z',
  aim: 'M8 13A5 5 0 1 0 8 3a5 5 0 0 0 0 10zM8 1.5v3M8 11.5v3M1.5 8h3M11.5 8h3',
  undo: 'M5.5 3.5L3 6l2.5 2.5M3 6h6.5a3.5 3.5 0 0 1 0 7H6',
  arrows: 'M5.5 5L2.5 8l3 3M10.5 5l3 3-3 3',
} as const

export type IconName = keyof typeof PATHS

/** Decoration beside words: never alone without a label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      stroke-dasharray={name === 'dashed' ? '2.2 2.5' : undefined}
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
