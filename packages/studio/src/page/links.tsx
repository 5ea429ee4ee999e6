import type { JSX } from 'preact'
import type { PictureDetails, ShownReference } from '../protocol.ts'
import { addressOf } from './address.ts'
import { Icon } from './icon.tsx'
import { Place } from './place.tsx'
import { pictureHash } from './route.ts'

/** Where a picture is declared and used, what it is made from, and what is made from it. */
export function Links({ details }: { details: PictureDetails }): JSX.Element {
  const { place, usedIn, references, referredBy } = details
  return (
    <>
      <section>
        <h2>In the source</h2>
        <ul class="places">
          <li>
            <span class="muted">Declared</span>
            <Place place={place} />
          </li>
          {usedIn.map((use) => (
            <li key={use}>
              <span class="muted">Used</span>
              <Place place={use} />
            </li>
          ))}
        </ul>
        {usedIn.length === 0 && details.state !== 'removed' && (
          <p class="muted">Nothing asks for it, so builds leave it alone.</p>
        )}
      </section>
      {references.length > 0 && (
        <section>
          <h2>References</h2>
          <ul class="references">
            {references.map((reference) => (
              <Reference key={reference.label} reference={reference} />
            ))}
          </ul>
        </section>
      )}
      {referredBy.length > 0 && (
        <section>
          <h2>Refer to it</h2>
          <ul class="places">
            {referredBy.map(({ id, label }) => (
              <li key={id}>
                <a class="path" href={pictureHash(id)}>
                  {label}
                </a>
              </li>
            ))}
          </ul>
          <p class="muted">They become missing when this picture changes.</p>
        </section>
      )}
    </>
  )
}

function Reference({ reference }: { reference: ShownReference }): JSX.Element {
  const { id, image, label } = reference
  const shown = (
    <>
      {image ? (
        <img src={addressOf(image, 320)} alt="" width={image.width} height={image.height} />
      ) : (
        <span class="no-image">
          <Icon name="dashed" size={20} />
        </span>
      )}
      <span class="path">{label}</span>
    </>
  )
  return <li>{id === undefined ? <div>{shown}</div> : <a href={pictureHash(id)}>{shown}</a>}</li>
}
