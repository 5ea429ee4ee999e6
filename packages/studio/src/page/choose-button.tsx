import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import type { Candidate } from './candidates.ts'
import { Icon } from './icon.tsx'
import { ProposalDialog } from './proposal.tsx'
import { Reasoned } from './reasoned.tsx'
import { useAction, useStudio } from './studio.ts'

interface Props {
  readonly details: PictureDetails
  readonly candidate: Candidate
}

/**
 * Makes another picture the one that the site shows; nothing where that is none of the candidate's. A choice that is written
 * among other things is shown first.
 */
export function ChooseButton({ details, candidate }: Props): JSX.Element | null {
  const { api, say, isReadOnly } = useStudio()
  const { variant, former, isCurrent } = candidate
  const [isAsking, ask] = useState(false)
  const [choose, isBusy] = useAction(async () => {
    if (variant !== undefined && details.kind !== 'prompt file') return ask(true)
    if (variant !== undefined) await api.pick(details.id, variant)
    else if (former) await api.goBack(details.id, former.key)
    say(
      `${details.name} shows ${variant === undefined ? 'the earlier picture' : candidate.label.toLowerCase()} now.`,
    )
  })
  if (isReadOnly || isCurrent || (variant === undefined && !former)) return null
  if (variant !== undefined) {
    return (
      <>
        <Reasoned can={details.can.pick} isBusy={isBusy} act={choose}>
          <Icon name="check" />
          Pick {candidate.label.toLowerCase()}
        </Reasoned>
        {isAsking && (
          <ProposalDialog
            details={details}
            change={{ settings: { pick: variant } }}
            title={`Pick ${candidate.label.toLowerCase()}`}
            close={() => ask(false)}
          />
        )}
      </>
    )
  }
  return (
    <Reasoned can={former?.whyNot ?? true} isBusy={isBusy} act={choose}>
      <Icon name="undo" />
      Go back to this one
    </Reasoned>
  )
}
