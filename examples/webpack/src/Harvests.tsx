import type { ReactElement, ReactNode } from 'react'
import clover, * as cloverPicture from './pictures/clover.prompt.md?gemini-image'
import heather, * as heatherPicture from './pictures/heather.prompt.md?gemini-image'

interface HarvestProps {
  readonly src: string
  readonly picture: { readonly alt: string; readonly width: number; readonly height: number }
  readonly month: string
  readonly name: string
  readonly children: ReactNode
}

function Harvest({ src, picture, month, name, children }: HarvestProps): ReactElement {
  const { alt, width, height } = picture
  return (
    <article className="harvest">
      <img src={src} alt={alt} width={width} height={height} />
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
        <Harvest src={clover} picture={cloverPicture} month="June" name="Clover">
          Pale and quick to set, with the taste of a lawn that nobody has mown. Good on bread, and
          better on its own.
        </Harvest>
        <Harvest src={heather} picture={heatherPicture} month="September" name="Heather">
          For four weeks the hives stand up on the moor. What comes down again is amber, thick and a
          little bitter.
        </Harvest>
      </div>
    </section>
  )
}
