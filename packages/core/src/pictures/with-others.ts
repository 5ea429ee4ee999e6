import type { DeclarationId } from '../declare/declaration.ts'
import type { ResolvedImage } from './resolved-image.ts'
import { withScenes } from './with-scenes.ts'

type Find = (id: DeclarationId) => Promise<ResolvedImage>

/** A picture with the pictures of its scenes, or those of all languages. */
export async function withOthers(image: ResolvedImage, find: Find): Promise<ResolvedImage> {
  if (!image.languages) return withScenes(image, find)
  const found = new Map<DeclarationId, Promise<ResolvedImage>>()
  const languages = image.languages.map(async (one) => {
    const picture = found.get(one.id) ?? find(one.id)
    found.set(one.id, picture)
    const shown = await picture
    return { ...one, image: { ...shown, alt: one.alt ?? shown.alt } }
  })
  return asOne(image, await Promise.all(languages))
}

/** It is a placeholder where one of them is, and has no alternative text where one of them has none. */
function asOne(
  image: ResolvedImage,
  languages: readonly { readonly image: ResolvedImage }[] & NonNullable<ResolvedImage['languages']>,
): ResolvedImage {
  const pictures = languages.map((one) => one.image)
  const placeholder = pictures.find(({ state }) => state === 'placeholder')
  const without = pictures.find(({ alt }) => alt === undefined)
  return {
    ...image,
    ...placeholder,
    ...(without && { alt: undefined, altDraft: without.altDraft, place: without.place }),
    name: image.name,
    inputs: [...new Set([image, ...pictures].flatMap((one) => one.inputs))],
    scenes: undefined,
    languages,
  }
}
