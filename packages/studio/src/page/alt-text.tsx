import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import { Icon } from './icon.tsx'
import { ProposalDialog } from './proposal.tsx'
import { Reasoned } from './reasoned.tsx'
import { useAction, useStudio } from './studio.ts'

/** Alternative text: as it is, as a person rewrites it, or as the model would say it. */
export function AltText({ details }: { details: PictureDetails }): JSX.Element {
  const [words, setWords] = useState<string>()
  const canEdit = details.can.edit === true
  return (
    <section>
      <div class="section-head">
        <h2>Alternative text</h2>
        {canEdit && words === undefined && (
          <button type="button" class="quiet" onClick={() => setWords(details.alt ?? '')}>
            <Icon name="edit" />
            {details.alt === undefined ? 'Write' : 'Rewrite'}
          </button>
        )}
      </div>
      {words === undefined ? (
        <p class={details.alt ? '' : 'muted'}>{shownAlt(details.alt)}</p>
      ) : (
        <Rewrite
          details={details}
          words={words}
          change={setWords}
          end={() => setWords(undefined)}
        />
      )}
      {words === undefined && canEdit && <Drafted details={details} take={setWords} />}
    </section>
  )
}

function shownAlt(alt: string | undefined): string {
  if (alt === undefined) return 'None yet: screen readers have nothing to say of this picture.'
  return alt || 'Empty: the picture is decoration.'
}

/** A draft that the command has written and nobody has confirmed; or the way to one. */
function Drafted(props: {
  details: PictureDetails
  take: (words: string) => void
}): JSX.Element | null {
  const { altDraft } = props.details.settings
  const { alt, image } = props.details
  if (typeof altDraft !== 'string') {
    return alt === undefined && image ? <Draft {...props} /> : null
  }
  return (
    <div class="notice draft">
      <p>
        <span class="muted">Draft: </span>
        {altDraft}
      </p>
      <button type="button" onClick={() => props.take(altDraft)}>
        Use the draft
      </button>
    </div>
  )
}

function Draft(props: { details: PictureDetails; take: (words: string) => void }): JSX.Element {
  const { api, say } = useStudio()
  const [draft, isBusy] = useAction(async () => {
    const { alt, spent } = await api.draftAlt(props.details.id)
    say(`Alternative text was drafted, ${spent}`)
    props.take(alt)
  })
  return (
    <Reasoned can={props.details.can.generate} isBusy={isBusy} act={draft}>
      <Icon name="spark" />
      {isBusy ? 'Drafting…' : `Draft it (${props.details.altPrice})`}
    </Reasoned>
  )
}

function Rewrite(props: {
  details: PictureDetails
  words: string
  change: (words: string) => void
  end: () => void
}): JSX.Element {
  const [isAsking, setAsking] = useState(false)
  const isDrafted = props.details.settings['altDraft'] !== undefined
  const settings = { alt: props.words.trim(), ...(isDrafted && { altDraft: null }) }
  return (
    <div class="say">
      <textarea
        rows={3}
        aria-label="Alternative text"
        value={props.words}
        onInput={({ currentTarget }) => props.change(currentTarget.value)}
      />
      <div class="buttons">
        <button type="button" class="primary" onClick={() => setAsking(true)}>
          Review
        </button>
        <button type="button" onClick={props.end}>
          Discard
        </button>
      </div>
      {isAsking && (
        <ProposalDialog
          details={props.details}
          change={{ settings }}
          title="Change the alternative text"
          close={() => setAsking(false)}
          done={props.end}
        />
      )}
    </div>
  )
}
