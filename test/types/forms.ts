/// <reference types="unplugin-gemini-image/client" />
// Compiled by `pnpm typecheck`: every form of the registry has a type.
import type { SpritesheetData } from 'pixi.js'
import picture, { alt } from './hero.prompt.md?gemini-image&as=picture'
import img, { format } from './hero.prompt.md?width=320&as=img&gemini-image'
import srcset from './hero.prompt.md?gemini-image&as=srcset'
import url from './hero.prompt.md?gemini-image&as=url'
import sheet from './hero.prompt.md?size=64&as=sheet&gemini-image'
import og from './hero.prompt.md?gemini-image&as=og'
import square from './hero.prompt.md?gemini-image&as=og-square'
import portrait from './hero.prompt.md?gemini-image&as=og-portrait'
import favicon from './hero.prompt.md?gemini-image&as=favicon'
import icon from './hero.prompt.md?size=64&as=icon&gemini-image'
import maskable from './hero.prompt.md?gemini-image&as=maskable'
import apple from './hero.prompt.md?gemini-image&as=apple-touch-icon'
import icons from './hero.prompt.md?gemini-image&as=icons'

export const texts: string[] = [srcset, url, alt, format, og.src, img.src]
export const shown: number[] = [
  picture.img.width,
  img.width,
  og.width,
  square.height,
  portrait.height,
  sheet.width,
]
// What PixiJS takes.
export const spritesheet: SpritesheetData = sheet
export const allIcons: string[] = [favicon, icon, maskable, apple, ...icons.icons].map(
  ({ sizes }) => sizes,
)
