/// <reference types="unplugin-gemini-image/client" />
// Compiled by `pnpm typecheck`: what renditions give, and what they do not.
import picture, { alt, format, width } from './hero.prompt.md?gemini-image&as=picture'
import sized from './hero.prompt.md?widths=400;800&as=picture&gemini-image'
import img from './hero.prompt.md?gemini-image&as=img'
import srcset from './hero.prompt.md?preset=card&as=srcset&gemini-image'
import url from './hero.prompt.md?gemini-image&as=url'
import preview from './hero.prompt.md?gemini-image&as=og'
import icon from './logo.prompt.md?size=64&as=icon&gemini-image'
import icons from './logo.prompt.md?gemini-image&as=icons'
import { color, placeholder } from './hero.prompt.md?gemini-image'
import urls, { alt as alts } from './hero.prompt.md?gemini-image&by=language'
import pictures from './hero.prompt.md?gemini-image&widths=400&as=picture&by=language'
import objects from './hero.prompt.md?gemini-image&as=object&by=language'
import srcsets from './hero.prompt.md?gemini-image&as=srcset&by=language'
import { inLanguage } from 'unplugin-gemini-image/languages'
import { geminiPicture } from 'unplugin-gemini-image/macro'
import { GeminiPicture as ReactPicture } from 'unplugin-gemini-image/react'
import { GeminiPicture as VuePicture } from 'unplugin-gemini-image/vue'
import type { Options } from 'unplugin-gemini-image/vite'

export const texts: string[] = [srcset, url, alt, color, placeholder, img.src, img.srcset]
export const pixels: number[] = [width, img.width, picture.img.height]
export const media: string[] = sized.sources.map(
  ({ type, srcset: candidates }) => type + candidates,
)
export const known: 'avif' | 'jpeg' | 'png' | 'webp' = format
export const shown = ReactPicture({ picture, alt: 'A harbour', fetchPriority: 'high' })
export const inVue = VuePicture

export const inGerman: string[] = [urls, alts, srcsets].map((one) => inLanguage(one, 'de-AT'))
export const ofGerman: (string | undefined)[] = [objects['de']?.alt, pictures['de']?.img.alt]
export const shownInGerman = ReactPicture({ picture: pictures, lang: 'de-AT' })
export const oneOf = ReactPicture({ picture: inLanguage(pictures, undefined) })
// @ts-expect-error of each language there is one
export const url1: string = urls

export const heads: string[] = [preview.src, icon.sizes, ...icons.links.map(({ rel }) => rel)]
// @ts-expect-error an icon has no alternative text
export const iconAlt: string = icon.alt
// @ts-expect-error a picture is no URL
export const wrong: string = picture
// @ts-expect-error it is not known for a picture with transparency
export const background: string = picture.placeholder
// @ts-expect-error only the whole answer has all of its pictures
export { images } from './hero.prompt.md?gemini-image&as=picture'
// @ts-expect-error the file is the picture's
ReactPicture({ picture, src: '/hero.jpg' })
// @ts-expect-error what is shown is a picture
ReactPicture({ picture: url })

export const leaf = geminiPicture({
  prompt: 'A leaf',
  alt: '',
  rendition: { preset: 'card', widths: [1] },
})
export const leafUrl: string = leaf.img.src
// @ts-expect-error no such setting of a rendition
geminiPicture({ prompt: 'A leaf', alt: '', rendition: { breite: 400 } })

export const options: Options = {
  presets: {
    card: {
      width: 320,
      height: 200,
      density: [1, 2],
      formats: ['avif', 'jpeg'],
      quality: { avif: 45 },
    },
  },
}
export const bad: Options = {
  // @ts-expect-error no such format
  presets: { card: { formats: ['gif'] } },
}
