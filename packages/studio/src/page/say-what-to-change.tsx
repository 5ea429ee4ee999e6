import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import { ProposalDialog } from './proposal.tsx'

/** One more turn: the model changes the picture that it made. */
export function SayWhatToChange({ details }: { details: PictureDetails }): JSX.Element | null {
  const [words, setWords] = useState('')
  const [isAsking, setAsking] = useState(false)
  if (details.can.edit !== true || !details.image) return null
  const turn = words.trim()
  return (
    <form
      class="say"
      onSubmit={(event) => {
        event.preventDefault()
        if (turn) setAsking(true)
      }}
    >
      <label for="turn">Say what to change</label>
      <textarea
        id="turn"
        rows={2}
        placeholder="Warmer light, and no people"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey) {
            event.preventDefault()
            event.currentTarget.form?.requestSubmit()
          }
        }}
      />
      <button type="submit" disabled={!turn}>
        Review the change ({details.turnPrice})
      </button>
      {isAsking && (
        <ProposalDialog
          details={details}
          change={{ turn }}
          title="Change the picture"
          close={() => setAsking(false)}
          done={() => setWords('')}
        />
      )}
    </form>
  )
}
