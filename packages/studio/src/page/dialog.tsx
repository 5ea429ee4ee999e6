import type { ComponentChildren, JSX } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'
import { useStudio } from './studio.ts'

interface Props {
  readonly title: string
  readonly close: () => void
  readonly isWide?: boolean
  readonly children: ComponentChildren
  /** Buttons at the end. */
  readonly actions?: ComponentChildren
}

/** A modal dialog. Escape and the button close it, and the focus returns to what opened it. */
export function Dialog({ title, close, isWide, children, actions }: Props): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  const { cover } = useStudio()
  useLayoutEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    // Not the button that closes it, which stands first.
    dialog?.querySelector<HTMLElement>('[data-first], h2')?.focus()
    cover(dialog ?? undefined)
    return () => {
      cover(undefined)
      dialog?.close()
      keepSecondClick()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        close()
      }}
    >
      <div class="dialog-head">
        <h2 id={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="quiet square" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div class="dialog-body">{children}</div>
      {actions && <div class="dialog-foot">{actions}</div>}
    </dialog>
  )
}

const DOUBLE_CLICK = 500

/** The second click of a double click is meant for the dialog that the first one has closed, not for what lay under it. */
function keepSecondClick(): void {
  const keep = (event: MouseEvent): void => {
    if (event.detail < 2) return
    event.preventDefault()
    event.stopPropagation()
  }
  addEventListener('click', keep, true)
  setTimeout(() => removeEventListener('click', keep, true), DOUBLE_CLICK)
}
