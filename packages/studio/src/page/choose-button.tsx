import type { JSX } from 'preact'
import type { PictureDetails } from '../protocol.ts'
import type { Candidate } from './candidates.ts'
import { Icon } from './icon.tsx'
import { Reasoned } from './reasoned.tsx'
import { useAction, useStudio } from './studio.ts'

interface Props {
  readonly details: PictureDetails
  readonly candidate: Candidate
}

/** Makes another picture the one that the site shows; nothing where that is none of the candidate's. */
export function ChooseButton({ details, candidate }: Props): JSX.Element | null {
  const { api, say } = useStudio()
  const { variant, former, isCurrent } = candidate
  const [choose, isBusy] = useAction(async () => {
    if (variant !== undefined) await api.pick(details.id, variant)
    else if (former) await api.goBack(details.id, former.key)
    say(
      `${details.name} shows ${variant === undefined ? 'the earlier picture' : candidate.label.toLowerCase()} now.`,
    )
  })
  if (isCurrent || (variant === undefined && !former)) return null
  if (variant !== undefined) {
    return (
      <Reasoned can={details.can.pick} isBusy={isBusy} act={choose}>
        <Icon name="check" />
        Pick {candidate.label.toLowerCase()}
      </Reasoned>
    )
  }
  return (
    <Reasoned can={former?.whyNot ?? true} isBusy={isBusy} act={choose}>
      <Icon name="undo" />
      Go back to this one
    </Reasoned>
  )
}
