import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import type { Decision, PictureDetails } from '../protocol.ts'
import { dayOf } from './candidates.ts'
import { isDecidable } from './filter.ts'
import { Icon } from './icon.tsx'
import { Verdict } from './state.tsx'
import { useAction, useStudio } from './studio.ts'

/** What a reviewer has decided on the picture, and the ways to decide. */
export function Review({ details }: { details: PictureDetails }): JSX.Element | null {
  const { isReadOnly } = useStudio()
  const { decision } = details
  if (!isDecidable(details) || (isReadOnly && !decision)) return null
  return (
    <section>
      <div class="section-head">
        <h2>Review</h2>
        <Verdict of={decision} />
      </div>
      {decision ? <Said decision={decision} /> : <p class="muted">Nobody has decided yet.</p>}
      {!isReadOnly && <Decide details={details} />}
    </section>
  )
}

/** The word why, and when it was said. */
export function Said({ decision }: { decision: Decision }): JSX.Element {
  const { word, date } = decision
  return (
    <p class="said">
      {word !== undefined && <span>{word} </span>}
      <span class="muted">{dayOf(date)}</span>
    </p>
  )
}

function Decide({ details }: { details: PictureDetails }): JSX.Element {
  const { api, say } = useStudio()
  const [word, setWord] = useState<string>()
  const [decide, isBusy] = useAction(async (verdict: Decision['verdict'], why?: string) => {
    await api.decide(details.id, verdict, why, details.image?.key)
    setWord(undefined)
    say(`${details.name} was ${verdict}.`, `review of ${details.id}`)
  })
  if (word !== undefined) {
    return (
      <Why
        word={word}
        change={setWord}
        reject={isBusy ? undefined : () => decide('rejected', word.trim())}
        end={() => setWord(undefined)}
      />
    )
  }
  const verdict = details.decision?.verdict
  return (
    <div class="buttons">
      {verdict !== 'accepted' && (
        <button type="button" disabled={isBusy} onClick={() => decide('accepted')}>
          <Icon name="check" />
          Accept
        </button>
      )}
      <button type="button" disabled={isBusy} onClick={() => setWord('')}>
        <Icon name="close" />
        {verdict === 'rejected' ? 'Reject for another reason…' : 'Reject…'}
      </button>
    </div>
  )
}

function Why(props: {
  word: string
  change: (word: string) => void
  reject: (() => void) | undefined
  end: () => void
}): JSX.Element {
  const id = useId()
  const { word, reject } = props
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault()
        if (word.trim()) reject?.()
      }}
    >
      <label for={id}>What is wrong with it?</label>
      <textarea
        id={id}
        rows={2}
        maxLength={2000}
        ref={(area) => void (word === '' && area?.focus())}
        value={word}
        onInput={({ currentTarget }) => props.change(currentTarget.value)}
      />
      <div class="buttons">
        <button type="submit" class="danger" disabled={!word.trim() || !reject}>
          Reject
        </button>
        <button type="button" onClick={props.end}>
          Cancel
        </button>
      </div>
    </form>
  )
}
