import type { JSX } from 'preact'
import type { Overview } from '../protocol.ts'
import { Icon } from './icon.tsx'
import { Place } from './place.tsx'

/** What is wrong in the source, each with the place to put it right. */
export function Problems({ problems }: Pick<Overview, 'problems'>): JSX.Element | null {
  if (problems.length === 0) return null
  return (
    <section class="problems" aria-labelledby="problems">
      <h2 id="problems">
        <Icon name="warning" />
        {problems.length === 1
          ? '1 problem in the source'
          : `${problems.length} problems in the source`}
      </h2>
      <ul>
        {problems.map(({ message, place }) => (
          <li key={`${place}${message}`}>
            <p>{message}</p>
            {place !== undefined && <Place place={place} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
