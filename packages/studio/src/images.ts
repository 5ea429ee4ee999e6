import path from 'node:path'
import type { Project } from '@gemini-image/core'
import { openFiles, scaleDown, type StoredObject } from '@gemini-image/core/internal'
import type { ShownImage } from './protocol.ts'

/** Longest sides of thumbnails in pixels: a page chooses the next larger one. */
const LONGEST_SIDES = [320, 640, 1280] as const

/** A picture's file as a browser takes it. */
export interface ServedImage {
  readonly bytes: Uint8Array
  readonly type: string
}

/** How the bytes of a shown picture are read, and held against what was pinned. */
type Read = () => Promise<Uint8Array>

/**
 * The pictures that the page was told of, and no other file: nothing that a request says is a path.
 */
export class Images {
  readonly #known = new Map<string, Read>()
  readonly #making = new Map<string, Promise<Uint8Array>>()

  /** Lets the page show an object of the store. */
  show(
    image: StoredObject & { readonly width: number; readonly height: number },
    { store }: Pick<Project, 'store'>,
  ): ShownImage | undefined {
    if (!store.has(image.file)) return undefined
    this.#known.set(image.object, () => store.read(image))
    return { key: image.object, width: image.width, height: image.height }
  }

  /** Lets the page show a picture that lies elsewhere. @param key Its SHA-256. */
  showOther(key: string, read: Read): void {
    this.#known.set(key, read)
  }

  /** A picture as it is; `undefined` where the page was not told of it. */
  async original(key: string): Promise<ServedImage | undefined> {
    const bytes = await this.#known.get(key)?.()
    return bytes && { bytes, type: typeOf(bytes) }
  }

  /**
   * A picture made small enough to be quick. It is kept in the cache folder.
   * @param width What a page wants, in pixels.
   */
  async thumbnail(
    key: string,
    width: number,
    { options }: Pick<Project, 'options'>,
  ): Promise<ServedImage | undefined> {
    const read = this.#known.get(key)
    if (!read) return undefined
    const side = LONGEST_SIDES.find((one) => one >= width) ?? LONGEST_SIDES[2]
    const file = path.join(options.cacheDir, 'thumbnails', `${key}-${side}.webp`)
    const making = this.#making.get(file) ?? makeOnce(file, read, side, options.cacheDir)
    this.#making.set(file, making)
    try {
      return { bytes: await making, type: 'image/webp' }
    } finally {
      this.#making.delete(file)
    }
  }
}

async function makeOnce(
  file: string,
  read: Read,
  side: number,
  cacheDir: string,
): Promise<Uint8Array> {
  const files = openFiles(cacheDir)
  const kept = await files.readBytes('cache', file).catch(() => undefined)
  if (kept) return kept
  const { bytes } = await scaleDown(await read(), side, 'webp')
  // Whoever looks on need not wait for it, and does without where it cannot be kept.
  await files.write('cache', file, bytes).catch(() => undefined)
  return bytes
}

function typeOf(bytes: Uint8Array): string {
  if (bytes[0] === 0x89) return 'image/png'
  return bytes[0] === 0x52 ? 'image/webp' : 'image/jpeg'
}
