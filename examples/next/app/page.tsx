import Image from 'next/image'
import type { ReactElement } from 'react'
import { Glazes } from './glazes'
import bowl, { alt as bowlAlt } from './pictures/bowl.prompt.md?gemini-image'
import kiln, { alt as kilnAlt } from './pictures/kiln.prompt.md?gemini-image'
import shelf, { alt as shelfAlt, model, prompt } from './pictures/shelf.prompt.md?gemini-image'

const CARD = '(min-width: 76rem) 40rem, (min-width: 48rem) 55vw, 100vw'

export default function Page(): ReactElement {
  return (
    <main id="top">
      <section className="hero">
        <Image src={shelf} alt={shelfAlt} placeholder="blur" sizes="100vw" preload />
        <div className="hero-text">
          <h1>Made slowly, fired four times a year.</h1>
          <p>
            One wheel, one kiln and a shed by the canal. Everything on the shelf was thrown here,
            and most of it is meant to be eaten from.
          </p>
        </div>
      </section>
      <section id="work" className="work" aria-label="Work">
        <article>
          <Image src={bowl} alt={bowlAlt} placeholder="blur" sizes={CARD} />
          <h2>The canal bowl</h2>
          <p>
            Wide enough for soup, deep enough for two helpings. The glaze cracks as it cools, and
            never twice the same way.
          </p>
        </article>
        <article>
          <Image src={kiln} alt={kilnAlt} placeholder="blur" sizes={CARD} />
          <h2>Fourteen hours at 1,280 °C</h2>
          <p>
            The kiln holds ninety pots. We light it at each turn of the season, and open it two days
            later, with gloves on.
          </p>
        </article>
      </section>
      <Glazes />
      <details className="prompt">
        <summary>The prompt behind the first picture</summary>
        <p>{prompt}</p>
        <p>Drawn by {model}</p>
      </details>
    </main>
  )
}
