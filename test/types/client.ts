/// <reference types="unplugin-gemini-image/client" />
// Compiled by `pnpm typecheck`: what a picture import gives, and what it does not.
import hero, {
  alt,
  digitalSourceType,
  format,
  grounding,
  height,
  images,
  model,
  parts,
  prompt,
  text,
  width,
} from './hero.prompt.md?gemini-image'
import picture, { alt as objectAlt } from './hero.prompt.md?gemini-image&as=object'
import { imageJsonLd } from 'unplugin-gemini-image/json-ld'
import geminiImage, { type Options } from 'unplugin-gemini-image/vite'

export const src: string = hero
export const texts: string[] = [alt, prompt, model, text]
export const urls: string[] = [
  ...images,
  ...parts.map((part) => ('text' in part ? '' : part.image)),
]
export const credits: string[] = grounding?.sources.map(({ title, url }) => title ?? url) ?? []
// @ts-expect-error most pictures are not grounded
export const chips: string = grounding.searchSuggestions
export const pixels: number[] = [width, height]
export const known: 'jpeg' | 'png' | 'webp' = format

export const data: string = imageJsonLd({ image: hero, alt, digitalSourceType })
export const dataOfObject: string = imageJsonLd({ image: picture, digitalSourceType })
export const photo: string = imageJsonLd({ image: hero, digitalSourceType: 'digitalCapture' })
// @ts-expect-error a source type is a term of IPTC's
export const made: string = imageJsonLd({ image: hero, digitalSourceType: 'madeUp' })

// @ts-expect-error a picture has no such export
export { cost } from './hero.prompt.md?gemini-image'
// @ts-expect-error the default export is a URL
export const wrong: number = hero
export const whole: { src: string; width: number; alt: string } = picture
export const sameAlt: string = objectAlt
// @ts-expect-error the default export is an object
export const url: string = picture
// @ts-expect-error the object has no such property
export const { cost: price } = picture
// @ts-expect-error without the marker there is no such module
export { default as plain } from './hero.prompt.md'

export const options: Options = { mode: 'frozen', budget: 2 }
export const plugin = geminiImage(options)
geminiImage({
  transport: 'interactions',
  styles: { brand: 'Flat' },
  vars: { season: 'autumn' },
  remoteHosts: ['images.example.com'],
  models: { next: { like: 'gemini-nano-banana-2.1', thinking: ['high'] } },
  aliases: { house: ['next', 'gemini-3-pro-image'] },
})
// @ts-expect-error no such thinking level
geminiImage({ models: { next: { thinking: ['deep'] } } })
// @ts-expect-error no such mode
geminiImage({ mode: 'froze' })
// @ts-expect-error no key in any configuration
geminiImage({ apiKey: 'secret' })
import member from './poster.prompt.md?each=Spanish&gemini-image'
import memberObject from './poster.prompt.md?each=Spanish&as=object&gemini-image'
import memberPicture from './poster.prompt.md?each=Spanish&as=picture&gemini-image'

export const memberUrl: string = member
export const memberAlt: string = memberObject.alt
export const memberSource: string | undefined = memberPicture.sources[0]?.srcset
// @ts-expect-error the picture of a set is a URL, too
export const noNumber: number = member
