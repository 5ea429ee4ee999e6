import path from 'node:path'
import {
  openObjectStore,
  scaleDown,
  type ObjectStore,
  type ResolvedOptions,
} from '@gemini-image/core/internal'
import type { SheetImage, SheetPicture } from './pictures.ts'

/** A picture as the page shows it. */
export interface Thumbnail {
  readonly label: string
  /** A data URI: the page has to open anywhere. */
  readonly src: string
  /** Of the picture itself, in pixels. */
  readonly width: number
  /** Of the picture itself, in pixels. */
  readonly height: number
  /** Of the picture itself. */
  readonly bytes: number
}

/** A picture of the sheet with all that the page shows. */
export interface ShownPicture extends Omit<SheetPicture, 'images'> {
  readonly thumbnails: readonly Thumbnail[]
}

/** Longest sides in pixels: twice of what a column shows, and of what stands beside it. */
const LARGE = 480
const SMALL = 160

/**
 * Reads pictures and makes them small, one after another, so that a thousand large ones take no more
 * memory than one.
 */
export async function* withThumbnails(
  pictures: readonly SheetPicture[],
  { storeDir, cacheDir, commitsStore }: ResolvedOptions,
): AsyncGenerator<ShownPicture> {
  const store = openObjectStore(storeDir, path.join(cacheDir, 'verified.json'), commitsStore)
  for (const { images, ...picture } of pictures) {
    const { thumbnails, problem } = await readAll(images, store)
    const broken = problem === undefined ? {} : { state: 'broken' as const, problem }
    yield { ...picture, ...broken, thumbnails }
  }
}

/** What is not the picture that was pinned is told in its place, and not shown. */
async function readAll(
  images: readonly SheetImage[],
  store: ObjectStore,
): Promise<{ readonly thumbnails: readonly Thumbnail[]; readonly problem?: string }> {
  const thumbnails: Thumbnail[] = []
  for (const [index, { image, label }] of images.entries()) {
    if (!store.has(image.file)) continue
    try {
      const bytes = await store.read(image)
      const small = await scaleDown(bytes, index === 0 ? LARGE : SMALL, 'webp')
      const src = `data:${small.type};base64,${Buffer.from(small.bytes).toString('base64')}`
      const { width, height } = image
      thumbnails.push({ label, src, width, height, bytes: bytes.length })
    } catch (error) {
      return { thumbnails, problem: error instanceof Error ? error.message : String(error) }
    }
  }
  return { thumbnails }
}
