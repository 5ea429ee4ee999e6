import type { JSX } from 'preact'
import type { Decision, PictureItem, PictureState } from '../protocol.ts'
import { Icon, type IconName } from './icon.tsx'

interface Looks {
  readonly word: string
  readonly icon: IconName
  /** What calls for attention stands first. */
  readonly urgency: number
}

const STATES: Readonly<Record<PictureState, Looks>> = {
  refused: { word: 'Refused', icon: 'stop', urgency: 0 },
  missing: { word: 'Missing', icon: 'dashed', urgency: 1 },
  stale: { word: 'Stale', icon: 'clock', urgency: 2 },
  generating: { word: 'Generating', icon: 'spark', urgency: 3 },
  pending: { word: 'In a batch', icon: 'batch', urgency: 4 },
  pinned: { word: 'Pinned', icon: 'check', urgency: 5 },
  adopted: { word: 'Adopted', icon: 'person', urgency: 5 },
  removed: { word: 'Removed', icon: 'bin', urgency: 6 },
}

export const stateWord = (state: PictureState): string => STATES[state].word
export const urgencyOf = (state: PictureState): number => STATES[state].urgency

/** What a reviewer has decided, if anything. */
export function Verdict({ of }: { of: Decision | undefined }): JSX.Element | null {
  if (!of) return null
  const isAccepted = of.verdict === 'accepted'
  return (
    <span class={isAccepted ? 'state state-accepted' : 'state state-rejected'}>
      <Icon name={isAccepted ? 'check' : 'close'} size={14} />
      {isAccepted ? 'Accepted' : 'Rejected'}
    </span>
  )
}

/** A state in words, with an icon and a colour. */
export function State({
  of,
}: {
  of: Pick<PictureItem, 'state' | 'isUnused' | 'decision'>
}): JSX.Element {
  const { word, icon } = STATES[of.state]
  return (
    <span class="states">
      <span class={`state state-${of.state}`}>
        <Icon name={icon} size={14} />
        {word}
      </span>
      {of.isUnused && <span class="state state-unused">Unused</span>}
      <Verdict of={of.decision} />
    </span>
  )
}
