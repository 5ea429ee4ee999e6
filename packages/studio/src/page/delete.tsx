import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { PictureDetails } from '../protocol.ts'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { Reasoned } from './reasoned.tsx'
import { useAction, useStudio } from './studio.ts'

/** Deletes the declaration, once a person has said so twice. */
export function Delete({ details }: { details: PictureDetails }): JSX.Element {
  const { api, say } = useStudio()
  const [isAsking, setAsking] = useState(false)
  const [remove, isBusy] = useAction(async () => {
    await api.remove(details.id)
    say(`${details.name} was deleted.`)
    location.hash = '#/'
  })
  return (
    <section>
      <Reasoned can={details.can.delete} class="danger" act={() => setAsking(true)}>
        <Icon name="bin" />
        Delete…
      </Reasoned>
      {isAsking && (
        <Dialog
          title={`Delete ${details.name}?`}
          close={() => setAsking(false)}
          actions={
            <>
              <button type="button" onClick={() => setAsking(false)}>
                Cancel
              </button>
              <button type="button" class="danger solid" disabled={isBusy} onClick={remove}>
                Delete {details.label}
              </button>
            </>
          }
        >
          <p>
            This deletes <span class="path">{details.label}</span>. The picture stays in the store
            until you run <code>npx gemini-image prune</code>.
          </p>
          {details.usedIn.length > 0 && (
            <p class="notice is-bad">
              {details.usedIn.length === 1
                ? `${details.usedIn[0]} still asks for it, and will not build without it.`
                : `${details.usedIn.length} files still ask for it, and will not build without it.`}
            </p>
          )}
        </Dialog>
      )}
    </section>
  )
}
