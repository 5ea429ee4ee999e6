import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { Change, PictureDetails } from '../protocol.ts'
import { changeOf, draftOf, type Draft } from './draft.ts'
import { Dialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { ProposalDialog } from './proposal.tsx'
import { Reasoned } from './reasoned.tsx'
import { SettingFields } from './setting-fields.tsx'

/** Opens prompt and settings for editing. */
export function EditButton({ details }: { details: PictureDetails }): JSX.Element {
  const [draft, setDraft] = useState<Draft>()
  const [change, setChange] = useState<Change>()
  const close = (): void => {
    setDraft(undefined)
    setChange(undefined)
  }
  return (
    <>
      <Reasoned can={details.can.edit} class="quiet" act={() => setDraft(draftOf(details))}>
        <Icon name="edit" />
        Edit
      </Reasoned>
      {draft && !change && (
        <EditDialog
          details={details}
          draft={draft}
          edit={setDraft}
          review={setChange}
          close={close}
        />
      )}
      {change && (
        <ProposalDialog
          details={details}
          change={change}
          title={`Edit ${details.name}`}
          close={close}
          back={() => setChange(undefined)}
        />
      )}
    </>
  )
}

function EditDialog(props: {
  details: PictureDetails
  draft: Draft
  edit: (draft: Draft) => void
  review: (change: Change) => void
  close: () => void
}): JSX.Element {
  const { details, draft, edit } = props
  const change = changeOf(details, draft)
  return (
    <Dialog
      title={`Edit ${details.name}`}
      close={props.close}
      isWide
      actions={
        <>
          <button type="button" onClick={props.close}>
            Cancel
          </button>
          <button
            type="button"
            class="primary"
            disabled={!change}
            onClick={() => change && props.review(change)}
          >
            Review the change
          </button>
        </>
      }
    >
      <label class="field">
        <span>Prompt</span>
        <textarea
          data-first
          rows={6}
          value={draft.prompt}
          onInput={({ currentTarget }) => edit({ ...draft, prompt: currentTarget.value })}
        />
      </label>
      <SettingFields
        settings={draft.settings}
        change={(settings) => edit({ ...draft, settings })}
      />
    </Dialog>
  )
}
