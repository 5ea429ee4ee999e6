import type { ResolvedImage } from '../pictures/resolved-image.ts'
import { drawAppIcons, type AppIconFile, type AppPlatform } from '../pixels/app-icons.ts'
import { hasAlpha } from '../pixels/blur-data-url.ts'
import type { Project } from './project.ts'

/** Which icons of an app are made. */
interface AppIconsOrder {
  readonly platforms: readonly AppPlatform[]
  /** The colour behind a cut-out: `#rrggbb`. */
  readonly background: string
}

/**
 * The icons of an app for iOS and Android, of one picture, as projects for Xcode and Android Studio hold them.
 * @throws {GeminiImageError} `RENDITION_FAILED` or `CORRUPT_OBJECT`.
 */
export async function appIcons(
  { rendering }: Project,
  image: ResolvedImage,
  { platforms, background }: AppIconsOrder,
): Promise<readonly AppIconFile[]> {
  const subject = await rendering.subjectOf(image)
  await subject.assertSound()
  const isCutOut = hasAlpha(image.look)
  const files = await drawAppIcons({ ...subject, isCutOut }, platforms, background)
  await subject.assertSound()
  return files
}
