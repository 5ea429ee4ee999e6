import type { ReactElement } from 'react'
import { geminiImage } from 'unplugin-gemini-image/macro'

const jar = geminiImage({
  prompt: `A single glass jar of clear amber honey with a brass lid and a small blank cream label, on
an oiled wooden table before a plain wall. Morning light falls through the jar and lays a warm glow on
the wood. A quiet product photograph with generous empty space above the jar.`,
  aspectRatio: '4:5',
  alt: 'A jar of amber honey on a wooden table, with light falling through it',
})

const FACTS = [
  ['In it', 'Honey'],
  ['Weight', '340 g'],
  ['Price', '£9, and 50p back for the jar'],
  ['Left of this year', '212 jars'],
] as const

/** What there is to buy. */
export function Jar(): ReactElement {
  return (
    <section id="jar" className="jar" aria-labelledby="jar-title">
      <div className="jar-card">
        <img src={jar.src} alt={jar.alt} width={jar.width} height={jar.height} />
        <div className="jar-text">
          <h2 id="jar-title">One size of jar</h2>
          <dl>
            {FACTS.map(([term, text]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
          <details>
            <summary>The prompt behind this picture</summary>
            <p>{jar.prompt}</p>
            <p>Drawn by {jar.model}</p>
          </details>
        </div>
      </div>
    </section>
  )
}
