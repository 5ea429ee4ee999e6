/// <reference types="unplugin-gemini-image/client/next" />
// Compiled by `pnpm typecheck`: what a picture import gives in Next.js, and what it does not.
import type { StaticImageData } from 'next/image'
import hero, { alt, images } from './hero.prompt.md?gemini-image'
import object from './hero.prompt.md?gemini-image&as=object'
import heroes, { alt as alts } from './hero.prompt.md?gemini-image&by=language'
import objects from './hero.prompt.md?gemini-image&as=object&by=language'
import pictures from './hero.prompt.md?gemini-image&as=picture&by=language'

export const image: StaticImageData = hero
export const inGerman: (StaticImageData | undefined)[] = [heroes['de'], objects['de']]
export const inFrench: (string | undefined)[] = [alts['fr'], pictures['fr']?.img.alt]
export const all: readonly StaticImageData[] = images
export const text: string = alt + object.alt + object.src
export const blur: string | undefined = object.blurDataURL
// @ts-expect-error the default export is no URL
export const url: string = hero
// @ts-expect-error a picture has no such export
export { cost } from './hero.prompt.md?gemini-image'
