import type { DeclarationId } from '../declare/declaration.ts'
import type { ResolvedImage } from './resolved-image.ts'

/** A picture with the pictures of its scenes. */
export async function withScenes(
  image: ResolvedImage,
  find: (id: DeclarationId) => Promise<ResolvedImage>,
): Promise<ResolvedImage> {
  if (!image.scenes) return image
  const scenes = image.scenes.map(async (scene) =>
    scene.id === undefined ? scene : { ...scene, image: await find(scene.id) },
  )
  return { ...image, scenes: await Promise.all(scenes) }
}

/** The same at once; `undefined` where one of them is not at hand, or it is one picture for each language. */
export function withScenesAtHand(
  image: ResolvedImage | undefined,
  at: (id: DeclarationId) => ResolvedImage | undefined,
): ResolvedImage | undefined {
  if (image?.languages) return undefined
  if (!image?.scenes) return image
  const scenes = image.scenes.map((scene) =>
    scene.id === undefined ? scene : { ...scene, image: at(scene.id) },
  )
  return scenes.every(({ isCropped, image: found }) => isCropped || found)
    ? { ...image, scenes }
    : undefined
}
