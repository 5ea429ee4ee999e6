// Compiled by `pnpm typecheck`: what a picture import gives in Astro, and what it does not.
import type { ImageMetadata } from 'astro'
import { creditsOf } from '../src/credits.ts'
import geminiImage from '../src/index.ts'
import { imageJsonLd } from '../src/json-ld.ts'
import hero, { alt, grounding, height, images, parts, width } from './hero.prompt.md?gemini-image'
import heroes, { alt as alts } from './hero.prompt.md?gemini-image&by=language'
import objects from './hero.prompt.md?gemini-image&as=object&by=language'
import { shownPicture } from '../src/shown-picture.ts'

export const metadata: ImageMetadata = hero
export const inGerman: (ImageMetadata | undefined)[] = [heroes['de'], objects['de']]
export const inFrench: (string | undefined)[] = [alts['fr'], objects['fr']?.alt]
export const shown: string = shownPicture('GeminiImage', { picture: objects }, 'de').alt
export const all: readonly ImageMetadata[] = images
export const pictures: ImageMetadata[] = parts.flatMap((part) =>
  'text' in part ? [] : [part.image],
)
export const pixels: number[] = [width, height]
export const credits: string[] = creditsOf(grounding).pages.map(({ title }) => title)
export const jsonLd: string = imageJsonLd({
  image: hero,
  alt,
  digitalSourceType: 'trainedAlgorithmicMedia',
})

// @ts-expect-error the default export is no URL here
export const src: string = hero
// @ts-expect-error a picture has no such export
export { cost } from './hero.prompt.md?gemini-image'
// @ts-expect-error without the marker there is no such module
export { default as plain } from './hero.prompt.md'
// @ts-expect-error no such term of IPTC
imageJsonLd({ image: hero, digitalSourceType: 'madeUp' })

geminiImage({ mode: 'frozen', budget: 2 })
// @ts-expect-error no key in any configuration
geminiImage({ apiKey: 'secret' })
