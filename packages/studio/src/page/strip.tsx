import type { JSX } from 'preact'
import { addressOf } from './address.ts'
import type { Candidate } from './candidates.ts'

/** All that there is and was of a picture, small. */
export function Strip(props: {
  candidates: readonly Candidate[]
  shown: Candidate
  show: (key: string) => void
}): JSX.Element {
  return (
    <ul class="strip" aria-label="Variants, turns and earlier pictures">
      {props.candidates.map(({ image, label, isCurrent }) => (
        <li key={image.key}>
          <button
            type="button"
            aria-pressed={image.key === props.shown.image.key}
            onClick={() => props.show(image.key)}
          >
            <img
              src={addressOf(image, 320)}
              alt=""
              width={image.width}
              height={image.height}
              loading="lazy"
            />
            <span>{label}</span>
            {isCurrent && label !== 'Now' && <span class="tag">In use</span>}
          </button>
        </li>
      ))}
    </ul>
  )
}
