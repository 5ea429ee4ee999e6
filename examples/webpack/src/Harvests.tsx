import type { ReactElement, ReactNode } from 'react'
import { GeminiPicture, type RenderedPicture } from 'unplugin-gemini-image/react'
import clover from './pictures/clover.prompt.md?preset=card&as=picture&gemini-image'
import heather from './pictures/heather.prompt.md?preset=card&as=picture&gemini-image'

interface HarvestProps {
  readonly picture: RenderedPicture
  readonly month: string
  readonly name: string
  readonly children: ReactNode
}

function Harvest({ picture, month, name, children }: HarvestProps): ReactElement {
  return (
    <article className="harvest">
      <GeminiPicture picture={picture} />
      <div>
        <p className="month">{month}</p>
        <h3>{name}</h3>
        <p>{children}</p>
      </div>
    </article>
  )
}

/** The two honeys of a year. */
export function Harvests(): ReactElement {
  return (
    <section id="harvests" aria-labelledby="harvests-title">
      <h2 id="harvests-title">Two harvests a year</h2>
      <div className="harvests">
        <Harvest picture={clover} month="June" name="Clover">
          Pale and quick to set, with the taste of a lawn that nobody has mown. Good on bread, and
          better on its own.
        </Harvest>
        <Harvest picture={heather} month="September" name="Heather">
          For four weeks the hives stand up on the moor. What comes down again is amber, thick and a
          little bitter.
        </Harvest>
      </div>
    </section>
  )
}
