import type { JSX } from 'preact'
import { useRef } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import { ADOPTED_TYPES } from './adopt.tsx'
import { Icon } from './icon.tsx'
import { landing } from './news.ts'
import { Reasoned } from './reasoned.tsx'
import { useAction, useStudio } from './studio.ts'

interface Props {
  readonly details: PictureDetails
  readonly adopt: (file: File) => void
}

/** Why there is no (new) picture, and the ways to one. */
export function Again({ details, adopt }: Props): JSX.Element {
  const { api, say } = useStudio()
  const { ask, words } = nextCall(details)
  const isUnderWay = details.state === 'generating'
  const [generate, isBusy] = useAction(async () => {
    const { spent } = await api.generate([details.id], ask)
    // Nothing where it had landed before the click.
    if (!/^\$[0.]+$/.test(spent)) {
      const { text, topic } = landing(details, spent)
      say(text, topic)
    }
  })
  return (
    <section class="again" aria-label="Generate">
      {details.why !== undefined && details.image && (
        <p class={details.state === 'refused' ? 'notice is-bad' : 'notice'}>{details.why}</p>
      )}
      <div class="buttons">
        <Reasoned
          can={details.can.generate}
          isBusy={isBusy || isUnderWay}
          class={ask === 'again' ? '' : 'primary'}
          act={generate}
        >
          <Icon name="spark" />
          {isBusy || isUnderWay ? 'Generating…' : words}
        </Reasoned>
        <ChooseFile can={details.can.adopt} take={adopt} />
      </div>
    </section>
  )
}

function nextCall(details: PictureDetails): {
  readonly ask: 'again' | 'retry' | undefined
  readonly words: string
} {
  const { state, price, againPrice } = details
  if (state === 'refused') return { ask: 'retry', words: `Try again (${againPrice})` }
  if (state === 'missing') return { ask: undefined, words: `Generate (${price})` }
  if (state === 'stale') return { ask: undefined, words: `Generate (${againPrice})` }
  return { ask: 'again', words: `Generate again (${againPrice})` }
}

function ChooseFile(props: { can: true | string; take: (file: File) => void }): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <Reasoned can={props.can} act={() => input.current?.click()}>
        <Icon name="upload" />
        Adopt a file…
      </Reasoned>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Adopt a file"
        accept={ADOPTED_TYPES}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          currentTarget.value = ''
          if (file) props.take(file)
        }}
      />
    </>
  )
}
