import type { ComponentChildren, JSX } from 'preact'
import { useId } from 'preact/hooks'

interface Props {
  /** `true`, or why it is impossible. */
  readonly can: true | string
  readonly isBusy?: boolean
  readonly class?: string
  readonly act: () => void
  readonly children: ComponentChildren
}

/** A button that says why it cannot be used. */
export function Reasoned({ can, isBusy = false, act, children, ...rest }: Props): JSX.Element {
  const id = useId()
  const why = can === true ? undefined : can
  return (
    <span class="reasoned">
      <button
        type="button"
        class={rest.class}
        disabled={why !== undefined || isBusy}
        aria-busy={isBusy}
        aria-describedby={why === undefined ? undefined : id}
        onClick={act}
      >
        {children}
      </button>
      {why !== undefined && (
        <span class="reason" id={id}>
          {why}
        </span>
      )}
    </span>
  )
}
