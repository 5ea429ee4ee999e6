/// <reference types="unplugin-gemini-image/client" />
// Compiled by `pnpm typecheck`: forms of a configuration, and what imports of them give.
import formats, { alt } from './hero.prompt.md?gemini-image&as=formats'
import small from './hero.prompt.md?ratio=1:1&gemini-image&as=formats'
import { defineConfig, defineForm, type CustomForm } from 'unplugin-gemini-image/config'
import type { Options } from 'unplugin-gemini-image/vite'

export const texts: string[] = [formats.srcset, small.srcset, alt]
// @ts-expect-error it is what the declaration below says
export const wrong: string = formats

const form = defineForm({
  makes: (asked, { hasAlpha }) => ({ settings: asked, formats: [hasAlpha ? 'png' : 'jpeg'] }),
  value: ([set], { looks }, write) => ({
    srcset: write.srcset(set.sources.flatMap(({ files }) => files)),
    width: set.shown.width,
    color: looks?.color,
  }),
})
export const typed: CustomForm<{ srcset: string; width: number; color: string | undefined }> = form

export const config: Options = defineConfig({
  forms: {
    formats: form,
    both: { makes: [{ form: 'og' }, { form: 'icon', size: 64 }], value: ({ length }) => length },
  },
})
export const bad: Options = {
  // @ts-expect-error no form without a value
  forms: { empty: { isOneFile: true } },
}
// @ts-expect-error no such format
defineForm({ makes: (asked) => ({ settings: asked, formats: ['gif'] }), value: () => '' })
