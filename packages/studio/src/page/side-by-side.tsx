import type { JSX } from 'preact'
import type { Candidate } from './candidates.ts'
import { ChooseButton } from './choose-button.tsx'
import { Frame } from './frame.tsx'
import type { PictureDetails } from '../protocol.ts'
import type { Zoom } from './zoom.ts'

/** All pictures beside each other. They are zoomed and moved together. */
export function SideBySide(props: {
  details: PictureDetails
  candidates: readonly Candidate[]
  zoom: Zoom
}): JSX.Element {
  return (
    <ul class="side-by-side">
      {props.candidates.map((candidate) => (
        <li key={candidate.image.key}>
          <Frame
            image={candidate.image}
            alt={`${props.details.name}: ${candidate.label}`}
            zoom={props.zoom}
          />
          <div class="side-caption">
            <span class={candidate.isCurrent ? 'strong' : ''}>
              {candidate.label}
              {candidate.isCurrent && <span class="tag">In use</span>}
            </span>
            <ChooseButton details={props.details} candidate={candidate} />
          </div>
        </li>
      ))}
    </ul>
  )
}
