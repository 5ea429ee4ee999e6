import type { Order } from '../order.ts'
import type { RenditionSettings } from '../settings.ts'
import { largestOf, onlyOne, type FormSet, type Writer } from './form.ts'
import type { RenditionParameter } from './names.ts'

/** What an icon leaves to choose. */
export const OF_ICONS: readonly RenditionParameter[] = ['background', 'focus']

/** What a `<link>` and a web app's manifest say of an icon. */
const SAID: Readonly<Record<string, { readonly rel?: string; readonly purpose?: string }>> = {
  favicon: { rel: 'icon' },
  // @see https://www.w3.org/TR/appmanifest/#purpose-member
  icon: { rel: 'icon', purpose: 'any' },
  // It stands in the manifest.
  maskable: { purpose: 'maskable' },
  'apple-touch-icon': { rel: 'apple-touch-icon' },
}

/** What an icon is for: `rel` of its `<link>`, and its `purpose` in a manifest. */
export function useOf(form: string): { readonly rel?: string; readonly purpose?: string } {
  return SAID[form] ?? {}
}

/** What the attribute `sizes` of an icon says. */
export function sizesOf(form: string, { shown }: FormSet): string {
  return form === 'favicon' ? '48x48 32x32 16x16' : `${shown.width}x${shown.height}`
}

/** An icon, with what a `<link>` and a web app's manifest say of it. */
export function iconOf(form: string, sets: readonly FormSet[], write: Writer): object {
  const set = onlyOne(sets)
  const { purpose } = useOf(form)
  return {
    src: largestOf(set, write),
    sizes: sizesOf(form, set),
    type: set.sources[0]?.type,
    ...(purpose !== undefined && { purpose }),
  }
}

export function square(side: number, settings: RenditionSettings): RenditionSettings {
  return { ...settings, width: side, height: side, density: [1], upscale: true }
}

/** A mask cuts what it likes: nothing may be transparent. */
export function onGround(settings: RenditionSettings, inset: number): Order {
  return { settings: { background: 'white', ...settings }, formats: ['png'], inset }
}
