import type { ReactElement } from 'react'
import Image from 'next/image'
import { geminiImage } from 'unplugin-gemini-image/macro'

const tiles = geminiImage({
  prompt: `Twenty-four small test tiles of fired clay in four rows on a pale bench, seen from above: each is
dipped in a different glaze, celadon, iron red, ochre, ash white, slate, moss, rose, and shows bare
clay below a wavy edge. A hole at the top of each. Even daylight, soft shadows.`,
  aspectRatio: '4:3',
  alt: 'Twenty-four glazed test tiles in rows',
})

/** What a pot can be dipped in. */
export function Glazes(): ReactElement {
  const { src, alt, width, height } = tiles
  return (
    <section id="glazes" className="glazes" aria-labelledby="glazes-title">
      <div>
        <h2 id="glazes-title">Eight glazes, all our own</h2>
        <p>
          Wood ash from the stove, iron from a scrapyard, and a notebook that goes back eleven
          years. Pick one from the tiles when you order; it will come out a little different.
        </p>
      </div>
      <Image
        src={src}
        alt={alt}
        width={width}
        height={height}
        sizes="(min-width: 60rem) 40rem, 100vw"
      />
    </section>
  )
}
