import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Change, PictureDetails, Proposal } from '../protocol.ts'
import { Dialog } from './dialog.tsx'
import { Diff } from './diff.tsx'
import { pictureHash, replaceRoute } from './route.ts'
import { useAction, useStudio } from './studio.ts'

interface Props {
  readonly details: PictureDetails
  readonly change: Change
  readonly title: string
  readonly close: () => void
  /** To where the change can be changed. */
  readonly back?: () => void
  /** Once it is written. */
  readonly done?: () => void
}

/** Shows what a change does to the source, and what it would cost, before it is made. */
export function ProposalDialog(props: Props): JSX.Element {
  const { details, close, back, done } = props
  const { api, overview, refresh, say } = useStudio()
  const { proposal, error } = useProposal(props)
  const [apply, isBusy] = useAction(async (isPaid: boolean) => {
    if (!proposal) return
    const { id } = await api.applyEdit(proposal.token)
    say(`${proposal.file} was written.`)
    close()
    done?.()
    if (id !== details.id) replaceRoute(pictureHash(id))
    await refresh()
    if (isPaid) await api.generate([id])
  })
  const price = proposal?.price
  const canPay = price !== undefined && details.can.generate === true
  return (
    <Dialog
      title={props.title}
      close={close}
      isWide
      actions={
        <>
          <button type="button" onClick={back ?? close}>
            {back ? 'Back' : 'Cancel'}
          </button>
          {!(canPay && overview?.generatesOnSave) && (
            <button
              type="button"
              class={canPay ? '' : 'primary'}
              disabled={!proposal || isBusy}
              onClick={() => apply(false)}
            >
              Write
            </button>
          )}
          {canPay && (
            <button type="button" class="primary" disabled={isBusy} onClick={() => apply(true)}>
              Write and generate ({price})
            </button>
          )}
        </>
      }
    >
      {error !== undefined && (
        <p class="form-error" role="alert">
          {error}
        </p>
      )}
      {!proposal && error === undefined && <p class="muted">Reading the source…</p>}
      {proposal && <Proposed proposal={proposal} />}
    </Dialog>
  )
}

function Proposed({ proposal }: { proposal: Proposal }): JSX.Element {
  return (
    <>
      <Diff file={proposal.file} diff={proposal.diff} />
      <p class="muted">
        {proposal.price === undefined
          ? 'The picture stays as it is. This costs nothing.'
          : `This asks for a new picture: ${proposal.price}.`}
      </p>
    </>
  )
}

function useProposal({ details, change }: Props): { proposal?: Proposal; error?: string } {
  const { api } = useStudio()
  const [answer, setAnswer] = useState<{ proposal?: Proposal; error?: string }>({})
  useEffect(() => {
    let isCurrent = true
    api.proposeEdit(details.id, change).then(
      (proposal) => isCurrent && setAnswer({ proposal }),
      (error: unknown) =>
        isCurrent && setAnswer({ error: error instanceof Error ? error.message : String(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [])
  return answer
}
