import type { JSX } from 'preact'
import { Icon } from './icon.tsx'
import { useOpen, useStudio } from './studio.ts'

/** A place in the source. Opens the editor there. */
export function Place({ place }: { place: string }): JSX.Element {
  const open = useOpen()
  const { isReadOnly } = useStudio()
  if (isReadOnly) return <span class="path">{place}</span>
  return (
    <button
      type="button"
      class="place"
      aria-label={`Open ${place} in the editor`}
      onClick={() => open(place)}
    >
      <span class="path">{place}</span>
      <Icon name="open" size={13} />
    </button>
  )
}
