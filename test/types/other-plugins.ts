/// <reference types="unplugin-gemini-image/client" />
// Compiled by `pnpm typecheck`: queries of other plugins, as docs/hosts.md shows them.
import type { Picture } from 'vite-imagetools'
import hero from './hero.prompt.md?gemini-image&w=200;400&format=avif;webp&as=picture'
import enhanced, { alt } from './hero.prompt.md?gemini-image&enhanced'

export const pictures: readonly Picture[] = [hero, enhanced]
export const text: string = alt
// @ts-expect-error it is no URL
export const wrong: string = enhanced
