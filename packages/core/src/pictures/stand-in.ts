import type { LockEntry } from '../pin/lock-entry.ts'

/** Why a page shows something in the place of a picture. */
export interface WhyShown {
  /** In a few words, for the picture itself: `generating, about 8 s`. */
  readonly label: string
  /** For people: `refused: …`. */
  readonly text: string
  /** What to do about it. */
  readonly next: string
}

/** What people see in the place of a picture while they work. */
export interface StandIn {
  readonly why: WhyShown
  /** The picture before it, which is shown dimmed while the new one is on its way. */
  readonly former?: LockEntry | undefined
}
