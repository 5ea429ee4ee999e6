import type { BuiltInForm, FormPart } from './form.ts'
import { iconOf, OF_ICONS, sizesOf, useOf } from './icon-form.ts'

/** The icons of a site: what browsers, Android and iOS ask for. */
const PARTS: readonly FormPart[] = [
  { form: 'favicon' },
  { form: 'icon', size: 192 },
  { form: 'icon', size: 512 },
  { form: 'maskable', size: 512 },
  { form: 'apple-touch-icon' },
]

/** `as=icons`: all icons of a site, those of the manifest and those of a page's head. */
export const icons: BuiltInForm = {
  takes: OF_ICONS,
  isOneFile: false,
  makes: PARTS,
  value(sets, _, write) {
    const all = PARTS.flatMap(({ form }, index) => {
      const set = sets[index]
      return set ? { form, set, value: iconOf(form, [set], write) } : []
    })
    const one = (wanted: string): unknown => all.find(({ form }) => form === wanted)?.value
    return {
      favicon: one('favicon'),
      icons: all.flatMap(({ form, value }) => (useOf(form).purpose === undefined ? [] : [value])),
      appleTouchIcon: one('apple-touch-icon'),
      links: all.flatMap(({ form, set }) => {
        const { rel } = useOf(form)
        const [source] = set.sources
        const href = write.url(source?.files[0]?.file ?? '')
        return rel === undefined ? [] : { rel, type: source?.type, sizes: sizesOf(form, set), href }
      }),
    }
  },
  told: {
    what: 'All icons of a site.',
    name: 'icons',
    type: 'RenderedIcons',
    gives: '`{ favicon, icons, appleTouchIcon, links }`',
    files: 'all of these icons, with 192 and 512 pixels',
  },
}
