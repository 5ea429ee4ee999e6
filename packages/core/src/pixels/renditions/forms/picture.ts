import { RENDITION_SETTINGS } from '../settings.ts'
import {
  imgOf,
  onlyOne,
  type BuiltInForm,
  type FormFacts,
  type FormScene,
  type FormSet,
  type Writer,
} from './form.ts'

/** `as=picture`: a `<picture>` element, with the scenes that are shown in its place. */
export const picture: BuiltInForm = {
  takes: RENDITION_SETTINGS,
  isOneFile: false,
  hasScenes: true,
  makes: (settings, { hasAlpha }) => ({
    settings,
    formats: settings.formats ?? ['avif', 'webp', hasAlpha ? 'png' : 'jpeg'],
  }),
  value(sets, facts, write) {
    const { alt, looks, scenes = [] } = facts
    const main: FormScene = { alt, looks, media: undefined, scheme: undefined, set: onlyOne(sets) }
    const byMedia = scenes.filter(({ scheme }) => scheme?.selector === undefined)
    const bySelector = Map.groupBy(
      scenes.filter((scene) => !byMedia.includes(scene)),
      ({ scheme }) => scheme?.selector ?? '',
    )
    const schemes = [...bySelector].map(([selector, all]) => {
      const whole = all.find(({ media }) => media === undefined) ?? main
      const others = all.filter((scene) => scene !== whole)
      const unconditional = others.map((scene) => ({ ...scene, scheme: undefined }))
      return { selector, picture: elementOf({ ...whole, alt }, unconditional, write) }
    })
    return { ...elementOf(main, byMedia, write), ...(schemes.length > 0 && { schemes }) }
  },
  told: {
    what: 'The picture in sizes and formats, for a `<picture>` element.',
    name: 'picture',
    type: 'RenderedPicture',
    gives: '`{ sources, img, color, placeholder }`, for `<picture>` and `GeminiPicture`',
    files: 'AVIF, WebP, and JPEG or PNG for `img`',
  },
}

/** A browser takes the first source that fits, so those with more conditions come first. */
function elementOf(main: FormScene, scenes: readonly FormScene[], write: Writer): object {
  const conditions = ({ media, scheme }: FormScene): number =>
    Number(media !== undefined) + Number(scheme !== undefined)
  const ordered = scenes.toSorted((one, other) => conditions(other) - conditions(one))
  const sources = [
    ...ordered.flatMap((scene) => {
      const { width, height } = scene.set.shown
      return sourcesOf(scene.set.sources, scene.set, write).map((source) => ({
        media: mediaOf(scene),
        ...source,
        width,
        height,
      }))
    }),
    ...sourcesOf(main.set.sources.slice(0, -1), main.set, write),
  ]
  return { sources, img: imgOf(main.set, main, write), ...looksOf(main, scenes) }
}

function sourcesOf(
  sources: FormSet['sources'],
  { sizes }: FormSet,
  write: Writer,
): readonly { readonly type: string; readonly srcset: string; readonly sizes?: string }[] {
  const sized = sizes === undefined ? {} : { sizes }
  return sources.map(({ type, files }) => ({ type, srcset: write.srcset(files), ...sized }))
}

/** Until the picture is there, a page cannot tell which of them it will be: a light likeness would flash in the dark. */
function looksOf({ looks }: FormScene, scenes: readonly FormScene[]): FormFacts['looks'] {
  const isSure = scenes.every((scene) => scene.scheme === undefined && scene.looks !== undefined)
  return isSure ? looks : undefined
}

/** The media query of a scene. In a list of queries, each has the condition. */
function mediaOf({ media, scheme }: FormScene): string {
  const condition = scheme && `(prefers-color-scheme: ${scheme.name})`
  if (media === undefined) return condition ?? 'all'
  if (condition === undefined) return media
  const queries = media.split(',').map((query) => query.trim())
  const joined = queries.map((query) =>
    / or |^not \(/i.test(query) ? `(${query}) and ${condition}` : `${query} and ${condition}`,
  )
  return joined.join(', ')
}
